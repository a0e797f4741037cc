package io.weir.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DaemonIT {
  @TempDir private Path folder;

  /** A configuration that answers by itself. */
  private void answering(String body) throws IOException {
    configured("  - respond: { status: 200, body: \"" + body + "\" }\n");
  }

  private void configured(String routes) throws IOException {
    Files.writeString(
        folder.resolve("weir.yaml"),
        "version: 1\n"
            + "timeouts: { drain: 20s }\n"
            + "listeners: { web: { bind: \"127.0.0.1:0\" } }\n"
            + "logging: { access: { file: access.log, format: json } }\n"
            + "admin: { bind: \"127.0.0.1:0\", socket: admin.sock }\n"
            + "routes:\n"
            + routes);
  }

  private Weir start() {
    return Weir.start(folder, "run");
  }

  private Weir.Ended command(String... arguments) {
    return Weir.run(folder, arguments);
  }

  private static String metric(Weir weir, String name) {
    return Http.body(weir.admin() + "/metrics")
        .lines()
        .filter(line -> line.startsWith(name))
        .findFirst()
        .orElse("none");
  }

  @Test
  void theStartIsToldInAFewLinesAndNothingElse() throws IOException {
    answering("hello");
    try (Weir weir = start()) {
      assertThat(Http.body(weir.web() + "/")).isEqualTo("hello");
      assertThat(weir.stdout()).isEmpty();
      assertThat(weir.stderr().lines().toList())
          .hasSizeLessThanOrEqualTo(10)
          .allMatch(line -> line.matches("[-0-9]+T[0-9:.]+Z info  .*"))
          .anyMatch(line -> line.contains("Weir ") && line.contains("weir.yaml "))
          .anyMatch(line -> line.contains("listeners: web 127.0.0.1:"))
          .anyMatch(line -> line.contains("transport: epoll") && line.contains("BoringSSL"))
          .anyMatch(line -> line.contains("limits: 200000 connections, "))
          .anyMatch(line -> line.contains("admin.sock"));
    }
  }

  @Test
  void promtoolHasNothingToSayAboutARunningDaemon() throws Exception {
    answering("hello");
    try (Weir weir = start()) {
      Http.body(weir.web() + "/");
      String page = Http.body(weir.admin() + "/metrics");
      assertThat(page)
          .contains("weir_event_loop_busy_ratio{loop=\"0\"}")
          .contains("weir_event_loop_pending_tasks{loop=\"0\"}")
          .contains("weir_event_loop_lag_seconds_bucket{le=")
          .contains("weir_buffer_memory_bytes{kind=\"direct\"}")
          .contains("weir_config_generation 1.0")
          .contains("jvm_memory_used_bytes{area=\"heap\"}")
          .contains("process_open_fds");
      Path file = Files.writeString(folder.resolve("metrics.txt"), page);
      Process promtool =
          new ProcessBuilder("promtool", "check", "metrics")
              .redirectInput(file.toFile())
              .redirectErrorStream(true)
              .start();
      assertThat(new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .isEmpty();
      assertThat(promtool.waitFor()).isZero();
    }
  }

  @Test
  void hangUpReloadsAndABrokenFileLeavesTheOldOneServing() throws IOException {
    answering("one");
    try (Weir weir = start()) {
      assertThat(Http.body(weir.web() + "/")).isEqualTo("one");
      assertThat(metric(weir, "weir_config_last_reload_successful")).endsWith(" 1.0");

      answering("two");
      weir.signalled("HUP").says("generation 2");
      assertThat(Http.body(weir.web() + "/")).isEqualTo("two");

      Files.writeString(folder.resolve("weir.yaml"), "version: 1\nlistner: {}\n");
      weir.signalled("HUP").says("the old configuration goes on serving:").says("weir.yaml:2:1: ");
      assertThat(Http.body(weir.web() + "/")).isEqualTo("two");
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() ->
              assertThat(metric(weir, "weir_config_last_reload_successful")).endsWith(" 0.0"));
      assertThat(metric(weir, "weir_config_reloads_total{result=\"invalid\"}")).endsWith(" 1.0");
      assertThat(Http.body(weir.admin() + "/api/v1/status")).contains("not valid: ");
      assertThat(Http.get(weir.admin() + "/readyz").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void reloadWaitsForTheResultAndItsCodeTellsIt() throws IOException {
    answering("one");
    try (Weir weir = start()) {
      weir.admin();
      answering("two");
      Weir.Ended reloaded = command("reload");
      assertThat(reloaded.code()).isZero();
      assertThat(reloaded.stdout()).matches("reloaded .*weir\\.yaml [0-9a-f]{12}, generation 2\n");
      assertThat(Http.body(weir.web() + "/")).isEqualTo("two");

      String socket = "unix:" + folder.resolve("admin.sock");
      Files.writeString(folder.resolve("weir.yaml"), "version: 1\nlistner: {}\n");
      Weir.Ended broken = command("reload", "--admin", socket);
      assertThat(broken.code()).isEqualTo(1);
      assertThat(broken.stdout()).isEmpty();
      assertThat(broken.stderr())
          .contains("weir.yaml:2:1: ", "listner")
          .endsWith("weir: the old configuration goes on serving\n");
      assertThat(Http.body(weir.web() + "/")).isEqualTo("two");

      answering("three");
      assertThat(command("reload", "--admin", socket).code()).isZero();
      assertThat(Http.body(weir.web() + "/")).isEqualTo("three");
    }
  }

  @Test
  void statusShowsWhatIsServed() throws IOException {
    answering("hello");
    try (Weir weir = start()) {
      Http.get(weir.web() + "/");
      Weir.Ended text = command("status");
      assertThat(text.code()).isZero();
      assertThat(text.stderr()).isEmpty();
      assertThat(text.stdout())
          .contains("ready", "weir.yaml", "LISTENER", "web", "generation 1, last reload ok");
      assertThat(command("status", "--json").stdout()).contains("\"listeners\"");
    }
  }

  @Test
  void termLetsARequestEndAndTakesNoNewOnes() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    HttpServer backend = slowBackend(arrived, answer);
    try (Weir weir = startBefore(backend);
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port(weir))) {
      send(client);
      arrived.await();
      weir.signalled("TERM").says("stopping");
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertThat(accepts(weir)).isFalse());
      assertThat(weir.isAlive()).isTrue();
      assertThat(Http.get(weir.admin() + "/readyz").statusCode()).isEqualTo(503);
      answer.countDown();
      assertThat(all(client.getInputStream())).startsWith("HTTP/1.1 200 ").endsWith("slow");
      Weir.Ended ended = weir.ends();
      assertThat(ended.code()).isZero();
      assertThat(ended.stderr()).endsWith(" info  stopped\n");
    } finally {
      answer.countDown();
      backend.stop(0);
    }
    assertThat(folder.resolve("admin.sock")).doesNotExist();
    assertThat(Files.readString(folder.resolve("access.log")))
        .contains("\"status\":200", "\"outcome\":\"ok\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void aSignalThatComesBeforeAllIsUpStopsAsCleanlyAsALaterOne(String signal) throws IOException {
    answering("hello");
    Path socket = folder.resolve("early.sock"); // bound some time before anything is said
    Path file = folder.resolve("weir.yaml");
    Files.writeString(
        file, Files.readString(file).replace("\"127.0.0.1:0\" } }", "\"unix:" + socket + "\" } }"));
    try (Weir weir = start()) {
      await()
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofMillis(1))
          .until(() -> Files.exists(socket));
      weir.signalled(signal);
      Weir.Ended ended = weir.ends();
      assertThat(ended.code()).as(ended.stderr()).isZero();
      assertThat(ended.stderr()).endsWith(" info  stopped\n");
    }
    assertThat(socket).doesNotExist();
  }

  @Test
  void aSecondTermStopsNow() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    HttpServer backend = slowBackend(arrived, never);
    try (Weir weir = startBefore(backend);
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port(weir))) {
      send(client);
      arrived.await();
      weir.signalled("TERM").says("stopping").signalled("TERM");
      assertThat(weir.ends().code()).isEqualTo(143);
    } finally {
      never.countDown();
      backend.stop(0);
    }
  }

  @Test
  void usr1OpensTheLogAnew() throws IOException {
    answering("hello");
    Path log = folder.resolve("access.log");
    Path rotated = folder.resolve("access.log.1");
    try (Weir weir = start()) {
      Http.get(weir.web() + "/before");
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertThat(Files.readString(log)).contains("/before"));
      Files.move(log, rotated);
      weir.signalled("USR1").says("log files opened anew");
      await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(log));
      Http.get(weir.web() + "/after");
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertThat(Files.readString(log)).contains("/after"));
      assertThat(Files.readString(rotated)).contains("/before").doesNotContain("/after");
      assertThat(metric(weir, "weir_log_lines_total{log=\"access\"}")).endsWith(" 2.0");
      assertThat(metric(weir, "weir_log_dropped_total{log=\"access\"}")).endsWith(" 0.0");
    }
  }

  @Test
  void idleItTakesLessThan150Megabytes() throws IOException {
    answering("hello");
    try (Weir weir = start()) {
      Http.get(weir.web() + "/");
      Http.get(weir.admin() + "/metrics");
      String status = Files.readString(Path.of("/proc", Long.toString(weir.pid()), "status"));
      String kilobytes = status.replaceAll("(?s).*VmRSS:\\s+([0-9]+) kB.*", "$1");
      assertThat(Integer.parseInt(kilobytes)).isLessThan(150_000);
    }
  }

  private HttpServer slowBackend(CountDownLatch arrived, CountDownLatch answer) throws IOException {
    HttpServer backend =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    backend.createContext(
        "/",
        exchange -> {
          arrived.countDown();
          try {
            answer.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          exchange.sendResponseHeaders(200, 4);
          try (OutputStream body = exchange.getResponseBody()) {
            body.write("slow".getBytes(StandardCharsets.US_ASCII));
          }
        });
    backend.start();
    return backend;
  }

  private Weir startBefore(HttpServer backend) throws IOException {
    configured(
        "  - pool: app\npools: { app: { backends: [\"127.0.0.1:"
            + backend.getAddress().getPort()
            + "\"] } }\n");
    return start();
  }

  private static int port(Weir weir) {
    return URI.create(weir.web()).getPort();
  }

  private static boolean accepts(Weir weir) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(weir))) {
      return socket.isConnected();
    } catch (ConnectException e) {
      return false;
    }
  }

  private static void send(Socket client) throws IOException {
    client
        .getOutputStream()
        .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  private static String all(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
  }
}
