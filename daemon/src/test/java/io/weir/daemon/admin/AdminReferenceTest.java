package io.weir.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/admin.md names every path of the admin endpoint, and no other. */
class AdminReferenceTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(/[^`]*)` \\| ([A-Z, ]+) \\|");
  private static final Pattern EXAMPLE =
      Pattern.compile("curl[^\\n]* '?http://(?:127\\.0\\.0\\.1:9717|localhost)([^ '?\\n]*)");

  private final String text = Files.readString(Path.of("../docs/admin.md"));

  AdminReferenceTest() throws IOException {}

  @Test
  void everyPathIsThereWithItsMethods() {
    List<String> documented =
        ROW.matcher(text).results().map(row -> row.group(1) + " " + row.group(2)).toList();
    assertThat(documented)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(AdminResource.values())
                .map(resource -> resource.path() + " " + resource.methods())
                .toList());
  }

  @Test
  void everyPathButThePagesHasAnExample() {
    assertThat(EXAMPLE.matcher(text).results().map(example -> example.group(1)).distinct())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(AdminResource.values())
                .map(AdminResource::path)
                .filter(path -> !path.equals("/") && !path.startsWith("/dashboard"))
                .toList());
  }
}
