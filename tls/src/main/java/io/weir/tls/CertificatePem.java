package io.weir.tls;

/**
 * A certificate chain and its private key as PEM text, exactly as the user wrote them.
 *
 * @param certificate the leaf first, then its intermediates
 * @param key PKCS#8, PKCS#1 or SEC1, not encrypted; never printed
 */
public record CertificatePem(String certificate, String key) {

  @Override
  public String toString() {
    return "CertificatePem[certificate=" + certificate.length() + " characters, key=redacted]";
  }
}
