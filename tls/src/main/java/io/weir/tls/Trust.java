package io.weir.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;

/** Trust in the authorities of a PEM text, and in no others. */
final class Trust {

  private Trust() {}

  /**
   * @param what names the text in problems
   */
  static TrustManagerFactory in(String pem, String what)
      throws GeneralSecurityException, TlsConfigException {
    List<TlsProblem> problems = new ArrayList<>();
    List<X509Certificate> authorities = KeyPairLoader.certificates(pem, what, problems);
    if (!problems.isEmpty()) {
      throw new TlsConfigException(problems);
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    try {
      store.load(null, null);
    } catch (IOException e) {
      throw new GeneralSecurityException(e); // nothing is read
    }
    for (int i = 0; i < authorities.size(); i++) {
      store.setCertificateEntry("authority-" + i, authorities.get(i));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory;
  }
}
