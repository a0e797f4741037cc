package io.weir.tls;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A certificate authority that lives for a test. */
public final class TestAuthority {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration MONTH = Duration.ofDays(30);

  private final String name;
  private final KeyPair pair;
  private final X509Certificate certificate;

  private TestAuthority(String name, KeyPair pair, X509Certificate certificate) {
    this.name = name;
    this.pair = pair;
    this.certificate = certificate;
  }

  /** Kinds of keys. */
  public enum Kind {
    EC("EC", 256),
    EC_384("EC", 384),
    EC_521("EC", 521),
    RSA("RSA", 2048),
    ED25519("Ed25519", 255);

    private final String algorithm;
    private final int size;

    Kind(String algorithm, int size) {
      this.algorithm = algorithm;
      this.size = size;
    }

    KeyPair pair() {
      try {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(size, RANDOM);
        return generator.generateKeyPair();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** A root. */
  public static TestAuthority create(String name) {
    try {
      KeyPair pair = Kind.EC.pair();
      X509Certificate certificate =
          new CertificateBuilder()
              .subject(name)
              .authority()
              .valid(Instant.now().minus(MONTH), Instant.now().plus(MONTH))
              .selfSigned(pair, RANDOM);
      return new TestAuthority(name, pair, certificate);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An authority that this one vouches for. */
  public TestAuthority intermediate(String name) {
    KeyPair pair = Kind.EC.pair();
    CertificateBuilder builder = new CertificateBuilder().subject(name).authority();
    return new TestAuthority(name, pair, sign(builder, pair, Instant.now().minus(MONTH)));
  }

  public String name() {
    return name;
  }

  public String pem() {
    return pem(certificate);
  }

  /** For DNS names and IPv4 addresses, valid now, with an EC key. */
  public CertificatePem issue(String... names) {
    return issue(Kind.EC, names);
  }

  public CertificatePem issue(Kind kind, String... names) {
    return issue(kind, Instant.now().minus(MONTH), names);
  }

  /** Expired yesterday. */
  public CertificatePem issueExpired(String... names) {
    return issue(Kind.EC, Instant.now().minus(MONTH).minus(MONTH).minus(Duration.ofDays(1)), names);
  }

  /** Valid from tomorrow. */
  public CertificatePem issueForTomorrow(String... names) {
    return issue(Kind.EC, Instant.now().plus(Duration.ofDays(1)), names);
  }

  private CertificatePem issue(Kind kind, Instant from, String... names) {
    return issue(kind.pair(), from, names);
  }

  CertificatePem issue(KeyPair leaf, Instant from, String... names) {
    CertificateBuilder builder =
        new CertificateBuilder()
            .subject(names.length == 0 ? "nameless" : names[0])
            .names(List.of(names));
    return new CertificatePem(
        pem(sign(builder, leaf, from)), Pem.write("PRIVATE KEY", leaf.getPrivate().getEncoded()));
  }

  private X509Certificate sign(CertificateBuilder builder, KeyPair leaf, Instant from) {
    try {
      return builder
          .valid(from, from.plus(MONTH).plus(MONTH))
          .signedBy(certificate, pair.getPrivate(), leaf.getPublic(), RANDOM);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String pem(X509Certificate certificate) {
    try {
      return Pem.write("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
