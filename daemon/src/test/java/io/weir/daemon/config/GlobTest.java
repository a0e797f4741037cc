package io.weir.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GlobTest {
  @TempDir Path folder;

  @BeforeEach
  void someFiles() throws IOException {
    for (String name :
        List.of(
            "b.yaml",
            "a.yaml",
            "c.yml",
            ".hidden.yaml",
            "one/x.yaml",
            "two/x.yaml",
            "two/y.yaml")) {
      Path file = folder.resolve("conf.d").resolve(name);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
  }

  @Test
  void filesComeInTheOrderOfTheirPaths() throws IOException {
    assertThat(find("conf.d/*.yaml")).containsExactly("a.yaml", "b.yaml");
    assertThat(find("conf.d/*/x.yaml")).containsExactly("one/x.yaml", "two/x.yaml");
    assertThat(find("conf.d/{b.yaml,c.yml}")).containsExactly("b.yaml", "c.yml");
    assertThat(find("conf.d/t?o/[xy].yaml")).containsExactly("two/x.yaml", "two/y.yaml");
    assertThat(find(folder + "/conf.d/a*")).containsExactly("a.yaml");
  }

  @Test
  void namesWithADotAreMatchedOnlyByADot() throws IOException {
    assertThat(find("conf.d/.*.yaml")).containsExactly(".hidden.yaml");
  }

  @Test
  void aPatternMayMatchNothing() throws IOException {
    assertThat(find("conf.d/*.json")).isEmpty();
    assertThat(find("nowhere/*.yaml")).isEmpty();
    assertThat(find("*/x.yaml")).isEmpty();
  }

  @Test
  void aNameMustExist() {
    assertThatThrownBy(() -> find("conf.d/z.yaml")).isInstanceOf(NoSuchFileException.class);
  }

  private List<String> find(String pattern) throws IOException {
    Path base = folder.resolve("weir.yaml");
    return Glob.find(base, pattern).stream()
        .map(file -> folder.resolve("conf.d").relativize(file).toString())
        .toList();
  }
}
