package io.weir.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Trust in the authorities of a PEM text, and in no others; or in those of the system. */
final class Trust {

  private Trust() {}

  /**
   * @param what names the text in problems
   */
  static TrustManager in(TlsProvider provider, String pem, String what)
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
    return manager(provider, store);
  }

  static TrustManager inTheSystems(TlsProvider provider) throws GeneralSecurityException {
    return manager(provider, null);
  }

  private static TrustManager manager(TlsProvider provider, @Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager extended) {
        return provider == TlsProvider.BORINGSSL ? new TellingTrust(extended) : extended;
      }
    }
    throw new GeneralSecurityException("no trust manager for X.509 certificates");
  }
}
