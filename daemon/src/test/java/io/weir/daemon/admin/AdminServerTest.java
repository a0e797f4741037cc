package io.weir.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.weir.core.status.AskedRequest;
import io.weir.core.status.ExplainedRequest;
import io.weir.core.status.ProxyStatus;
import io.weir.core.status.ProxyStatus.BackendStatus;
import io.weir.core.status.ProxyStatus.ListenerStatus;
import io.weir.core.status.ProxyStatus.PoolStatus;
import io.weir.core.status.ProxyStatus.RuleStatus;
import io.weir.core.status.Refused;
import io.weir.core.status.RefusedSince;
import io.weir.daemon.cli.AdminAddress;
import io.weir.daemon.cli.AdminClient;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.ban.BanTable;
import io.weir.metrics.Exposition;
import io.weir.metrics.LatencyScope;
import io.weir.metrics.LiveStats;
import io.weir.metrics.MetricName;
import io.weir.metrics.Metrics;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
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
import java.util.Optional;
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
    private volatile boolean draining;
    private volatile List<Refused> news = List.of();
    private final BanTable bans = new BanTable(new SplittableRandom(1));
    private final List<Refused> refused =
        List.of(
            new Refused(
                NOW.toEpochMilli(),
                ClientAddress.v4(0x0a000001),
                "bad",
                "deny",
                403,
                0,
                "path",
                "/x",
                null,
                "web",
                new Refused.Request(
                    "r1", "GET", "a", "/x?y=z", "h2", "all", "1.3", "a", null, null, 1, null)),
            new Refused(
                NOW.toEpochMilli() - 1000,
                ClientAddress.v4(0x0a000002),
                null,
                "ban",
                0,
                0,
                "ip",
                "10.0.0.2",
                "trap",
                "web",
                null));

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
          List.of(new RuleStatus("bad", "deny", "report", 5, 1_700_000_000_000L)));
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
    public CompletableFuture<List<Refused>> refusals(int limit) {
      return CompletableFuture.completedFuture(refused.subList(0, Math.min(limit, refused.size())));
    }

    @Override
    public CompletableFuture<RefusedSince> refusedSince(List<RefusedSince.Mark> marks, int limit) {
      return CompletableFuture.completedFuture(
          new RefusedSince(
              marks.isEmpty() ? List.of() : news, 0, List.of(new RefusedSince.Mark(1, 1))));
    }

    @Override
    public boolean draining() {
      return draining;
    }

    @Override
    public CompletableFuture<Optional<Refused>> refusal(String requestId) {
      return CompletableFuture.completedFuture(
          refused.stream()
              .filter(one -> one.request() != null && one.request().id().equals(requestId))
              .findFirst());
    }

    @Override
    public CompletableFuture<ExplainedRequest> explain(AskedRequest asked) {
      return CompletableFuture.completedFuture(
          new ExplainedRequest.Unclear("no way for " + asked.target()));
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
  void theLatestRefusalsComeFirstAndAsManyAsAreWanted() throws IOException {
    String both = body(get("/api/v1/firewall/events"));
    assertThat(both)
        .isEqualTo(
            "{\"events\":[{\"ts\":\"2026-11-22T06:00:00Z\",\"client_ip\":\"10.0.0.1\","
                + "\"rule\":\"bad\",\"action\":\"deny\",\"status\":403,\"field\":\"path\","
                + "\"excerpt\":\"/x\",\"listener\":\"web\",\"method\":\"GET\",\"host\":\"a\","
                + "\"path\":\"/x\",\"route\":\"all\",\"generation\":1,\"request_id\":\"r1\"},"
                + "{\"ts\":\"2026-11-22T05:59:59Z\",\"client_ip\":\"10.0.0.2\","
                + "\"action\":\"ban\",\"status\":0,\"field\":\"ip\",\"excerpt\":\"10.0.0.2\","
                + "\"reason\":\"trap\",\"listener\":\"web\"}]}");
    assertThat(get("/api/v1/firewall/events?limit=1")).contains("r1").doesNotContain("trap");
    assertThat(get("/api/v1/firewall/events?request_id=r1")).contains("r1").doesNotContain("trap");
    assertThat(get("/api/v1/firewall/events?request_id=r2")).endsWith("{\"events\":[]}");
    for (String limit : List.of("0", "1001", "-1", "x", "")) {
      assertThat(get("/api/v1/firewall/events?limit=" + limit))
          .startsWith("HTTP/1.1 400 ")
          .contains("from 1 to 1000");
    }
  }

  private Socket follows() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    String request =
        "GET /api/v1/firewall/events?follow HTTP/1.1\r\nHost: localhost\r\n"
            + "Accept-Encoding: gzip\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  /** What comes until the text has come. */
  private static String reads(Socket socket, String until) throws IOException {
    StringBuilder all = new StringBuilder();
    while (all.indexOf(until) < 0) {
      int next = socket.getInputStream().read();
      assertThat(next).as("the end after %s", all).isNotNegative();
      all.append((char) next);
    }
    return all.toString();
  }

  @Test
  void refusalsAreToldAsTheyComeUntilTheDrain() throws IOException {
    try (Socket socket = follows()) {
      assertThat(reads(socket, "from now on\n\n"))
          .startsWith("HTTP/1.1 200 OK\r\n")
          .contains("content-type: text/event-stream\r\n")
          .doesNotContain("gzip");
      operations.news = operations.refused.subList(0, 1);
      assertThat(reads(socket, "}\n\n"))
          .contains("event: refusal\ndata: {\"ts\":\"2026-11-22T06:00:00Z\"", "\"r1\"}");
      operations.news = List.of();
      operations.draining = true;
      assertThat(reads(socket, "0\r\n\r\n")).contains("event: end\ndata: {}\n\n");
      assertThat(socket.getInputStream().read()).isNegative();
      assertThat(get("/api/v1/firewall/events?follow")).startsWith("HTTP/1.1 503 ");
    }
  }

  @Test
  void whoReadsSlowlyLosesEventsAndIsToldHowMany() throws Exception {
    try (Socket slow = follows();
        Socket quick = follows()) {
      reads(slow, "from now on\n\n");
      reads(quick, "from now on\n\n");
      Refused huge = operations.refused.getFirst();
      operations.news = java.util.Collections.nCopies(20_000, huge); // 4 MB each quarter second
      long read = 0;
      while (read < 32_000_000) { // eight rounds, of which the slow one took what sockets hold
        read += quick.getInputStream().readNBytes(1_000_000).length;
      }
      operations.news = List.of(huge);
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(slow.getInputStream(), StandardCharsets.UTF_8));
      String line = lines.readLine();
      while (!"event: dropped".equals(line)) {
        assertThat(line).as("the end").isNotNull();
        line = lines.readLine();
      }
      String count = lines.readLine().replaceAll("\\D", "");
      assertThat(Integer.parseInt(count)).isGreaterThanOrEqualTo(20_000);
    }
  }

  @Test
  void onlySoManyMayFollow() throws IOException {
    List<Socket> sockets = new java.util.ArrayList<>();
    try {
      for (int i = 0; i < RefusalFeed.MOST_FOLLOWERS; i++) {
        sockets.add(follows());
        reads(sockets.getLast(), "from now on\n\n");
      }
      assertThat(get("/api/v1/firewall/events?follow"))
          .startsWith("HTTP/1.1 503 ")
          .contains("16 follow already");
      assertThat(get("/api/v1/firewall/events")).startsWith("HTTP/1.1 200 ");
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void rulesTellWhatTheyDidOrWouldHave() throws IOException {
    assertThat(body(get("/api/v1/firewall/rules")))
        .isEqualTo(
            "{\"rules\":[{\"rule\":\"bad\",\"action\":\"deny\",\"mode\":\"report\","
                + "\"hits\":0,\"would_have_hits\":5,\"last_hit\":\"2023-11-14T22:13:20Z\"}]}");
  }

  @Test
  void aQuestionThatMakesNoSenseIsToldSo() throws IOException {
    String path = "/api/v1/explain";
    assertThat(get(path)).startsWith("HTTP/1.1 405 ").contains("allow: POST");
    assertThat(post(path, "text/plain", "{}")).startsWith("HTTP/1.1 415 ");
    assertThat(post(path, "application/json", "{")).startsWith("HTTP/1.1 400 ");
    assertThat(post(path, "application/json", "{}")).startsWith("HTTP/1.1 400 ").contains("url: ");
    assertThat(post(path, "application/json", "{\"url\":\"http://a/b\",\"ip\":\"10.0.0.256\"}"))
        .startsWith("HTTP/1.1 400 ")
        .contains("10.0.0.256");
    assertThat(post(path, "application/json", "{\"url\":\"http://a/b\",\"ip\":\"10.0.0.1\"}"))
        .startsWith("HTTP/1.1 422 ")
        .contains("no way for /b");
    assertThat(post(path, "application/json", "{\"request_id\":\"r2\"}"))
        .startsWith("HTTP/1.1 404 ");
    assertThat(post(path, "application/json", "{\"request_id\":\"r1\"}"))
        .startsWith("HTTP/1.1 200 ")
        .contains("\"refused\":{", "too long to keep");
  }

  @Test
  void onlyAJsonPostReloads() throws IOException {
    assertThat(get("/api/v1/reload")).startsWith("HTTP/1.1 405 ").contains("allow: POST");
    assertThat(post("/api/v1/reload", "application/x-www-form-urlencoded", "a=b"))
        .startsWith("HTTP/1.1 415 ");
    assertThat(post("/api/v1/reload", "text/plain;application/json", "{}"))
        .startsWith("HTTP/1.1 415 ");
    assertThat(post("/api/v1/reload", "application/json\r\nContent-Length: 70000", ""))
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
    assertThatThrownBy(() -> server.bind(socket)).hasMessage("Address already in use");

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
