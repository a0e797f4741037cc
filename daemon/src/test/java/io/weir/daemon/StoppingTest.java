package io.weir.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StoppingTest {
  private static final String VALID =
      """
      version: 1
      listeners: { web: { bind: "127.0.0.1:0" } }
      routes: [{ respond: { status: 200, body: "hello" } }]
      admin: { bind: "127.0.0.1:0" }
      """;

  @TempDir private Path folder;

  @Test
  void whoIsAskedBeforeThereIsADaemonStopsItOnceItIsThere() throws Exception {
    Stopping stopping = new Stopping();
    stopping.ask(1);
    try (DaemonUnderTest weir = DaemonUnderTest.start(folder, VALID)) {
      assertThat(weir.daemon().isStopping()).isFalse();
      stopping.of(weir.daemon());
      assertThat(weir.daemon().isStopping()).isTrue();
      weir.daemon().runUntilStopped();
    }
  }

  @Test
  void whoIsAskedLaterStopsItThen() throws Exception {
    Stopping stopping = new Stopping();
    try (DaemonUnderTest weir = DaemonUnderTest.start(folder, VALID)) {
      stopping.of(weir.daemon());
      assertThat(weir.daemon().isStopping()).isFalse();
      stopping.ask(1);
      weir.daemon().runUntilStopped();
    }
  }
}
