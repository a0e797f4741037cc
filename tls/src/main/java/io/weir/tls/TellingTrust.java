package io.weir.tls;

import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.internal.tcnative.CertificateVerifier;
import java.net.Socket;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The JDK's judgement of certificates in the words of BoringSSL, which chooses the alert by them:
 * what it is not told is internal_error, and whose certificate was refused looks for the fault with
 * us.
 */
final class TellingTrust extends X509ExtendedTrustManager {
  private static final int DEEPEST = 10; // causes; a chain can be circular

  private final X509ExtendedTrustManager judge;

  TellingTrust(X509ExtendedTrustManager judge) {
    this.judge = judge;
  }

  private interface Check {
    void run() throws CertificateException;
  }

  private static void telling(Check check) throws CertificateException {
    try {
      check.run();
    } catch (CertificateException e) {
      // Netty makes an exception of its own, without a code, of one that begins as the JDK's does.
      throw new OpenSslCertificateException("not believed: " + e.getMessage(), e, code(e));
    }
  }

  private static int code(CertificateException refusal) {
    Throwable cause = refusal;
    for (int depth = 0; depth < DEEPEST && cause != null; depth++) {
      switch (cause) {
        case CertificateExpiredException expired -> {
          return CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED;
        }
        case CertificateNotYetValidException early -> {
          return CertificateVerifier.X509_V_ERR_CERT_NOT_YET_VALID;
        }
        case CertPathValidatorException path when path.getReason() == BasicReason.REVOKED -> {
          return CertificateVerifier.X509_V_ERR_CERT_REVOKED;
        }
        case CertPathBuilderException nobodys -> {
          return CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
        }
        default -> cause = cause.getCause();
      }
    }
    if (refusal.getCause() instanceof CertPathValidatorException) { // its issuer or its signature
      return CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
    }
    // Believed, but for another use or another name; the JDK's words are the only sign.
    String words = String.valueOf(refusal.getMessage()).toLowerCase(Locale.ROOT);
    return words.contains("key usage")
        ? CertificateVerifier.X509_V_ERR_INVALID_PURPOSE
        : CertificateVerifier.X509_V_ERR_CERT_REJECTED;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    telling(() -> judge.checkClientTrusted(chain, type, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    telling(() -> judge.checkServerTrusted(chain, type, engine));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    telling(() -> judge.checkClientTrusted(chain, type, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    telling(() -> judge.checkServerTrusted(chain, type, socket));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    telling(() -> judge.checkClientTrusted(chain, type));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    telling(() -> judge.checkServerTrusted(chain, type));
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return judge.getAcceptedIssuers();
  }
}
