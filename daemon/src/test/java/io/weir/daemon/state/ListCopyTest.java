package io.weir.daemon.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListCopyTest {
  private static final URI FROM = URI.create("https://lists.example/a.txt?token=1");

  @TempDir private Path folder;

  @Test
  void whatIsWrittenIsReadByWhoeverComesFromThere() throws IOException {
    Path file = ListCopy.file(folder, "a");
    assertThat(ListCopy.read(file, FROM, null)).isNull();
    new ListCopy("W/\"1\"", "Sun, 22 Nov 2026 12:00:00 GMT", "# b\n\u00fc".getBytes(UTF_8))
        .write(file, FROM);
    ListCopy copy = ListCopy.read(file, FROM, null);
    assertThat(copy.etag()).isEqualTo("W/\"1\"");
    assertThat(copy.modified()).isEqualTo("Sun, 22 Nov 2026 12:00:00 GMT");
    assertThat(copy.content()).isEqualTo("# b\n\u00fc".getBytes(UTF_8));
    assertThat(ListCopy.read(file, URI.create("https://lists.example/b.txt"), null)).isNull();
    assertThat(ListCopy.readFromAnywhere(file, null).content()).isEqualTo(copy.content());
    assertThat(ListCopy.readFromAnywhere(file, "0".repeat(64))).isNull();
    assertThat(folder.resolve("lists")).isDirectoryNotContaining("glob:**.next");
  }

  @Test
  void aServerBeginsNoLineOfItsOwn() throws IOException {
    Path file = ListCopy.file(folder, "a");
    new ListCopy("\"a\n192.0.2.1\"", "x".repeat(2000), "b".getBytes(UTF_8)).write(file, FROM);
    ListCopy copy = ListCopy.read(file, FROM, null);
    assertThat(copy.etag()).isEmpty();
    assertThat(copy.modified()).isEmpty();
    assertThat(copy.content()).isEqualTo("b".getBytes(UTF_8));
  }

  @Test
  void aCopyWithoutTheSumThatItMustHaveIsNone() throws IOException {
    Path file = ListCopy.file(folder, "a");
    ListCopy copy = new ListCopy("", "", "192.0.2.1\n".getBytes(UTF_8));
    copy.write(file, FROM);
    assertThat(ListCopy.read(file, FROM, copy.sha256().toUpperCase(Locale.ROOT))).isNotNull();
    Files.writeString(file, "192.0.2.2\n", StandardOpenOption.APPEND);
    assertThat(ListCopy.read(file, FROM, copy.sha256())).isNull();
    assertThat(ListCopy.read(file, FROM, null)).isNotNull();
  }

  @Test
  void ofAWriteThatFailsNothingIsSeen() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "old");
    assertThatThrownBy(() ->
            WholeFile.replace(
                file,
                folder.resolve("a.next"),
                out -> {
                  out.write('n');
                  throw new IOException("disk full");
                }))
        .hasMessage("disk full");
    assertThat(file).hasContent("old");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n\n", "192.0.2.1\n", "# from https://lists.example/a.txt"})
  void whatIsNoCopyIsNone(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), content);
    assertThat(ListCopy.read(file, FROM, null)).isNull();
    if (!content.startsWith("# from ")) {
      assertThat(ListCopy.readFromAnywhere(file, null)).isNull();
    }
  }
}
