package io.weir.daemon.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.daemon.problem.Problem;
import io.weir.daemon.problem.Problems;
import io.weir.daemon.yaml.Yaml.Mapping;
import io.weir.daemon.yaml.Yaml.Scalar;
import io.weir.daemon.yaml.Yaml.Sequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {
  private final Problems problems = new Problems();
  private final YamlReader reader = new YamlReader(new Variables(name -> null), problems);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NO",
        "on",
        "1.2",
        "0644",
        "12:30",
        "0x1F",
        "1e3",
        "null",
        "~",
        "2026-01-01",
        ".inf"
      })
  void aValueIsItsTextWhateverYamlThinksOfIt(String text) {
    assertThat(value("a: " + text))
        .isInstanceOfSatisfying(
            Scalar.class,
            scalar -> {
              assertThat(scalar.text()).isEqualTo(text);
              assertThat(scalar.empty()).isFalse();
            });
    assertThat(problems.sorted()).isEmpty();
  }

  @Test
  void nothingIsNotTheEmptyText() {
    assertThat(value("a:"))
        .isInstanceOfSatisfying(Scalar.class, s -> assertThat(s.empty()).isTrue());
    assertThat(value("a: ''"))
        .isInstanceOfSatisfying(Scalar.class, s -> assertThat(s.empty()).isFalse());
  }

  @Test
  void valuesKnowWhereTheyStand() {
    String text =
        """
        a:
          - x
          - { b: [ y ], c: "z" }
        """;
    Sequence list = (Sequence) value(text);
    assertThat(list.at()).hasToString("f.yaml:1:1");
    assertThat(list.items().get(0).at()).hasToString("f.yaml:2:5");
    Mapping map = (Mapping) list.items().get(1);
    assertThat(map.at()).hasToString("f.yaml:3:5");
    assertThat(map.entries().get("b").keyAt()).hasToString("f.yaml:3:7");
    assertThat(map.entries().get("b").value().at()).hasToString("f.yaml:3:7");
    assertThat(map.entries().get("c").value().at()).hasToString("f.yaml:3:20");
  }

  @Test
  void columnsCountCharactersNotBytes() {
    Mapping map = (Mapping) parse("{ \"😀é\": x }");
    assertThat(map.entries().get("😀é").value().at()).hasToString("f.yaml:1:9");
  }

  @Test
  void anAliasStandsForWhatItRefersTo() {
    Mapping map = (Mapping) parse("a: &x [1, 2]\nb: *x\n");
    assertThat(((Sequence) map.entries().get("b").value()).items()).hasSize(2);
    assertThat(map.entries().get("b").value().at()).hasToString("f.yaml:2:1");
    assertThat(problems.sorted()).isEmpty();
  }

  @Test
  void theFirstOfTwoEqualKeysIsKeptAndTheSecondReported() {
    Mapping map = (Mapping) parse("a: 1\na: 2\na: 3\n");
    assertThat(map.entries().get("a").value())
        .isInstanceOfSatisfying(Scalar.class, scalar -> assertThat(scalar.text()).isEqualTo("1"));
    assertThat(problems.sorted())
        .extracting(Problem::message)
        .containsExactly("\"a\" again (first at f.yaml:1:1)", "\"a\" again (first at f.yaml:1:1)");
  }

  @Test
  void aByteOrderMarkAndWindowsLineEndsDoNoHarm() {
    Mapping map = (Mapping) parse("\uFEFFa: 1\r\nb: 2\r\n");
    assertThat(map.entries().get("b").value().at()).hasToString("f.yaml:2:4");
    assertThat(problems.sorted()).isEmpty();
  }

  @Test
  void aFileThatIsNotTextIsRefused(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("latin1.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe9});
    assertThat(reader.read(file, 0)).isNull();
    assertThat(problems.sorted()).extracting(Problem::message).containsExactly("not UTF-8 text");
  }

  @Test
  void aFileOfAnySizeIsNotReadIntoMemory(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("big.yaml"), new byte[YamlReader.MAX_BYTES + 1]);
    assertThat(reader.read(file, 0)).isNull();
    assertThat(problems.sorted()).extracting(Problem::message).containsExactly("larger than 4 MiB");
  }

  @Test
  void noTextMakesTheReaderThrow() {
    long seed = Long.getLong("seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    String[] pieces = {
      "a", ":", " ", "\n", "  ", "- ", "[", "]", "{", "}", "&x ", "*x", "\"", "'", "#", "|", ">",
      "\t", "${", "}", "!t ", "? ", "<<", "---\n", "...\n", "%", "@", ",", "\\", "\0", "é", "😀",
      "1", "b: c\n"
    };
    for (int i = 0; i < 5_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(30); j >= 0; j--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      Problems found = new Problems();
      Yaml yaml =
          new YamlReader(new Variables(name -> null), found)
              .parse(Path.of("f"), text.toString(), 0);
      assertThat(yaml != null || found.anyError()).as("seed %d: %s", seed, text).isTrue();
    }
  }

  private @Nullable Yaml parse(String text) {
    return reader.parse(Path.of("f.yaml"), text, 0);
  }

  private Yaml value(String text) {
    Yaml yaml = parse(text);
    assertThat(yaml).as("%s", problems.sorted()).isInstanceOf(Mapping.class);
    return ((Mapping) yaml).entries().get("a").value();
  }
}
