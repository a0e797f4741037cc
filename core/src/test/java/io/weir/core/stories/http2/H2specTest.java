package io.weir.core.stories.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page that says by which row each case of h2spec is tested is true. */
class H2specTest {
  private static final Path PAGE = Path.of("../docs/conformance.md");

  /** As many as the suite counts. */
  private static final int CASES = 146;

  private static List<String[]> cases() throws IOException {
    return Files.readAllLines(PAGE).stream()
        .filter(line -> line.matches("\\| (generic|http2|hpack)/.*"))
        .map(line -> line.substring(2, line.length() - 2).split(" \\| "))
        .toList();
  }

  @Test
  void everyCaseIsThereOnce() throws IOException {
    assertThat(cases().stream().map(one -> one[0])).hasSize(CASES).doesNotHaveDuplicates();
  }

  @Test
  void everyCaseHasATestThatExists() throws IOException {
    Set<String> known =
        Stream.concat(
                Http2Stories.rows().map(Http2Row::toString),
                Arrays.stream(PrefaceStories.class.getDeclaredMethods())
                    .map(Method::getName)
                    .map(name -> "PrefaceStories." + name))
            .collect(Collectors.toSet());
    assertThat(cases().stream().map(one -> one[2])).isSubsetOf(known);
  }
}
