package io.weir.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.daemon.config.Loading.Broken;
import io.weir.daemon.config.Loading.Loaded;
import io.weir.daemon.problem.Problem;
import io.weir.daemon.problem.ProblemPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Good files with random edits: whatever a hand may do to a file, it gets an answer. */
class MangledFilesTest {
  private static final Path CONF = Path.of("../conf");
  private static final String[] VALUES = {
    "",
    "\"\"",
    "0",
    "-1",
    "10s",
    "1MiB",
    "100/s",
    "true",
    "~",
    "[]",
    "{}",
    "[[]]",
    "{ a: b }",
    "\"*\"",
    "\"\\0\"",
    "\"[\"",
    "99999999999999999999",
    "é",
    "\"a\\nb\"",
    "/x",
    ":80",
    "10.0.0.0/8",
    "${X}",
    "[1, {}]",
    "in"
  };

  @Test
  void noEditMakesTheLoaderThrow() throws IOException {
    long seed = Long.getLong("seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    DeepCheck deep = new DeepCheck(InstantSource.system());
    ConfigLoader loader = new ConfigLoader(name -> null, deep);
    for (String file : List.of("weir.yaml", "foobar.yaml")) {
      List<String> lines = Files.readAllLines(CONF.resolve(file));
      for (int i = 0; i < 1_000; i++) {
        String text = mangled(lines, random);
        assertThat(answer(loader, text, seed))
            .as("seed %d:%n%s", seed, text)
            .doesNotContain("Exception");
      }
    }
  }

  private static String answer(ConfigLoader loader, String text, long seed) {
    try {
      List<Problem> problems =
          switch (loader.load(CONF.resolve("mangled.yaml"), text)) {
            case Broken broken -> {
              assertThat(broken.problems()).isNotEmpty();
              yield broken.problems();
            }
            case Loaded loaded -> loaded.warnings();
          };
      return new ProblemPrinter(true).print(problems) + ProblemPrinter.json(problems);
    } catch (RuntimeException e) {
      throw new AssertionError("seed " + seed + ":\n" + text, e);
    }
  }

  private static String mangled(List<String> good, SplittableRandom random) {
    List<String> lines = new ArrayList<>(good);
    for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
      int at = random.nextInt(lines.size());
      String line = lines.get(at);
      switch (random.nextInt(5)) {
        case 0 -> lines.set(at, replaced(line, random));
        case 1 -> lines.set(at, "  " + line);
        case 2 -> lines.add(random.nextInt(lines.size()), line);
        case 3 ->
            lines.set(at, line.isEmpty() ? "x" : line.substring(random.nextInt(line.length())));
        default -> lines.set(at, replaced(replaced(line, random), random));
      }
    }
    return String.join("\n", lines) + "\n";
  }

  /** Another value behind one of the line's colons. */
  private static String replaced(String line, SplittableRandom random) {
    String[] parts = line.split(": ", -1);
    if (parts.length < 2) {
      return line;
    }
    int at = 1 + random.nextInt(parts.length - 1);
    String tail = parts[at].replaceFirst("^[^,}]*", "");
    parts[at] = VALUES[random.nextInt(VALUES.length)] + tail;
    return String.join(": ", parts);
  }
}
