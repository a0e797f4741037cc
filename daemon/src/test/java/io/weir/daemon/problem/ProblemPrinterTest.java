package io.weir.daemon.problem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.weir.daemon.problem.Problem.Severity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProblemPrinterTest {
  private final SourceFile source =
      SourceFile.of(Path.of("weir.yaml"), "version: 1\n\tpols: {}\u001b[2J\n", 0);
  private final Problem error =
      new Problem(
          Severity.ERROR,
          new Position(source, 2, 2),
          "pols",
          "unknown key \"pols\"",
          "did you mean \"pools\"?");
  private final Problem warning =
      new Problem(Severity.WARNING, new Position(source, 1, 10), "version", "old", null);

  @Test
  void theCaretStandsUnderTheValueAlsoAfterATab() {
    assertThat(new ProblemPrinter(false).print(List.of(error)))
        .isEqualTo(
            """
            weir.yaml:2:2: unknown key "pols"
                \tpols: {}?[2J
                \t^
                hint: did you mean "pools"?
            1 error
            """);
  }

  @Test
  void errorsAndWarningsAreCounted() {
    ProblemPrinter printer = new ProblemPrinter(false);
    assertThat(printer.print(List.of(warning, error, error))).endsWith("\n2 errors, 1 warning\n");
    assertThat(printer.print(List.of(warning))).startsWith("weir.yaml:1:10: warning: old\n");
    assertThat(printer.print(List.of(warning, warning))).endsWith("\n2 warnings\n");
    assertThat(printer.print(List.of())).isEmpty();
  }

  @Test
  void colourIsAddedOnlyWhereItIsWanted() {
    String coloured = new ProblemPrinter(true).print(List.of(error));
    assertThat(coloured).contains("\u001b[31munknown key \"pols\"\u001b[0m");
    assertThat(coloured.replaceAll("\u001b\\[[0-9]+m", ""))
        .isEqualTo(new ProblemPrinter(false).print(List.of(error)));
  }

  @Test
  void ofALineTooLongForAnEyeOnlyWhatIsAroundTheProblemIsShown() {
    String line = "a".repeat(899) + "HERE" + "z".repeat(97);
    assertThat(shown(line, 900))
        .containsExactly(
            "    ... " + "a".repeat(60) + "HERE" + "z".repeat(96) + " ...",
            "    " + " ".repeat(64) + "^");
    assertThat(shown(line, 1)).containsExactly("    " + "a".repeat(160) + " ...", "    ^");
    assertThat(shown(line, 1001))
        .containsExactly("    ... " + "z".repeat(60), "    " + " ".repeat(64) + "^");
    assertThat(shown("\uD83D\uDE00".repeat(160), 160).getLast())
        .as("characters, not halves of them")
        .isEqualTo("    " + " ".repeat(159) + "^");
  }

  /** The line and the caret under it. */
  private static List<String> shown(String line, int column) {
    SourceFile wide = SourceFile.of(Path.of("w.yaml"), line, 0);
    Problem problem = new Problem(Severity.ERROR, new Position(wide, 1, column), "", "bad", null);
    return new ProblemPrinter(false).print(List.of(problem)).lines().toList().subList(1, 3);
  }

  @Test
  void machinesGetTheSameAsJson() throws IOException {
    List<Object> items = JSON.std.listFrom(ProblemPrinter.json(List.of(error, warning)));
    assertThat(items)
        .containsExactly(
            Map.of(
                "severity", "error",
                "file", "weir.yaml",
                "line", 2,
                "column", 2,
                "message", "unknown key \"pols\"",
                "hint", "did you mean \"pools\"?"),
            Map.of(
                "severity",
                "warning",
                "file",
                "weir.yaml",
                "line",
                1,
                "column",
                10,
                "message",
                "old"));
  }

  @Test
  void whatIsAboutTwoPlacesNamesBoth() throws IOException {
    Problem both =
        new Problem(
            Severity.ERROR,
            new Position(source, 1, 1),
            "version",
            "not with pols",
            null,
            new Position(source, 2, 2));
    assertThat(new ProblemPrinter(false).print(List.of(both)))
        .isEqualTo(
            """
            weir.yaml:1:1: not with pols
                version: 1
                ^
                see: weir.yaml:2:2
            1 error
            """);
    assertThat(JSON.std.listFrom(ProblemPrinter.json(List.of(both))).toString())
        .contains("see={file=weir.yaml, line=2, column=2}");
  }
}
