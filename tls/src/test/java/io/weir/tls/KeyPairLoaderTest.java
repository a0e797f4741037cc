package io.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.weir.tls.TestAuthority.Kind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPairLoaderTest {

  private final TestAuthority authority = TestAuthority.create("Test Root");

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Kind.class)
  void readsPkcs8OfEveryKind(Kind kind) {
    LoadedCertificate loaded = loads(authority.issue(kind, "www.foobar.com"));
    assertThat(loaded.names()).containsExactly("www.foobar.com");
  }

  @Test
  void readsPkcs1AsOpensslWritesIt() {
    CertificatePem pem = authority.issue(Kind.RSA, "www.foobar.com");
    String pkcs1 = Openssl.run(pem.key(), "rsa", "-traditional");
    assertThat(pkcs1).startsWith("-----BEGIN RSA PRIVATE KEY-----");
    loads(new CertificatePem(pem.certificate(), pkcs1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"prime256v1", "secp384r1", "secp521r1"})
  void readsSec1WithTheParametersBlockThatOpensslPutsBeforeIt(String curve) throws Exception {
    String sec1 = Openssl.run("", "ecparam", "-name", curve, "-genkey");
    assertThat(sec1).contains("BEGIN EC PARAMETERS").contains("BEGIN EC PRIVATE KEY");
    loads(new CertificatePem(selfSignedFor(sec1), sec1));
  }

  @Test
  void readsSec1ThatNamesItsCurveInTheParametersBlockOnly() throws Exception {
    String sec1 = Openssl.run("", "ecparam", "-name", "prime256v1", "-genkey");
    String bare =
        Openssl.run(sec1, "ec", "-no_public")
            .replaceAll("(?s)-----BEGIN EC PARAMETERS.*?\\n-----END EC PARAMETERS-----\\n", "");
    Der.Element key = Der.read(Pem.blocks(bare).getFirst().der).getFirst();
    List<Der.Element> fields = Der.read(key.content);
    byte[] withoutCurve = Der.sequence(fields.get(0).encoded(), fields.get(1).encoded());
    String parameters = sec1.substring(0, sec1.indexOf("-----BEGIN EC PRIVATE KEY"));

    loads(
        new CertificatePem(
            selfSignedFor(sec1), parameters + Pem.write("EC PRIVATE KEY", withoutCurve)));
    assertThat(
            messages(
                new CertificatePem(selfSignedFor(sec1), Pem.write("EC PRIVATE KEY", withoutCurve))))
        .containsExactly("the EC PRIVATE KEY block does not hold a private key that can be used");
  }

  @Test
  void saysHowToDecryptAnEncryptedKeyOfEitherForm() {
    CertificatePem pem = authority.issue(Kind.RSA, "www.foobar.com");
    String pkcs8 = Openssl.run(pem.key(), "pkcs8", "-topk8", "-passout", "pass:secret");
    String old =
        Openssl.run(pem.key(), "rsa", "-traditional", "-aes256", "-passout", "pass:secret");
    for (String encrypted : List.of(pkcs8, old)) {
      KeyPairLoader.Result result = load(new CertificatePem(pem.certificate(), encrypted));
      assertThat(result.certificate()).isNull();
      assertThat(result.problems())
          .containsExactly(
              new TlsProblem(
                  true,
                  "the private key is encrypted, which is not supported",
                  "decrypt it with: openssl pkey -in encrypted.key -out plain.key"));
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void refusesAKeyOfAnotherCertificate(Kind kind) {
    CertificatePem one = authority.issue(kind, "www.foobar.com");
    for (Kind other : Kind.values()) {
      CertificatePem mixed =
          new CertificatePem(one.certificate(), authority.issue(other, "x.foobar.com").key());
      assertThat(messages(mixed))
          .containsExactly("the private key does not belong to the certificate");
    }
  }

  @Test
  void saysWhichCertificateTheKeyBelongsToIfItIsNotTheFirst() {
    CertificatePem pem = authority.issue("www.foobar.com");
    CertificatePem swapped = new CertificatePem(authority.pem() + pem.certificate(), pem.key());
    assertThat(messages(swapped))
        .contains("the private key belongs to certificate 2, not to the first");
  }

  @Test
  void keepsTheChainAndWarnsIfItIsOutOfOrder() {
    TestAuthority first = authority.intermediate("First");
    TestAuthority second = first.intermediate("Second");
    CertificatePem leaf = second.issue("www.foobar.com");

    LoadedCertificate loaded =
        loads(new CertificatePem(leaf.certificate() + second.pem() + first.pem(), leaf.key()));
    assertThat(loaded.chain()).hasSize(3);

    CertificatePem wrong =
        new CertificatePem(leaf.certificate() + first.pem() + second.pem(), leaf.key());
    KeyPairLoader.Result result = load(wrong);
    assertThat(result.certificate()).isNotNull();
    assertThat(result.problems())
        .extracting(TlsProblem::fatal, TlsProblem::message)
        .containsExactly(
            tuple(false, "the chain is out of order: certificate 2 did not issue certificate 1"));
  }

  @Test
  void warnsOfDatesAndServesAllTheSame() {
    KeyPairLoader.Result expired = load(authority.issueExpired("www.foobar.com"));
    assertThat(expired.certificate()).isNotNull();
    assertThat(expired.problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.fatal()).isFalse();
          assertThat(problem.message()).startsWith("the certificate expired at ");
        });
    KeyPairLoader.Result early = load(authority.issueForTomorrow("www.foobar.com"));
    assertThat(early.certificate()).isNotNull();
    assertThat(early.problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.fatal()).isFalse();
          assertThat(problem.message()).startsWith("the certificate is not valid before ");
        });
  }

  @Test
  void judgesDatesByTheTimeItIsGiven() {
    CertificatePem pem = authority.issue("www.foobar.com");
    assertThat(KeyPairLoader.load(pem, Instant.now().plus(Duration.ofDays(365))).problems())
        .extracting(TlsProblem::message)
        .singleElement()
        .asString()
        .startsWith("the certificate expired at");
  }

  @Test
  void warnsFromFourteenDaysBeforeItExpires() {
    CertificatePem pem = authority.issue("www.foobar.com");
    Instant end = loads(pem).notAfter();
    Instant fourteenDays = end.minus(Duration.ofDays(14));
    assertThat(KeyPairLoader.load(pem, fourteenDays).problems()).isEmpty();
    assertThat(KeyPairLoader.load(pem, fourteenDays.plusSeconds(1)).problems())
        .extracting(TlsProblem::message)
        .containsExactly("the certificate expires soon, at " + end);
  }

  @Test
  void warnsOfACertificateForNoNameWhereClientsAreShownIt() {
    assertThat(load(authority.issue()).problems()).isEmpty();
    assertThat(KeyPairLoader.checkServing(loads(authority.issue("www.foobar.com")))).isEmpty();
    assertThat(KeyPairLoader.checkServing(loads(authority.issue())))
        .extracting(TlsProblem::message)
        .containsExactly("the certificate is for no DNS name (no subjectAltName)");
  }

  @Test
  void takesNamesFromTheSubjectAltNameInLowerCaseAndNeverFromTheCommonName() {
    LoadedCertificate loaded =
        loads(authority.issue("WWW.Foobar.COM", "*.foobar.com", "192.0.2.1", "www.foobar.com"));
    assertThat(loaded.names()).containsExactly("www.foobar.com", "*.foobar.com");
    assertThat(load(authority.issue("192.0.2.1")).certificate().names()).isEmpty();
  }

  @Test
  void tellsTheExpiryOfTheLeaf() {
    LoadedCertificate loaded = loads(authority.issue("www.foobar.com"));
    assertThat(loaded.notAfter()).isEqualTo(loaded.leaf().getNotAfter().toInstant());
  }

  @Test
  void reportsEverythingThatIsWrongAtOnce() {
    assertThat(messages(new CertificatePem("", "")))
        .containsExactly(
            "no certificate in the certificate file", "no private key in the key file");
    CertificatePem expired = authority.issueExpired("www.foobar.com");
    CertificatePem other = authority.issue("www.foobar.com");
    assertThat(messages(new CertificatePem(expired.certificate(), other.key()))).hasSize(2);
  }

  @Test
  void saysWhatIsWrongWithTextThatWasCutOrIsNotBase64() {
    CertificatePem pem = authority.issue("www.foobar.com");
    String cut = pem.certificate().substring(0, 200);
    assertThat(messages(new CertificatePem(cut, pem.key())))
        .containsExactly(
            "the certificate file is not whole PEM: BEGIN CERTIFICATE has no END CERTIFICATE");
    String spoilt = pem.key().replace("BEGIN PRIVATE KEY-----\n", "BEGIN PRIVATE KEY-----\n!");
    assertThat(messages(new CertificatePem(pem.certificate(), spoilt)))
        .containsExactly("the key file is not whole PEM: the PRIVATE KEY block is not base64");
    String notDer = Pem.write("CERTIFICATE", new byte[] {1, 2, 3});
    assertThat(messages(new CertificatePem(notDer, pem.key())))
        .containsExactly("certificate 1 in the certificate file cannot be read");
  }

  @Test
  void refusesKeysThatItCannotUseWithoutQuotingThem() throws Exception {
    CertificatePem pem = authority.issue("www.foobar.com");
    String koblitz = Openssl.run("", "ecparam", "-name", "secp256k1", "-genkey", "-noout");
    String dsa = Pem.write("DSA PRIVATE KEY", new byte[] {1, 2, 3});
    String x25519 = Openssl.run("", "genpkey", "-algorithm", "x25519");
    String noDer = Pem.write("PRIVATE KEY", "secret".getBytes(StandardCharsets.US_ASCII));
    for (String key : List.of(koblitz, dsa, x25519, noDer)) {
      KeyPairLoader.Result result = load(new CertificatePem(pem.certificate(), key));
      assertThat(result.certificate()).isNull();
      assertThat(result.problems()).hasSize(1);
      assertThat(result.problems().toString()).doesNotContain("secret");
    }
    assertThat(messages(new CertificatePem(pem.certificate(), pem.key() + pem.key())))
        .containsExactly("more than one private key");
  }

  @Test
  void findsBothInOneTextAsSomeToolsWriteThem() {
    CertificatePem pem = authority.issue("www.foobar.com");
    String both = "comment\n" + pem.key() + "Bag Attributes\n" + pem.certificate();
    loads(new CertificatePem(both, both));
    loads(new CertificatePem(both.replace("\n", "\r\n"), both.replace("\n", "\r\n")));
  }

  @Test
  void warnsOfAnRsaKeyThatClientsRefuse() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    CertificatePem small =
        authority.issue(generator.generateKeyPair(), Instant.now(), "www.foobar.com");
    assertThat(load(small).problems())
        .extracting(TlsProblem::fatal, TlsProblem::message)
        .containsExactly(tuple(false, "the RSA key has 1024 bits"));
  }

  @Test
  void checksAuthorities() {
    assertThat(KeyPairLoader.checkAuthorities(authority.pem() + authority.pem())).isEmpty();
    assertThat(KeyPairLoader.checkAuthorities("none"))
        .extracting(TlsProblem::message)
        .containsExactly("no certificate in the authorities");
  }

  @Test
  void printsNoKey() {
    CertificatePem pem = authority.issue("www.foobar.com");
    assertThat(pem.toString()).contains("redacted").doesNotContain("PRIVATE");
    assertThat(loads(pem).toString()).contains("redacted").doesNotContain("modulus");
  }

  private String selfSignedFor(String key) throws Exception {
    Path file = Files.writeString(folder.resolve("key.pem"), key);
    return Openssl.run(
        "",
        "req",
        "-x509",
        "-key",
        file.toString(),
        "-subj",
        "/CN=x",
        "-days",
        "30",
        "-addext",
        "subjectAltName=DNS:www.foobar.com");
  }

  private static LoadedCertificate loads(CertificatePem pem) {
    KeyPairLoader.Result result = load(pem);
    assertThat(result.problems()).isEmpty();
    assertThat(result.certificate()).isNotNull();
    return result.certificate();
  }

  private static List<String> messages(CertificatePem pem) {
    return load(pem).problems().stream().map(TlsProblem::message).toList();
  }

  private static KeyPairLoader.Result load(CertificatePem pem) {
    return KeyPairLoader.load(pem, Instant.now());
  }
}
