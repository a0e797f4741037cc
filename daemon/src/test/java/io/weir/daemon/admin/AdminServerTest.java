package io.weir.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.weir.core.status.ProxyStatus;
import io.weir.core.status.ProxyStatus.BackendStatus;
import io.weir.core.status.ProxyStatus.ListenerStatus;
import io.weir.core.status.ProxyStatus.PoolStatus;
import io.weir.core.status.ProxyStatus.RuleStatus;
import io.weir.daemon.cli.AdminAddress;
import io.weir.daemon.cli.AdminClient;
import io.weir.firewall.ban.BanTable;
import io.weir.metrics.Exposition;
import io.weir.metrics.LatencyScope;
import io.weir.metrics.LiveStats;
import io.weir.metrics.MetricName;
import io.weir.metrics.Metrics;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServerTest {
  private static final Instant NOW = Instant.parse("2026-11-22T06:00:00Z");

  @TempDir private Path folder;
  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final Metrics metrics = new Metrics(1);
  private final FakeOperations operations = new FakeOperations();
  private AdminServer server;
  private int port;

  private static final class FakeOperations implements Operations {
    private ReloadResult next = new ReloadResult.Reloaded(2, List.of("admin changed"));
    private boolean ready = true;
    private int reloads;
    private final BanTable bans = new BanTable(new SplittableRandom(1));

    @Override
    public ProxyStatus proxy() {
      return new ProxyStatus(
          1,
          "epoll",
          "BoringSSL",
          2,
          !ready,
          List.of(new ListenerStatus("web", "http", true, List.of("127.0.0.1:8443"), 3)),
          List.of(),
          List.of(
              new PoolStatus(
                  "app", "random", List.of(new BackendStatus("a:1", 2, false, true, 4)))),
          List.of(new RuleStatus("bad", "deny", "report", 5)));
    }

    @Override
    public ProcessStatus process() {
      return new ProcessStatus(
          "1.0", "abc", "25", 42, NOW.minusSeconds(90), ready, "weir.yaml", "0a1b", NOW, "ok");
    }

    @Override
    public BanTable bans() {
      return bans;
    }

    @Override
    public Executor bansExecutor() {
      return Runnable::run;
    }

    @Override
    public CompletableFuture<ReloadResult> reload() {
      reloads++;
      return CompletableFuture.supplyAsync(() -> next);
    }
  }

  @BeforeEach
  void start() throws IOException {
    metrics.permanent().counter(MetricName.CONFIG_RELOADS, "ok");
    metrics.permanent().latency(LatencyScope.TOTAL);
    metrics.permanent().latency(LatencyScope.ROUTE, "shop");
    LiveStats stats = new LiveStats(metrics);
    stats.tick(0);
    server =
        new AdminServer(
            loop.next(),
            operations,
            new Exposition(metrics, List.of()),
            stats,
            InstantSource.fixed(NOW));
    port = server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).getPort();
  }

  @AfterEach
  void stop() {
    server.close();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** What comes back, head and body, for a head without its end. */
  private byte[] bytes(String head, String body) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String length = head.contains("Content-Length") ? "" : "\r\nContent-Length: " + body.length();
      String request = head + length + "\r\nConnection: close\r\n\r\n" + body;
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return socket.getInputStream().readAllBytes();
    }
  }

  private String ask(String head) throws IOException {
    return new String(bytes(head, ""), StandardCharsets.UTF_8);
  }

  private String get(String path) throws IOException {
    return ask("GET " + path + " HTTP/1.1\r\nHost: localhost:" + port);
  }

  private String post(String path, String type, String body) throws IOException {
    String head =
        "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nContent-Type: " + type;
    return new String(bytes(head, body), StandardCharsets.UTF_8);
  }

  private static String body(String answer) {
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  @Test
  void aProbeLearnsThatItLivesAndWhetherItIsReady() throws IOException {
    assertThat(get("/healthz")).startsWith("HTTP/1.1 200 ").endsWith("alive\n");
    assertThat(get("/readyz")).startsWith("HTTP/1.1 200 ").endsWith("ready\n");
    operations.ready = false;
    assertThat(get("/healthz")).startsWith("HTTP/1.1 200 ");
    assertThat(get("/readyz")).startsWith("HTTP/1.1 503 ").endsWith("not ready\n");
  }

  @Test
  void aScraperGetsTheFormatThatItAsksFor() throws IOException {
    assertThat(get("/metrics"))
        .contains("content-type: text/plain; version=0.0.4")
        .contains("weir_config_reloads_total{result=\"ok\"} 0.0\n");
    assertThat(
            ask("GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept: application/openmetrics-text"))
        .contains("content-type: application/openmetrics-text")
        .endsWith("# EOF\n");
  }

  @Test
  void whoTakesGzipGetsGzip() throws IOException {
    byte[] answer = bytes("GET /metrics HTTP/1.0\r\nHost: localhost\r\nAccept-Encoding: gzip", "");
    String head = new String(answer, StandardCharsets.ISO_8859_1);
    assertThat(head).contains("content-encoding: gzip");
    int start = head.indexOf("\r\n\r\n") + 4;
    byte[] packed = Arrays.copyOfRange(answer, start, answer.length);
    String text =
        new String(
            new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes(),
            StandardCharsets.UTF_8);
    assertThat(text).contains("weir_config_reloads_total");
  }

  @Test
  void statusTellsWhatIsServed() throws IOException {
    var status = JSON.std.mapFrom(body(get("/api/v1/status")));
    assertThat(status)
        .containsEntry("version", "1.0")
        .containsEntry("uptime_seconds", 90)
        .containsEntry("ready", true)
        .containsEntry("transport", "epoll");
    assertThat(status.get("config").toString()).contains("weir.yaml", "0a1b", "last_reload=ok");
    assertThat(status.get("listeners").toString()).contains("127.0.0.1:8443", "connections=3");
    assertThat(status.get("pools").toString()).contains("a:1", "state=up", "in_flight=4");
    assertThat(status.get("rules").toString()).contains("bad", "report", "matches=5");
  }

  @Test
  void statsHaveAllWindowsAndPercentiles() throws IOException {
    var stats = JSON.std.mapFrom(body(get("/api/v1/stats")));
    assertThat(stats.get("total").toString())
        .contains("1s=", "10s=", "1m=", "p50=", "p90=", "p99=", "p99.9=", "error_ratio=");
    assertThat(stats.get("routes").toString()).contains("route=shop");
    assertThat(stats).containsKeys("listeners", "pools", "backends");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST:9717", "127.0.0.1", "127.8.9.1:80", "[::1]:9717", "[::1]"})
  void namesOfThisMachineAreServed(String host) throws IOException {
    assertThat(ask("GET /healthz HTTP/1.1\r\nHost: " + host)).startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "192.0.2.1:9717",
        "0.0.0.0",
        "[2001:db8::1]",
        "[::1",
        "",
        "localhost\r\nHost: evil.example"
      })
  void aPageThatPointsItsOwnNameHereIsRefused(String host) throws IOException {
    assertThat(ask("GET /api/v1/status HTTP/1.1\r\nHost: " + host))
        .startsWith("HTTP/1.1 403 ")
        .contains("application/problem+json")
        .doesNotContain("weir.yaml");
  }

  @Test
  void aReloadWaitsAndTellsTheGeneration() throws IOException {
    String answer = post("/api/v1/reload", "application/json; charset=utf-8", "{}");
    assertThat(answer).startsWith("HTTP/1.1 200 ");
    assertThat(JSON.std.mapFrom(body(answer)))
        .containsEntry("result", "ok")
        .containsEntry("generation", 2)
        .containsEntry("notes", List.of("admin changed"));
  }

  @Test
  void aReloadThatFailsSaysWhy() throws IOException {
    operations.next = new ReloadResult.Invalid(2, "weir.yaml:1:2: what\n");
    String invalid = post("/api/v1/reload", "application/json", "");
    assertThat(invalid).startsWith("HTTP/1.1 422 ").contains("application/problem+json");
    assertThat(JSON.std.mapFrom(body(invalid)))
        .containsEntry("result", "invalid")
        .containsEntry("errors", 2)
        .containsEntry("report", "weir.yaml:1:2: what\n");
    operations.next = new ReloadResult.Failed("port taken");
    assertThat(post("/api/v1/reload", "application/json", ""))
        .startsWith("HTTP/1.1 409 ")
        .contains("port taken", "\"result\":\"failed\"");
  }

  @Test
  void onlyAJsonPostReloads() throws IOException {
    assertThat(get("/api/v1/reload")).startsWith("HTTP/1.1 405 ").contains("allow: POST");
    assertThat(post("/api/v1/reload", "application/x-www-form-urlencoded", "a=b"))
        .startsWith("HTTP/1.1 415 ");
    assertThat(post("/api/v1/reload", "text/plain;application/json", "{}"))
        .startsWith("HTTP/1.1 415 ");
    assertThat(post("/api/v1/reload", "application/json\r\nContent-Length: 5000", ""))
        .startsWith("HTTP/1.1 413 ");
    assertThat(operations.reloads).isZero();
  }

  @Test
  void whatIsNotThereIsAProblemAndWhatOnlyReadsTakesNoPost() throws IOException {
    assertThat(get("/nowhere")).startsWith("HTTP/1.1 404 ").contains("application/problem+json");
    assertThat(get("http://evil.example/")).startsWith("HTTP/1.1 404 ");
    assertThat(post("/metrics", "application/json", "{}"))
        .startsWith("HTTP/1.1 405 ")
        .contains("allow: GET, HEAD");
    assertThat(ask("NOT HTTP")).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void thePageIsSmallAndItsPolicyStrict() throws IOException {
    int size = 0;
    for (String path : List.of("/", "/dashboard.css", "/dashboard.js")) {
      String answer = get(path);
      assertThat(answer)
          .startsWith("HTTP/1.1 200 ")
          .contains("content-security-policy: default-src 'none'", "nosniff");
      assertThat(body(answer).replace("http://www.w3.org/2000/svg", ""))
          .doesNotContain("http://", "https://", "innerHTML", "eval(");
      size += answer.length();
    }
    assertThat(size).isLessThan(40_000);
  }

  @Test
  void nobodyElsesAddressIsListenedOn() {
    for (String address : List.of("0.0.0.0", "192.0.2.1", "::")) {
      assertThatThrownBy(() -> server.bind(new InetSocketAddress(address, 0)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("not a loopback address");
    }
  }

  @Test
  void theSocketServesItsOwnerWhateverTheHostAndGoesWithTheServer() throws IOException {
    Path socket = folder.resolve("admin.sock");
    server.bind(socket);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-rw----");
    AdminClient client = new AdminClient(new AdminAddress.Unix(socket));
    assertThat(client.get("/api/v1/status").text("version")).isEqualTo("1.0");
    assertThat(client.post("/api/v1/reload").text("result")).isEqualTo("ok");
    server.close();
    assertThat(socket).doesNotExist();
  }

  @Test
  void aSocketThatAnotherServesIsLeftAloneAndADeadOneReplaced() throws IOException {
    Path socket = folder.resolve("admin.sock");
    server.bind(socket);
    assertThatThrownBy(() -> server.bind(socket)).hasMessage("in use by another process");

    Path dead = folder.resolve("dead.sock");
    try (var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(dead));
    }
    assertThat(dead).exists();
    server.bind(dead);
    AdminClient client = new AdminClient(new AdminAddress.Unix(dead));
    assertThat(client.get("/api/v1/status").status()).isEqualTo(200);
  }
}
