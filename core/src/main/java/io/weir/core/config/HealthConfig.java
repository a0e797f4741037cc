package io.weir.core.config;

import io.weir.firewall.config.StatusRange;
import io.weir.tls.UpstreamTlsConfig;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Active checks of a pool's backends.
 *
 * @param every from the start of one check to the next, before jitter
 * @param timeout after which a check counts as failed; at most {@code every}
 * @param rise checks in a row that must pass before a backend that was down is up
 * @param fall checks in a row that must fail before a backend that was up is down
 */
public record HealthConfig(Probe probe, Duration every, Duration timeout, int rise, int fall) {
  public static final Duration DEFAULT_EVERY = Duration.ofSeconds(5);
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);
  public static final int DEFAULT_RISE = 2;
  public static final int DEFAULT_FALL = 3;

  public HealthConfig {
    Check.positive("every", every);
    Check.positive("timeout", timeout);
    Check.range("rise", rise, 1, 100);
    Check.range("fall", fall, 1, 100);
    Check.that(
        timeout.compareTo(every) <= 0,
        "timeout: "
            + Check.inWords(timeout)
            + " (expected: at most every, "
            + Check.inWords(every)
            + ")");
  }

  /** What a check does. */
  public sealed interface Probe {}

  /** Connects, and with a pool that speaks TLS completes the handshake. */
  public record Tcp() implements Probe {}

  /**
   * Connects and completes a TLS handshake, also where the pool itself speaks no TLS because it
   * passes on that of its clients.
   *
   * @param tls how; null: as the pool does, else verified against the system's authorities
   */
  public record Tls(@Nullable UpstreamTlsConfig tls) implements Probe {}

  /** Reads the greeting of a server of MySQL or MariaDB, and does not log in. */
  public record MySql() implements Probe {}

  /**
   * Sends {@code GET path} and looks at the status.
   *
   * @param path starts with a slash
   * @param host the Host header; empty means the backend's address
   */
  public record Http(String path, String host, List<StatusRange> status) implements Probe {
    public Http {
      Check.that(
          path.startsWith("/") && path.chars().allMatch(c -> c > ' ' && c < 127),
          "path: \"" + path + "\" (expected: / and printable characters without spaces)");
      checkHost(host);
      status = List.copyOf(status);
    }

    public boolean accepts(int code) {
      return status.stream().anyMatch(range -> range.holds(code));
    }
  }

  /**
   * Calls {@code grpc.health.v1.Health/Check}; only for backends that speak HTTP/2.
   *
   * @param service that must be serving, at most 100 bytes; empty asks for the server as a whole
   * @param host the authority; empty means the backend's address
   */
  public record Grpc(String service, String host) implements Probe {
    private static final int LONGEST_SERVICE = 100; // a message of the check stays below 128 bytes

    public Grpc {
      Check.that(
          service.length() <= LONGEST_SERVICE && service.chars().allMatch(c -> c > ' ' && c < 127),
          "service: \"" + service + "\" (expected: at most 100 printable characters)");
      checkHost(host);
    }
  }

  private static void checkHost(String host) {
    Check.that(
        host.chars().allMatch(c -> c > ' ' && c < 127),
        "host: \"" + host + "\" (expected: printable characters without spaces)");
  }
}
