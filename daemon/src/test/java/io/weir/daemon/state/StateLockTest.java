package io.weir.daemon.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

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

  /** What is said while something is done. */
  private static List<String> said(Callable<?> what) throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(StateLock.class);
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    logger.addAppender(appender);
    try {
      what.call();
    } finally {
      logger.detachAppender(appender);
    }
    return appender.list.stream().map(e -> e.getLevel() + " " + e.getFormattedMessage()).toList();
  }

  private static List<String> saidByTaking(Path folder) throws Exception {
    return said(() -> {
      StateLock.take(folder).close();
      return null;
    });
  }

  @Test
  void withoutAPlaceForALockThereIsNoneAndAWarningSaysWhatToDo() throws Exception {
    assertThat(saidByTaking(null)).isEmpty();
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThat(saidByTaking(file))
        .containsExactly(
            "WARN %s/lock cannot be opened to be locked, so that another Weir could use its folder, too: %s (%s)"
                .formatted(
                    file,
                    "java.nio.file.FileAlreadyExistsException: " + file,
                    "let this user write it and its folder, or name another folder by"
                        + " STATE_DIRECTORY"));
  }

  @Test
  void aFolderThatIsTakenWithoutTroubleIsNotSpokenOf() throws Exception {
    assertThat(saidByTaking(folder)).isEmpty();
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
    assertThat(saidByTaking(folder))
        .containsExactly(
            "WARN %s/lock is locked, but does not say by which process: %s"
                .formatted(folder, "java.io.IOException: No space left on device"));
    try (StateLock lock = StateLock.take(folder)) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> StateLock.take(folder))
          .isInstanceOf(StateLock.InUse.class)
          .hasMessageStartingWith(folder + ": another Weir keeps");
    }
  }
}
