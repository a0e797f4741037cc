package io.weir.core.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a listener terminates TLS.
 *
 * @param certificates names under {@code certificates}; the first answers clients without a name
 * @param clientAuth null asks clients for no certificate
 * @param hsts null leaves it to the backends to say that there is only https
 * @param ja4 whether clients' fingerprints are found out even where no rule asks for them
 */
public record ListenerTlsConfig(
    List<String> certificates,
    UnknownName unknownName,
    MinVersion minVersion,
    @Nullable ClientAuth clientAuth,
    @Nullable HstsConfig hsts,
    boolean ja4) {

  public ListenerTlsConfig {
    certificates = List.copyOf(certificates);
    Check.that(!certificates.isEmpty(), "certificates: none (expected: at least one name)");
  }

  /** Whose clients' fingerprints are found out only where a rule asks for them. */
  public ListenerTlsConfig(
      List<String> certificates,
      UnknownName unknownName,
      MinVersion minVersion,
      @Nullable ClientAuth clientAuth,
      @Nullable HstsConfig hsts) {
    this(certificates, unknownName, minVersion, clientAuth, hsts, false);
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
