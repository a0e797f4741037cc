package io.weir.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A certificate that has been read and fits its key.
 *
 * @param chain the leaf first; never empty
 * @param key the leaf's private key
 * @param names the DNS names that it is for (subjectAltName; the CN is not one), lower case, in its
 *     order; may hold {@code *.foobar.com}
 * @param notAfter when it expires
 */
public record LoadedCertificate(
    List<X509Certificate> chain, PrivateKey key, List<String> names, Instant notAfter) {

  public LoadedCertificate {
    chain = List.copyOf(chain);
    names = List.copyOf(names);
  }

  public X509Certificate leaf() {
    return chain.getFirst();
  }

  @Override
  public String toString() {
    return "LoadedCertificate[names=" + names + ", notAfter=" + notAfter + ", key=redacted]";
  }
}
