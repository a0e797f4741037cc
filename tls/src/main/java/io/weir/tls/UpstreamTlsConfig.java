package io.weir.tls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a pool speaks TLS to its backends.
 *
 * @param serverName sent as SNI and expected in the certificate; null: the backend's host
 * @param caPem the authorities to trust; null: those of the system
 * @param client shown to backends that ask; null: none
 * @param verify false accepts any certificate of any name, which is loud everywhere it is shown
 * @param alpn the protocols offered, the preferred one first; may be empty
 */
public record UpstreamTlsConfig(
    @Nullable String serverName,
    @Nullable String caPem,
    @Nullable CertificatePem client,
    boolean verify,
    List<String> alpn) {

  /** Verified against the system's authorities, HTTP/1.1. */
  public static final UpstreamTlsConfig DEFAULT =
      new UpstreamTlsConfig(null, null, null, true, List.of("http/1.1"));

  public UpstreamTlsConfig {
    alpn = List.copyOf(alpn);
  }

  /** The same with other protocols. */
  public UpstreamTlsConfig offering(List<String> protocols) {
    return new UpstreamTlsConfig(serverName, caPem, client, verify, protocols);
  }
}
