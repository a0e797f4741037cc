package io.weir.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Private keys out of PEM blocks: PKCS#8 (RFC 5208), PKCS#1 (RFC 8017) and SEC1 (RFC 5915).
 *
 * <p>The JDK reads PKCS#8 only, so the two older forms are put into the PKCS#8 envelope first:
 * version, algorithm, and the old encoding as it is.
 */
final class PrivateKeys {

  static final String RSA = "1.2.840.113549.1.1.1";
  static final String EC = "1.2.840.10045.2.1";
  static final String ED25519 = "1.3.101.112";

  private static final int EC_PARAMETERS_TAG = 0xa0; // [0], explicit
  private static final String CONVERT = "openssl pkey -in old.key -out new.key writes PKCS#8";

  private PrivateKeys() {}

  /** The one key in {@code blocks}, or null after adding to {@code problems} why not. */
  static @Nullable PrivateKey find(List<Pem.Block> blocks, List<TlsProblem> problems) {
    Pem.@Nullable Block key = null;
    byte @Nullable [] curve = null;
    for (Pem.Block block : blocks) {
      if (block.label.equals("EC PARAMETERS")) {
        curve = block.der;
      } else if (block.label.endsWith("PRIVATE KEY")) {
        if (key != null) {
          problems.add(
              TlsProblem.error("more than one private key", "keep the certificate's key only"));
          return null;
        }
        key = block;
      }
    }
    if (key == null) {
      problems.add(
          TlsProblem.error(
              "no private key in the key file", "expected a block -----BEGIN PRIVATE KEY-----"));
      return null;
    }
    byte[] der = key.der;
    if (der == null || key.label.equals("ENCRYPTED PRIVATE KEY")) {
      problems.add(
          TlsProblem.error(
              "the private key is encrypted, which is not supported",
              "decrypt it with: openssl pkey -in encrypted.key -out plain.key"));
      return null;
    }
    return parse(key.label, der, curve, problems);
  }

  private static @Nullable PrivateKey parse(
      String label, byte[] der, byte @Nullable [] curve, List<TlsProblem> problems) {
    try {
      byte[] pkcs8 =
          switch (label) {
            case "PRIVATE KEY" -> der;
            case "RSA PRIVATE KEY" -> envelope(Der.sequence(Der.oid(RSA), Der.nothing()), der);
            case "EC PRIVATE KEY" -> envelope(Der.sequence(Der.oid(EC), curveOf(der, curve)), der);
            default -> null;
          };
      if (pkcs8 == null) {
        problems.add(
            TlsProblem.error(
                label + " is not a supported kind of private key", "use RSA, EC or Ed25519"));
        return null;
      }
      return KeyFactory.getInstance(algorithm(pkcs8))
          .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // Words of our own: what a parser says of a key could quote the key.
      problems.add(
          TlsProblem.error(
              "the " + label + " block does not hold a private key that can be used",
              "RSA, EC on P-256, P-384 or P-521, and Ed25519 are supported; " + CONVERT));
      return null;
    }
  }

  private static String algorithm(byte[] pkcs8) {
    Der.Element info = only(Der.read(pkcs8));
    Der.Element identifier = at(Der.read(info.content), 1);
    byte[] oid = at(Der.read(identifier.content), 0).encoded();
    if (Arrays.equals(oid, Der.oid(RSA))) {
      return "RSA";
    }
    if (Arrays.equals(oid, Der.oid(EC))) {
      return "EC";
    }
    if (Arrays.equals(oid, Der.oid(ED25519))) {
      return "Ed25519";
    }
    throw new IllegalArgumentException("unknown key algorithm");
  }

  private static byte[] envelope(byte[] algorithm, byte[] key) {
    return Der.sequence(Der.integer(BigInteger.ZERO), algorithm, Der.octets(key));
  }

  /** The curve's name: inside the key as openssl writes it, else from the block before it. */
  private static byte[] curveOf(byte[] sec1, byte @Nullable [] parametersBlock) {
    for (Der.Element field : Der.read(only(Der.read(sec1)).content)) {
      if (field.tag == EC_PARAMETERS_TAG) {
        return field.content;
      }
    }
    if (parametersBlock == null) {
      throw new IllegalArgumentException("an EC key that does not name its curve");
    }
    return parametersBlock;
  }

  private static Der.Element only(List<Der.Element> elements) {
    if (elements.size() != 1 || elements.getFirst().tag != Der.SEQUENCE) {
      throw new IllegalArgumentException("not one sequence");
    }
    return elements.getFirst();
  }

  private static Der.Element at(List<Der.Element> elements, int index) {
    if (index >= elements.size()) {
      throw new IllegalArgumentException("a field is missing");
    }
    return elements.get(index);
  }
}
