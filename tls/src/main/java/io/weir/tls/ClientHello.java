package io.weir.tls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client says before anything is encrypted (RFC 8446 section 4.1.2).
 *
 * @param serverName lower case, without a final dot; null if it sent none
 * @param alpn the protocols it offers, the preferred one first
 * @param maxVersion the newest version it offers as on the wire: 0x0303 is TLS 1.2, 0x0304 is 1.3
 * @param length bytes of the message, without record headers
 * @param ja4 the client's fingerprint; null where nobody {@linkplain
 *     ClientHelloCallback#wantsFingerprint wanted} it
 */
public record ClientHello(
    @Nullable String serverName,
    List<String> alpn,
    int maxVersion,
    int length,
    @Nullable String ja4) {

  public ClientHello {
    alpn = List.copyOf(alpn);
  }
}
