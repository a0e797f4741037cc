package io.weir.daemon.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
  @TempDir private Path folder;
  private final FileWatch watch = new FileWatch();

  @Test
  void whatStaysIsNoChange() throws IOException {
    watches(write("a", "one"));
    assertThat(watch.changed()).isFalse();
    assertThat(watch.changed()).isFalse();
  }

  @Test
  void aChangeCountsOnceItIsSeenTwice() throws IOException {
    Path file = write("a", "one");
    watches(file);
    write("a", "longer");
    assertThat(watch.changed()).isFalse();
    write("a", "and longer still");
    assertThat(watch.changed()).isFalse();
    assertThat(watch.changed()).isTrue();
    watch.reading();
    watches(file);
    assertThat(watch.changed()).isFalse();
  }

  @Test
  void aChangeThatFailedToLoadIsNotLoadedAgain() throws IOException {
    watches(write("a", "one"));
    write("a", "broken");
    settles();
    watch.reading(); // and then nothing is watched anew
    assertThat(watch.changed()).isFalse();
    write("a", "whole again");
    settles();
  }

  @Test
  void aRenameOverItIsAChangeEvenOfTheSameSizeAndTime() throws IOException {
    Path file = write("a", "one");
    watches(file);
    Path other = write("b", "two");
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    settles();
  }

  @Test
  void aFolderThatIsSwappedByItsLinkIsAChange() throws IOException {
    Files.createDirectory(folder.resolve("v1"));
    Files.createDirectory(folder.resolve("v2"));
    write("v1/tls.crt", "one");
    write("v2/tls.crt", "two");
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("v1"));
    Path name = Files.createSymbolicLink(folder.resolve("tls.crt"), Path.of("..data/tls.crt"));
    watches(name);
    Path next = Files.createSymbolicLink(folder.resolve("..tmp"), Path.of("v2"));
    Files.move(next, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    settles();
  }

  @Test
  void whatGoesAwayAndComesBackIsAChange() throws IOException {
    Path file = write("a", "one");
    watches(file);
    Files.delete(file);
    settles();
    watch.reading();
    write("a", "one");
    settles();
  }

  @Test
  void aChangeWhileItIsBeingReadIsNotLost() throws IOException {
    Path file = write("a", "one");
    watches(file);
    watch.reading();
    write("a", "longer");
    watches(file);
    assertThat(watch.changed()).isFalse();
    assertThat(watch.changed()).isTrue();
  }

  @Test
  void aChangeAfterTheFirstReadingIsNotLostEither() throws IOException {
    Path file = write("a", "one");
    FileStamp asRead = FileStamp.of(file);
    write("a", "longer");
    watch.watch(Map.of(file, asRead));
    settles();
  }

  @Test
  void whatNeverSettlesIsReadInTheEnd() throws IOException {
    watches(write("a", ""));
    for (int look = 1; look < 10; look++) {
      write("a", "x".repeat(look));
      assertThat(watch.changed()).as("look %d", look).isFalse();
    }
    write("a", "x".repeat(10));
    assertThat(watch.changed()).isTrue();
    watch.reading();
    write("a", "x".repeat(11));
    assertThat(watch.changed()).as("and then it may settle again").isFalse();
  }

  private void settles() {
    assertThat(watch.changed()).isFalse();
    assertThat(watch.changed()).isTrue();
  }

  private void watches(Path file) {
    watch.watch(Map.of(file, FileStamp.of(file)));
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
