package io.weir.daemon.fetch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Trust in those authorities, and in no others. */
final class Authorities {
  private Authorities() {}

  /**
   * For clients.
   *
   * @throws IOException if the text holds no certificates
   */
  static SSLContext context(String pem) throws IOException {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      byte[] text = pem.getBytes(StandardCharsets.US_ASCII);
      int number = 0;
      for (Certificate authority :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(text))) {
        trusted.setCertificateEntry("authority-" + number++, authority);
      }
      if (number == 0) {
        throw new IOException("ca_file holds no certificate");
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("ca_file: " + e.getMessage(), e);
    }
  }
}
