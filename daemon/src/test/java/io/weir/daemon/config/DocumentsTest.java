package io.weir.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.daemon.config.Loading.Broken;
import io.weir.daemon.config.Loading.Loaded;
import io.weir.daemon.config.rule.MmdbWriter;
import io.weir.daemon.problem.Problem;
import io.weir.daemon.problem.ProblemPrinter;
import io.weir.daemon.yaml.Keys;
import io.weir.tls.CertificatePem;
import io.weir.tls.SelfSigned;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every YAML that is shown to a reader is read by the program, without an error and without a
 * warning. A block that begins with {@code yaml fragment} is completed first; files that a block
 * names are made.
 */
class DocumentsTest {
  private static final Path ROOT = Path.of("..");
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final Pattern BLOCK =
      Pattern.compile("^```ya?ml( fragment)?\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern FILE =
      Pattern.compile(
          "(?:ca_file|cert_file|key_file|body_file| file|country|asn): ([^\\s,}]+[.][^\\s,}]+)");
  private static final CertificatePem PAIR =
      SelfSigned.create(List.of("www.foobar.com"), Duration.ofDays(90), NOW, new SecureRandom());

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> everyBlockOfADocumentIsRead() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path document : documents()) {
      String text = Files.readString(document);
      BLOCK
          .matcher(text)
          .results()
          .forEach(block -> {
            long line = text.substring(0, block.start()).lines().count() + 1;
            tests.add(
                DynamicTest.dynamicTest(
                    document.getFileName() + ":" + line, () -> read(yaml(block))));
          });
    }
    assertThat(tests).isNotEmpty();
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> everySampleFileIsRead() throws IOException {
    List<Path> samples = new ArrayList<>();
    for (String home : List.of("conf", "examples")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(home))) {
        samples.addAll(files.filter(file -> file.toString().endsWith(".yaml")).toList());
      }
    }
    assertThat(samples).hasSizeGreaterThanOrEqualTo(7);
    return samples.stream()
        .sorted()
        .map(file ->
            DynamicTest.dynamicTest(
                ROOT.relativize(file).toString(), () -> read(Files.readString(file))));
  }

  @Test
  void everyKeyIsDescribed() throws IOException {
    String reference = Files.readString(ROOT.resolve("docs/configuration.md"));
    Set<String> undescribed = new TreeSet<>();
    for (Path file : sections()) {
      for (String key : keys("Keys\\s*\\.of", Files.readString(file))) {
        if (!reference.contains("`" + key + "`") && !reference.contains("`{ " + key + ":")) {
          undescribed.add(file.getFileName() + ": " + key);
        }
      }
    }
    assertThat(undescribed).isEmpty();
  }

  @Test
  void theReservedKeysAreListed() throws IOException {
    String reference = Files.readString(ROOT.resolve("docs/configuration.md"));
    Matcher table =
        Pattern.compile("(?m)^[|] Where [|] Reserved keys [|]\\n((?:[|].*\\n)+)")
            .matcher(reference);
    assertThat(table.find()).isTrue();
    List<String> listed =
        Pattern.compile("(?m)[|]([^|]*)[|]$")
            .matcher(table.group(1))
            .results()
            .flatMap(row -> Pattern.compile("`(\\w+)`").matcher(row.group(1)).results())
            .map(key -> key.group(1))
            .toList();
    List<String> reserved = new ArrayList<>();
    for (Path file : sections()) {
      reserved.addAll(keys("\\.later", Files.readString(file)));
    }
    assertThat(listed).containsExactlyInAnyOrderElementsOf(reserved);
  }

  private static List<Path> sections() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java/io/weir/daemon/config"))) {
      return files.filter(file -> file.toString().endsWith("Section.java")).toList();
    }
  }

  /** The words in the calls of {@link Keys#of}, or another method of it, in a source file. */
  private static List<String> keys(String method, String source) {
    Matcher calls = Pattern.compile(method + "\\(([^)]*)\\)").matcher(source);
    return calls
        .results()
        .flatMap(call -> Pattern.compile("\"(\\w+)\"").matcher(call.group(1)).results())
        .map(word -> word.group(1))
        .toList();
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"));
        Stream<Path> top = Files.list(ROOT)) {
      return Stream.concat(top, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  private static String yaml(MatchResult block) {
    String yaml = block.group(2);
    return block.group(1) == null ? yaml : completed(yaml);
  }

  /** A fragment with what every file needs, as far as it does not say it itself. */
  private static String completed(String fragment) {
    StringBuilder whole = new StringBuilder("version: 1\n").append(fragment);
    if (!Pattern.compile("(?m)^listeners:").matcher(fragment).find()) {
      whole.append("listeners: { web: { bind: ':8080' } }\n");
    }
    if (!Pattern.compile("(?m)^pools:").matcher(fragment).find()) {
      whole.append("pools: { app: { backends: 127.0.0.1:9001 } }\n");
    }
    return whole.toString();
  }

  private void read(String yaml) throws IOException {
    FILE.matcher(yaml).results().map(file -> file.group(1)).forEach(this::make);
    DeepCheck deep = new DeepCheck(InstantSource.fixed(NOW));
    ConfigLoader loader = new ConfigLoader(name -> null, deep);
    List<Problem> problems =
        switch (loader.load(folder.resolve("doc.yaml"), yaml)) {
          case Broken broken -> broken.problems();
          case Loaded loaded -> loaded.warnings();
        };
    assertThat(new ProblemPrinter(false).print(problems)).isEmpty();
  }

  private void make(String name) {
    Path file = folder.resolve(name);
    if (Path.of(name).isAbsolute() || Files.exists(file)) {
      return;
    }
    try {
      Files.createDirectories(file.getParent());
      if (name.endsWith(".mmdb")) {
        Files.write(file, new MmdbWriter().add("192.0.2.0/24", Map.of()).bytes());
        return;
      }
      Files.writeString(
          file,
          name.endsWith(".pem")
              ? PAIR.certificate()
              : name.endsWith(".key") ? PAIR.key() : "192.0.2.1\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
