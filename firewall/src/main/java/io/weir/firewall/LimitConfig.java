package io.weir.firewall;

import java.util.List;

/**
 * A rate limit for each value of a key.
 *
 * @param key its parts, together; the compiler refuses a limit without one
 * @param burst how many requests may come at once; at least 1
 */
public record LimitConfig(List<KeyPart> key, Rate rate, long burst) {
  public LimitConfig {
    key = List.copyOf(key);
    Checks.check(burst >= 1, "burst", burst, "at least 1");
  }

  /** The usual burst is the rate's count. */
  public LimitConfig(List<KeyPart> key, Rate rate) {
    this(key, rate, rate.count());
  }
}
