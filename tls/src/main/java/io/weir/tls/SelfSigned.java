package io.weir.tls;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A certificate that vouches for itself: for a demo and for tests, made in a few milliseconds. */
public final class SelfSigned {

  // Clients whose clock is a little behind still accept it.
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

  private SelfSigned() {}

  /**
   * An ECDSA P-256 certificate.
   *
   * @param names DNS names and IPv4 addresses, at least one
   * @param validity how long it lasts from {@code now}
   */
  public static CertificatePem create(
      List<String> names, Duration validity, Instant now, SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair pair = generator.generateKeyPair();
      X509Certificate certificate =
          new CertificateBuilder()
              .subject(names.getFirst())
              .names(names)
              .valid(now.minus(CLOCK_SKEW), now.plus(validity))
              .selfSigned(pair, random);
      return new CertificatePem(
          Pem.write("CERTIFICATE", certificate.getEncoded()),
          Pem.write("PRIVATE KEY", pair.getPrivate().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JDK has P-256
    }
  }
}
