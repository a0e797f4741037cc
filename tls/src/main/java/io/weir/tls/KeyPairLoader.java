package io.weir.tls;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a certificate chain and its key, and says everything that is wrong with them at once. */
public final class KeyPairLoader {

  private static final Set<String> CERTIFICATE_LABELS = Set.of("CERTIFICATE", "X509 CERTIFICATE");
  private static final int RSA_BITS = 2048; // the least that browsers and openssl accept
  private static final Duration EXPIRES_SOON = Duration.ofDays(14); // renewals come before that
  private static final int DNS_NAME = 2; // GeneralName.dNSName, RFC 5280 section 4.2.1.6

  private KeyPairLoader() {}

  /**
   * What came of it.
   *
   * @param certificate null if a problem is fatal
   * @param problems fatal ones and warnings
   */
  public record Result(@Nullable LoadedCertificate certificate, List<TlsProblem> problems) {
    public Result {
      problems = List.copyOf(problems);
    }
  }

  /** Reads a pair and compares its dates with {@code now}. */
  public static Result load(CertificatePem pem, Instant now) {
    List<TlsProblem> problems = new ArrayList<>();
    List<X509Certificate> chain = certificates(pem.certificate(), "certificate file", problems);
    List<Pem.Block> keyBlocks = blocks(pem.key(), "key file", problems);
    PrivateKey key = keyBlocks == null ? null : PrivateKeys.find(keyBlocks, problems);
    if (!chain.isEmpty()) {
      checkDates(chain, now, problems);
      checkOrder(chain, problems);
    }
    if (!chain.isEmpty() && key != null) {
      checkPair(chain, key, problems);
    }
    if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < RSA_BITS) {
      problems.add(
          TlsProblem.warning(
              "the RSA key has " + rsa.getModulus().bitLength() + " bits",
              "clients refuse keys of less than " + RSA_BITS));
    }
    if (chain.isEmpty() || key == null || problems.stream().anyMatch(TlsProblem::fatal)) {
      return new Result(null, problems);
    }
    X509Certificate leaf = chain.getFirst();
    LoadedCertificate loaded =
        new LoadedCertificate(chain, key, dnsNames(leaf), leaf.getNotAfter().toInstant());
    return new Result(loaded, problems);
  }

  /** What is odd about a certificate where clients are shown it, though backends may be. */
  public static List<TlsProblem> checkServing(LoadedCertificate certificate) {
    return certificate.names().isEmpty()
        ? List.of(
            TlsProblem.warning(
                "the certificate is for no DNS name (no subjectAltName)",
                "clients do not accept a common name; it is served only as the default"))
        : List.of();
  }

  /** What is wrong with a PEM text of authorities to trust; empty if nothing is. */
  public static List<TlsProblem> checkAuthorities(String pem) {
    List<TlsProblem> problems = new ArrayList<>();
    certificates(pem, "authorities", problems);
    return problems;
  }

  /** The certificates in a PEM text: a chain, or the authorities to trust. */
  static List<X509Certificate> certificates(String pem, String what, List<TlsProblem> problems) {
    List<X509Certificate> found = new ArrayList<>();
    List<Pem.Block> blocks = blocks(pem, what, problems);
    if (blocks == null) {
      return found;
    }
    for (Pem.Block block : blocks) {
      if (block.der == null || !CERTIFICATE_LABELS.contains(block.label)) {
        continue;
      }
      try {
        found.add(
            (X509Certificate)
                CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(block.der)));
      } catch (CertificateException e) {
        problems.add(
            TlsProblem.error(
                "certificate " + (found.size() + 1) + " in the " + what + " cannot be read",
                "openssl x509 -in FILE -noout -text shows whether it is whole"));
        return List.of();
      }
    }
    if (found.isEmpty()) {
      problems.add(
          TlsProblem.error(
              "no certificate in the " + what, "expected a block -----BEGIN CERTIFICATE-----"));
    }
    return found;
  }

  /** Null after adding to {@code problems} what is wrong. */
  private static @Nullable List<Pem.Block> blocks(
      String pem, String what, List<TlsProblem> problems) {
    try {
      return Pem.blocks(pem);
    } catch (IllegalArgumentException e) {
      problems.add(
          TlsProblem.error(
              "the " + what + " is not whole PEM: " + e.getMessage(), "was it cut when copied?"));
      return null;
    }
  }

  private static void checkDates(
      List<X509Certificate> chain, Instant now, List<TlsProblem> problems) {
    for (int i = 0; i < chain.size(); i++) {
      X509Certificate certificate = chain.get(i);
      String which = i == 0 ? "the certificate" : "certificate " + (i + 1) + " of the chain";
      Instant notAfter = certificate.getNotAfter().toInstant();
      Instant notBefore = certificate.getNotBefore().toInstant();
      if (now.isAfter(notAfter)) {
        problems.add(TlsProblem.warning(which + " expired at " + notAfter, "renew it"));
      } else if (Duration.between(now, notAfter).compareTo(EXPIRES_SOON) < 0) {
        problems.add(TlsProblem.warning(which + " expires soon, at " + notAfter, "renew it"));
      } else if (now.isBefore(notBefore)) {
        problems.add(
            TlsProblem.warning(
                which + " is not valid before " + notBefore, "is this machine's clock right?"));
      }
    }
  }

  private static void checkOrder(List<X509Certificate> chain, List<TlsProblem> problems) {
    for (int i = 1; i < chain.size(); i++) {
      if (!chain
          .get(i - 1)
          .getIssuerX500Principal()
          .equals(chain.get(i).getSubjectX500Principal())) {
        problems.add(
            TlsProblem.warning(
                "the chain is out of order: certificate "
                    + (i + 1)
                    + " did not issue certificate "
                    + i,
                "the server's certificate first, then each one's issuer; no other certificates"));
        return;
      }
    }
  }

  private static void checkPair(
      List<X509Certificate> chain, PrivateKey key, List<TlsProblem> problems) {
    if (belongs(chain.getFirst().getPublicKey(), key)) {
      return;
    }
    for (int i = 1; i < chain.size(); i++) {
      if (belongs(chain.get(i).getPublicKey(), key)) {
        problems.add(
            TlsProblem.error(
                "the private key belongs to certificate " + (i + 1) + ", not to the first",
                "put the server's certificate first"));
        return;
      }
    }
    problems.add(
        TlsProblem.error(
            "the private key does not belong to the certificate",
            "they must be of one pair: was one of them renewed without the other?"));
  }

  /** Whether the public key accepts what the private key signs: true of a pair of any kind. */
  private static boolean belongs(PublicKey publicKey, PrivateKey key) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "Ed25519";
        };
    byte[] challenge = publicKey.getEncoded();
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(challenge);
      byte[] signature = signer.sign();
      signer.initVerify(publicKey);
      signer.update(challenge);
      return signer.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // another kind of key
    }
  }

  private static List<String> dnsNames(X509Certificate leaf) {
    Set<String> names = new LinkedHashSet<>();
    try {
      Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> alternative : alternatives) {
          if (alternative.get(0) instanceof Integer type
              && type == DNS_NAME
              && alternative.get(1) instanceof String name) {
            names.add(ServerNames.normal(name));
          }
        }
      }
    } catch (CertificateException e) {
      return List.of(); // names that cannot be read are names that nobody asks for
    }
    return List.copyOf(names);
  }
}
