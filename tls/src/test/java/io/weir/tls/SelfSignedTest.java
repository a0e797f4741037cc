package io.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelfSignedTest {

  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  @TempDir private Path folder;

  @Test
  void opensslAcceptsItAsItsOwnAuthority() throws Exception {
    CertificatePem pem =
        SelfSigned.create(
            List.of("localhost", "127.0.0.1"),
            Duration.ofDays(30),
            Instant.now(),
            new SecureRandom());
    Path file = Files.writeString(folder.resolve("certificate.pem"), pem.certificate());
    assertThat(
            Openssl.run("", "verify", "-x509_strict", "-CAfile", file.toString(), file.toString()))
        .contains("OK");
    assertThat(Openssl.run(pem.certificate(), "x509", "-noout", "-text"))
        .contains("DNS:localhost, IP Address:127.0.0.1")
        .contains("CA:FALSE");
  }

  @Test
  void lastsAsLongAsItWasAskedTo() {
    for (Duration validity : List.of(Duration.ofDays(15), Duration.ofDays(20_000))) { // past 2050
      CertificatePem pem =
          SelfSigned.create(List.of("localhost"), validity, NOW, new SecureRandom());
      KeyPairLoader.Result result = KeyPairLoader.load(pem, NOW);
      assertThat(result.problems()).isEmpty();
      assertThat(result.certificate().notAfter()).isEqualTo(NOW.plus(validity));
      assertThat(KeyPairLoader.load(pem, NOW.plus(validity).plusSeconds(1)).problems()).hasSize(1);
    }
  }

  @Test
  void isAnotherOneEachTime() {
    SecureRandom random = new SecureRandom();
    CertificatePem one = SelfSigned.create(List.of("localhost"), Duration.ofDays(1), NOW, random);
    CertificatePem two = SelfSigned.create(List.of("localhost"), Duration.ofDays(1), NOW, random);
    assertThat(one).isNotEqualTo(two);
    assertThat(one.key()).isNotEqualTo(two.key());
  }
}
