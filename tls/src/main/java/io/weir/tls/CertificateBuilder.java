package io.weir.tls;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Makes X.509 certificates (RFC 5280), for a first start without files and for tests.
 *
 * <p>The JDK has no public way to make one, and the libraries that do are larger than Weir; the
 * structure is a few nested sequences, so it is written out here.
 */
final class CertificateBuilder {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final int SERIAL_BITS = 127; // positive and at most 20 octets, section 4.1.2.2

  private String subject = "Weir";
  private Instant notBefore = Instant.EPOCH;
  private Instant notAfter = Instant.EPOCH;
  private boolean authority;
  private List<String> names = List.of();

  CertificateBuilder subject(String commonName) {
    subject = commonName;
    return this;
  }

  CertificateBuilder valid(Instant from, Instant until) {
    notBefore = from;
    notAfter = until;
    return this;
  }

  /** A certificate that may sign others. */
  CertificateBuilder authority() {
    authority = true;
    return this;
  }

  /** DNS names and IPv4 addresses. */
  CertificateBuilder names(List<String> dnsNamesOrAddresses) {
    names = List.copyOf(dnsNamesOrAddresses);
    return this;
  }

  X509Certificate selfSigned(KeyPair pair, SecureRandom random) throws GeneralSecurityException {
    return sign(pair.getPublic(), commonName(subject), pair.getPrivate(), random);
  }

  X509Certificate signedBy(
      X509Certificate issuer, PrivateKey issuerKey, PublicKey publicKey, SecureRandom random)
      throws GeneralSecurityException {
    return sign(publicKey, issuer.getSubjectX500Principal().getEncoded(), issuerKey, random);
  }

  private X509Certificate sign(
      PublicKey publicKey, byte[] issuer, PrivateKey issuerKey, SecureRandom random)
      throws GeneralSecurityException {
    boolean rsa = issuerKey.getAlgorithm().equals("RSA");
    boolean ec = issuerKey.getAlgorithm().equals("EC");
    byte[] algorithm =
        rsa
            ? Der.sequence(Der.oid("1.2.840.113549.1.1.11"), Der.nothing())
            : Der.sequence(Der.oid(ec ? "1.2.840.10045.4.3.2" : PrivateKeys.ED25519));
    byte[] body =
        Der.sequence(
            Der.element(0xa0, Der.integer(BigInteger.TWO)), // version 3
            Der.integer(new BigInteger(SERIAL_BITS, random).setBit(0)),
            algorithm,
            issuer,
            Der.sequence(time(notBefore), time(notAfter)),
            commonName(subject),
            publicKey.getEncoded(),
            Der.element(0xa3, Der.sequence(extensions())));
    Signature signature =
        Signature.getInstance(rsa ? "SHA256withRSA" : ec ? "SHA256withECDSA" : "Ed25519");
    signature.initSign(issuerKey, random);
    signature.update(body);
    byte[] whole = Der.sequence(body, algorithm, Der.bits(signature.sign()));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(whole));
  }

  private byte[][] extensions() {
    List<byte[]> extensions = new ArrayList<>();
    byte[] constraints = authority ? Der.sequence(Der.bool(true)) : Der.sequence();
    extensions.add(Der.sequence(Der.oid("2.5.29.19"), Der.bool(true), Der.octets(constraints)));
    if (authority) {
      byte[] signsCertificates = Der.element(Der.BIT_STRING, new byte[] {2, 0x04}); // keyCertSign
      extensions.add(
          Der.sequence(Der.oid("2.5.29.15"), Der.bool(true), Der.octets(signsCertificates)));
    }
    if (!names.isEmpty()) {
      byte[][] alternatives =
          names.stream().map(CertificateBuilder::alternative).toArray(byte[][]::new);
      extensions.add(Der.sequence(Der.oid("2.5.29.17"), Der.octets(Der.sequence(alternatives))));
    }
    return extensions.toArray(byte[][]::new);
  }

  private static byte[] alternative(String name) {
    if (!IPV4.matcher(name).matches()) {
      return Der.element(0x82, name.getBytes(StandardCharsets.US_ASCII));
    }
    String[] octets = name.split("\\.", -1);
    byte[] address = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      address[i] = (byte) Integer.parseInt(octets[i]);
    }
    return Der.element(0x87, address);
  }

  private static byte[] commonName(String name) {
    byte[] utf8 = Der.element(0x0c, name.getBytes(StandardCharsets.UTF_8));
    return Der.sequence(Der.set(Der.sequence(Der.oid("2.5.4.3"), utf8)));
  }

  // UTCTime until 2049 and GeneralizedTime from 2050, as section 4.1.2.5 demands.
  private static byte[] time(Instant instant) {
    String text = TIME.format(instant);
    boolean early = text.compareTo("2050") < 0;
    byte[] ascii = (early ? text.substring(2) : text).getBytes(StandardCharsets.US_ASCII);
    return Der.element(early ? 0x17 : 0x18, ascii);
  }
}
