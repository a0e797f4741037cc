package io.weir.core.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a listener terminates TLS.
 *
 * @param certificates names under {@code certificates}; the first answers clients without a name
 * @param clientAuth null asks clients for no certificate
 * @param hsts null leaves it to the backends to say that there is only https
 */
public record ListenerTlsConfig(
    List<String> certificates,
    UnknownName unknownName,
    MinVersion minVersion,
    @Nullable ClientAuth clientAuth,
    @Nullable HstsConfig hsts) {

  public ListenerTlsConfig {
    certificates = List.copyOf(certificates);
    Check.that(!certificates.isEmpty(), "certificates: none (expected: at least one name)");
  }

  /** What to do with a server name that no certificate carries. */
  public enum UnknownName {
    DEFAULT,
    REFUSE
  }

  /** The oldest TLS version accepted. */
  public enum MinVersion {
    TLS_1_2,
    TLS_1_3
  }

  /**
   * Certificates of clients.
   *
   * @param caPem the authorities that they must chain to
   * @param required whether a client without one is refused
   */
  public record ClientAuth(String caPem, boolean required) {}
}
