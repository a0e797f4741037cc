package io.weir.firewall.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rate limit for each value of a key.
 *
 * @param key its parts, together; the compiler refuses a limit without one
 * @param burst how many may come at once; at least 1
 * @param per what is counted
 * @param then what follows on refusals; null for nothing
 * @param headers whether clients are told where they stand
 */
public record LimitConfig(
    List<KeyPart> key, Rate rate, long burst, Per per, @Nullable BanAfter then, boolean headers) {

  /** What a limit counts. */
  public enum Per {
    REQUEST("request"),
    /** Connections of all listeners, when they are accepted. */
    CONNECTION("connection");

    private final String label;

    Per(String label) {
      this.label = label;
    }

    /** The word of the configuration file. */
    public String label() {
      return label;
    }
  }

  public LimitConfig {
    key = List.copyOf(key);
    Checks.check(burst >= 1, "burst", burst, "at least 1");
    Checks.check(
        !headers || per == Per.REQUEST,
        "headers",
        headers,
        "false with per: connection, since there is no answer to put them on");
  }

  /** Of which clients are told nothing. */
  public LimitConfig(List<KeyPart> key, Rate rate, long burst, Per per, @Nullable BanAfter then) {
    this(key, rate, burst, per, then, false);
  }

  /** Of requests. */
  public LimitConfig(List<KeyPart> key, Rate rate, long burst) {
    this(key, rate, burst, Per.REQUEST, null);
  }

  /** Of requests; the usual burst is the rate's count. */
  public LimitConfig(List<KeyPart> key, Rate rate) {
    this(key, rate, rate.count());
  }

  /** The same with consequences. */
  public LimitConfig then(BanAfter consequence) {
    return new LimitConfig(key, rate, burst, per, consequence, headers);
  }

  /** The same for connections. */
  public LimitConfig perConnection() {
    return new LimitConfig(key, rate, burst, Per.CONNECTION, then, headers);
  }
}
