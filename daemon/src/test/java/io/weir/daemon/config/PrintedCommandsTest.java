package io.weir.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.weir.daemon.config.Loading.Broken;
import io.weir.daemon.config.Loading.Loaded;
import io.weir.daemon.problem.Problem;
import io.weir.daemon.problem.ProblemPrinter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that a sample prints make all that it needs. */
class PrintedCommandsTest {
  private static final Path ROOT = Path.of("..");

  /** Comments that are set in, with the lines that continue them. */
  private static final Pattern COMMAND =
      Pattern.compile("^#   ((?:mkdir|openssl) .*(?:(?<=\\\\)\\n#.*)*)$", Pattern.MULTILINE);

  @TempDir private Path folder;

  private Path followed(String sample) throws IOException, InterruptedException {
    Path source = ROOT.resolve(sample);
    String text = Files.readString(source);
    Path copy = Files.writeString(folder.resolve("weir.yaml"), text);
    Path lists = source.resolveSibling("lists");
    if (text.contains("lists/") && Files.isDirectory(lists)) {
      Files.createDirectory(folder.resolve("lists"));
      try (Stream<Path> files = Files.list(lists)) {
        for (Path file : files.toList()) {
          Files.copy(file, folder.resolve("lists").resolve(file.getFileName()));
        }
      }
    }
    String commands =
        COMMAND
            .matcher(text)
            .results()
            .map(command -> command.group(1).replace("\n#", "\n"))
            .collect(Collectors.joining("\n"));
    assertThat(commands).contains("openssl ");
    Process shell =
        new ProcessBuilder("sh", "-e", "-c", commands)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assumeThat(said).doesNotContain("openssl: not found");
    assertThat(shell.waitFor()).as(said).isZero();
    return copy;
  }

  @ParameterizedTest
  @ValueSource(strings = {"examples/website.yaml", "examples/grpc.yaml", "conf/foobar.yaml"})
  void nothingIsMissingAfterThem(String sample) throws Exception {
    Path file = followed(sample);
    ConfigLoader loader = new ConfigLoader(name -> null, new DeepCheck(InstantSource.system()));
    List<Problem> problems =
        switch (loader.load(file)) {
          case Broken broken -> broken.problems();
          case Loaded loaded -> loaded.warnings();
        };
    assertThat(new ProblemPrinter(false).print(problems)).isEmpty();
  }

  @Test
  void theCertificateIsForTheHostsOfTheRoute() throws Exception {
    Path file = followed("examples/website.yaml");
    try (InputStream pem = Files.newInputStream(file.resolveSibling("tls/site.pem"))) {
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
      String names = String.valueOf(certificate.getSubjectAlternativeNames());
      assertThat(Files.readString(file)).contains("host: [www.example.com, example.com]");
      assertThat(names).contains("www.example.com]", " example.com]");
    }
  }
}
