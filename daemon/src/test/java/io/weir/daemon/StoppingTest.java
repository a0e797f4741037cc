package io.weir.daemon;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.daemon.admin.ReloadResult;
import io.weir.daemon.service.DaemonUnderTest;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
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
      assertThat(weir.daemon().operations().process().ready()).isTrue();
      stopping.of(weir.daemon());
      assertThat(weir.daemon().operations().process().ready()).isFalse();
      weir.daemon().runUntilStopped();
    }
  }

  /** The old one would have it wait for an hour, for a backend that says nothing. */
  @Test
  void itWaitsForAsLongAsTheConfigurationSaysThatServes() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String text =
          """
          version: 1
          timeouts: { drain: 1h, response: 1h }
          listeners: { web: { bind: "127.0.0.1:0" } }
          pools: { app: { backends: "127.0.0.1:%d" } }
          routes: [{ pool: app }]
          admin: { bind: "127.0.0.1:0" }
          """
              .formatted(silent.getLocalPort());
      try (DaemonUnderTest weir = DaemonUnderTest.start(folder, text);
          Socket client = new Socket(InetAddress.getLoopbackAddress(), weir.port())) {
        client.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
        try (Socket request = silent.accept()) {
          assertThat(request.getInputStream().read()).as("it is under way").isEqualTo('G');
          Files.writeString(weir.file(), text.replace("drain: 1h", "drain: 10ms"));
          assertThat(weir.daemon().operations().reload().get())
              .isInstanceOf(ReloadResult.Reloaded.class);
          weir.daemon().stop();
          weir.daemon().runUntilStopped();
        }
      }
    }
  }

  @Test
  void whoIsAskedLaterStopsItThen() throws Exception {
    Stopping stopping = new Stopping();
    try (DaemonUnderTest weir = DaemonUnderTest.start(folder, VALID)) {
      stopping.of(weir.daemon());
      assertThat(weir.daemon().operations().process().ready()).isTrue();
      stopping.ask(1);
      weir.daemon().runUntilStopped();
    }
  }
}
