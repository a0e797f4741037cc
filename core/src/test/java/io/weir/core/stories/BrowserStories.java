package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.AccessRecorder;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.EchoWebSocket;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real browser, Debian's chromium, without a window. */
@Timeout(120)
class BrowserStories extends Stories {
  /** Says by requests what its WebSockets echoed, and how they ended. */
  private static final String PAGE =
      """
      <!doctype html><title>echo</title><script>
      const say = (what, said) => fetch("/" + what + "?" + encodeURIComponent(said));
      function open(first, onEcho) {
        return new Promise(next => {
          const socket = new WebSocket("wss://" + location.host + "/echo", "chat");
          socket.onopen = () => socket.send("from a browser");
          socket.onmessage = m => {
            if (!m.data.startsWith("hello")) onEcho(socket, m.data); // which it says to everyone
          };
          socket.onclose = e => {
            say("closed", `${first} ${e.wasClean} ${e.code}`);
            next();
          };
        });
      }
      async function both() {
        for (let i = 0; i < 10; i++) {
          await open("client", (socket, data) => {
            say("heard", data);
            socket.close(1000);
          });
          await open("server", socket => socket.send("close"));
        }
        say("done", "");
      }
      both();
      </script>
      """;

  /** A browser takes its time to start. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;

  @Test
  void aBrowserOpensItsWebSocketsOnStreamsAndEitherSideClosesThem() throws Exception {
    EchoWebSocket echo = keeps(EchoWebSocket.started());
    ByteBackend pages =
        backend(
            Script.answers(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s"
                    .formatted(PAGE.length(), PAGE)));
    WeirUnderTest weir =
        starts(
            proxy()
                .certificate("local", Openssl.selfSigned(folder, "localhost"))
                .listensTls(ProxySetup.WEB, "local")
                .pool("echo", echo.address())
                .route("", "/echo", "echo")
                .app(pages));
    keeps(browser("https://localhost:" + weir.address(ProxySetup.WEB).getPort() + "/"));
    Awaitility.await("the echo")
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(weir.log().lines())
                .extracting(AccessRecorder.Line::target)
                .as(() -> whoIsOpen(weir, echo))
                .contains("/heard?from%20a%20browser", "/done?"));
    ByteBackend.waitsUntil("the WebSockets in the log", () -> to("/echo", weir).count() == 20);
    assertThat(to("/echo", weir))
        .extracting(AccessRecorder.Line::protocol)
        .containsOnly("HTTP/2.0");
    assertThat(to("/closed", weir))
        .extracting(AccessRecorder.Line::target)
        .as("who closed first, whether that was clean, and the code")
        .hasSize(20)
        .containsOnly("/closed?client%20true%201000", "/closed?server%20true%201000");
  }

  /** On which side a WebSocket still is that goes no further. */
  private static String whoIsOpen(WeirUnderTest weir, EchoWebSocket echo) {
    return "%.0f requests under way, %.0f WebSockets relayed, %d at their server"
        .formatted(
            weir.figure("weir_http_requests_in_flight", ProxySetup.WEB),
            weir.figure("weir_http_upgraded_connections", ProxySetup.WEB),
            echo.getConnections().size());
  }

  private static Stream<AccessRecorder.Line> to(String path, WeirUnderTest weir) {
    return weir.log().lines().stream().filter(line -> line.target().startsWith(path));
  }

  private AutoCloseable browser(String url) throws IOException {
    ProcessBuilder chromium =
        new ProcessBuilder(
            List.of(
                "chromium",
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--ignore-certificate-errors",
                "--remote-debugging-port=0", // which keeps it from leaving when the page is there
                "--user-data-dir=" + folder.resolve("profile"),
                url));
    chromium.environment().put("TMPDIR", folder.toString());
    chromium.redirectErrorStream(true).redirectOutput(Redirect.DISCARD);
    Process process = chromium.start();
    return () -> {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    };
  }
}
