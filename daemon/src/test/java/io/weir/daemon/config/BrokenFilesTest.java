package io.weir.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.daemon.config.Loading.Broken;
import io.weir.daemon.config.Loading.Loaded;
import io.weir.daemon.problem.Problem;
import io.weir.daemon.problem.ProblemPrinter;
import io.weir.tls.CertificatePem;
import io.weir.tls.SelfSigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a user is told about each of the broken files under {@code broken/}, word for word.
 *
 * <p>{@code -Dgolden.update=true} writes what is said now beside each file, to be read before it is
 * kept.
 */
class BrokenFilesTest {
  private static final Path FILES = Path.of("src/test/resources/broken");
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  @TempDir static Path folder;

  @BeforeAll
  static void filesAndCertificates() throws IOException {
    try (Stream<Path> files = Files.walk(FILES)) {
      for (Path file : files.toList()) {
        Path copy = folder.resolve(FILES.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
    Path tls = Files.createDirectory(folder.resolve("tls"));
    write(tls, "good", certificate(NOW));
    write(
        tls,
        "nameless",
        SelfSigned.create(List.of("192.0.2.1"), Duration.ofDays(90), NOW, new SecureRandom()));
    write(tls, "other", certificate(NOW));
    write(tls, "expired", certificate(Instant.parse("2020-01-01T00:00:00Z")));
    Files.writeString(
        tls.resolve("encrypted.key"),
        """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIIBHDBOBgkqhkiG9w0BBQ0wQTApBgkqhkiG9w0BBQwwHAQI
        -----END ENCRYPTED PRIVATE KEY-----
        """);
  }

  @TestFactory
  Stream<DynamicTest> everyBrokenFileIsExplained() throws IOException {
    try (Stream<Path> files = Files.list(FILES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml"))
          .sorted()
          .toList()
          .stream()
          .map(name -> DynamicTest.dynamicTest(name, () -> check(name)));
    }
  }

  @Test
  void thereAreManyWaysToBreakAFile() throws IOException {
    try (Stream<Path> files = Files.list(FILES)) {
      assertThat(files.filter(file -> file.toString().endsWith(".yaml")).count())
          .isGreaterThanOrEqualTo(40);
    }
  }

  private static void check(String name) throws IOException {
    String said = explain(name);
    Path golden = FILES.resolve(name.replace(".yaml", ".expected"));
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(golden, said);
    }
    assertThat(said).isEqualTo(Files.readString(golden)).isNotEmpty();
    assertThat(said).doesNotContain("Exception", "\tat ", "null", folder.toString());
  }

  private static String explain(String name) {
    DeepCheck deep = new DeepCheck(InstantSource.fixed(NOW));
    Loading loading = new ConfigLoader(variable -> null, deep).load(folder.resolve(name));
    List<Problem> problems =
        switch (loading) {
          case Broken broken -> broken.problems();
          case Loaded loaded -> loaded.warnings();
        };
    return new ProblemPrinter(false).print(problems).replace(folder + "/", "");
  }

  private static CertificatePem certificate(Instant from) {
    return SelfSigned.create(
        List.of("www.foobar.com"), Duration.ofDays(90), from, new SecureRandom());
  }

  private static void write(Path tls, String name, CertificatePem pem) throws IOException {
    Files.writeString(tls.resolve(name + ".pem"), pem.certificate());
    Files.writeString(tls.resolve(name + ".key"), pem.key());
  }
}
