package io.weir.daemon.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateLockTest {
  @TempDir private Path folder;

  /** Another process that takes the folder, says so, and holds it until it is killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws Exception {
      try (StateLock lock = StateLock.take(Path.of(arguments[0]))) {
        System.out.println("held " + (lock != null));
        var _ = System.in.read();
      }
    }
  }

  private Process holder() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader out = process.inputReader(StandardCharsets.US_ASCII);
    assertThat(out.readLine()).isEqualTo("held true");
    return process;
  }

  @Test
  void aFolderIsOneProcesssUntilThatEnds() throws Exception {
    Process other = holder();
    try {
      assertThatThrownBy(() -> StateLock.take(folder))
          .isInstanceOf(StateLock.InUse.class)
          .hasMessageStartingWith(folder + ": another Weir, process " + other.pid() + ", keeps")
          .hasMessageContaining("STATE_DIRECTORY");
    } finally {
      other.destroyForcibly().waitFor();
    }
    try (StateLock lock = StateLock.take(folder)) {
      assertThat(lock).isNotNull();
      assertThat(folder.resolve("lock")).hasContent(ProcessHandle.current().pid() + "\n");
    }
  }

  @Test
  void whoLetsItGoCanTakeItAgain() throws Exception {
    try (StateLock lock = StateLock.take(folder)) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> StateLock.take(folder)).isInstanceOf(StateLock.InUse.class);
    }
    StateLock.take(folder).close();
  }

  @Test
  void withoutAPlaceForALockThereIsNone() throws Exception {
    StateLock.take(null).close();
    Path file = Files.writeString(folder.resolve("file"), "");
    StateLock.take(file).close();
  }

  @Test
  void aFolderThatIsNotThereYetIsMadeAndTaken() throws Exception {
    Path later = folder.resolve("some/where");
    try (StateLock lock = StateLock.take(later)) {
      assertThat(lock).isNotNull();
      assertThat(later.resolve("lock")).exists();
      assertThatThrownBy(() -> StateLock.take(later)).isInstanceOf(StateLock.InUse.class);
    }
  }

  @Test
  void aDiskThatIsFullKeepsTheLock() throws Exception {
    Path full = Path.of("/dev/full"); // every write to it fails for want of room
    assumeThat(full).exists();
    Files.createSymbolicLink(folder.resolve("lock"), full);
    try (StateLock lock = StateLock.take(folder)) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> StateLock.take(folder))
          .isInstanceOf(StateLock.InUse.class)
          .hasMessageStartingWith(folder + ": another Weir keeps");
    }
  }
}
