package io.weir.tls;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a listener terminates TLS.
 *
 * @param certificates by the user's name for them, in the user's order: the first is the default
 * @param unknownName what becomes of a client that asks for a name no certificate has, or for none
 * @param minVersion the oldest version spoken; TLS 1.3 always is
 * @param alpn the protocols offered, the preferred one first; may be empty
 */
public record ServerTlsConfig(
    Map<String, CertificatePem> certificates,
    UnknownName unknownName,
    TlsVersion minVersion,
    List<String> alpn,
    ClientAuthConfig clientAuth) {

  public ServerTlsConfig {
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("no certificate (expected: at least one)");
    }
    certificates = Collections.unmodifiableMap(new LinkedHashMap<>(certificates));
    alpn = List.copyOf(alpn);
  }

  /** TLS 1.2 and 1.3, HTTP/1.1, the first certificate for unknown names, no client certificates. */
  public static ServerTlsConfig of(Map<String, CertificatePem> certificates) {
    return new ServerTlsConfig(
        certificates,
        UnknownName.DEFAULT,
        TlsVersion.TLSv1_2,
        List.of("http/1.1"),
        ClientAuthConfig.NONE);
  }

  /** What to do with a server name that no certificate is for. */
  public enum UnknownName {
    /** Serve the first certificate. */
    DEFAULT,
    /** End the handshake with an alert, also if the client sent no name. */
    REFUSE
  }
}
