package io.weir.core.stories.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.weir.core.config.BackendConfig;
import io.weir.core.config.KeepAliveConfig;
import io.weir.core.config.PoolConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.EchoWebSocket;
import io.weir.core.testkit.HpackText;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import io.weir.core.testkit.Http2Response;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.Openssl.CertificateFiles;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Request;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stillness;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.core.testkit.Wire;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.metrics.MetricName;
import io.weir.metrics.Metrics;
import io.weir.tls.UpstreamTlsConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of HTTP/2 that leave HTTP (RFC 8441). */
class WebSocketStreamStories extends Stories {
  private static final int CANCEL = 8;
  private static final int ENHANCE_YOUR_CALM = 11;
  private static final int INITIAL_WINDOW_SIZE = 4;

  /** A masked text frame that says "hi". */
  private static final String HI = "\u0081\u0082\1\2\3\4" + (char) ('h' ^ 1) + (char) ('i' ^ 2);

  /** A masked close frame of the code 1000. */
  private static final String GOODBYE = "\u0088\u0082\1\2\3\4" + (char) (3 ^ 1) + (char) (0xe8 ^ 2);

  /** How long the end of a stream is kept from a backend that does not answer. */
  private static final Duration FIN_HELD = Duration.ofSeconds(5);

  @TempDir private Path folder;

  private static ProxySetup to(ByteBackend backend) {
    return proxy().listensH2c("h2").app(backend);
  }

  private Http2Client client(WeirUnderTest weir, String listener) {
    return keeps(Http2Client.open(weir.address(listener)));
  }

  private static Http2Frame connect(int stream, String... more) {
    return Http2Client.webSocket(stream, Http2Frame.END_HEADERS, more);
  }

  /** Takes the handshake as a server of WebSockets does, and goes on in bytes. */
  private static Script upgrading(Script then) {
    return on -> {
      String key = on.receivesRequest().headers().first("sec-websocket-key").orElseThrow();
      on.sends(switching(key));
      then.play(on);
    };
  }

  private static String switching(String key) {
    return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Accept: "
        + accept(key)
        + "\r\n\r\n";
  }

  private static String accept(String key) {
    try {
      byte[] text =
          (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void says(Http2Client client, Http2Response response, String text) {
    client.receivesUntil(text, () -> response.length() >= text.length());
    assertThat(response.body()).isEqualTo(text);
  }

  private static long upgraded(WeirUnderTest weir) {
    Metrics metrics = weir.metrics();
    return metrics.sum(
        metrics.slots(MetricName.HTTP_UPGRADED_CONNECTIONS, List.of("listener"), List.of("h2")));
  }

  /** RFC 9113 section 5.4.1: behind the GOAWAY of an error the connection closes. */
  @Test
  void endsWithItsConnectionAndWithoutAFrameOfItsOwn() {
    ByteBackend backend = backend(upgrading(on -> on.sends("hi").waitsForEnd()));
    WeirUnderTest weir = starts(to(backend));
    Http2Client client = client(weir, "h2");
    client.sends(connect(1));
    says(client, client.receivesOpening(1), "hi");
    client.sends(Wire.text(Http2Frame.settings().bytes()).repeat(1_000));
    assertThat(client.receivesGoAway()).isEqualTo(ENHANCE_YOUR_CALM);
    assertThat(client.receivesFrame()).as("a frame behind it").isFalse();
    assertThat(weir.log().line(0).outcome()).isEqualTo("ok"); // as a request it had ended well
    assertThat(upgraded(weir)).isZero();
  }

  @Test
  void aRealServerOfWebSocketsIsSpokenTo() {
    EchoWebSocket echo = keeps(EchoWebSocket.started());
    WeirUnderTest weir = starts(proxy().listensH2c("h2").app(echo.address()));
    Http2Client client = client(weir, "h2");
    client.sends(connect(1, "sec-websocket-protocol", "chat"), Http2Frame.data(1, 0, HI));
    Http2Response response = client.receivesOpening(1);
    assertThat(response.headers().all("sec-websocket-protocol")).containsExactly("chat");
    assertThat(response.headers().all("sec-websocket-accept")).isEmpty();
    assertThat(response.headers().all("upgrade")).isEmpty();
    says(client, response, "\u0081\u0010hello from /chat\u0081\2hi");
    client.sends(Http2Frame.data(1, 0, GOODBYE));
    client.receivesUntil("the end", response::ended);
    assertThat(response.body()).endsWith("\u0088\2\3\u00e8");
    assertThat(client.isAnswered()).isTrue();
    assertThat(response.reset()).as("reset behind the end").isNull();
  }

  /**
   * As browsers close theirs: the stream ends with the close frame, and the answer is awaited. The
   * library answers some of those whose FIN it sees, so many are closed; one that it takes longer
   * with than the FIN is held back says nothing.
   */
  @Test
  void aCloseFrameThatEndsItsStreamIsAnswered() {
    EchoWebSocket echo = keeps(EchoWebSocket.started());
    Http2Client client = client(starts(proxy().listensH2c("h2").app(echo.address())), "h2");
    int inTime = 0;
    for (int stream = 1; stream < 60; stream += 2) {
      client.sends(connect(stream, "sec-websocket-protocol", "chat"));
      Http2Response response = client.receivesOpening(stream);
      long ended = System.nanoTime();
      client.sends(Http2Frame.data(stream, Http2Frame.END_STREAM, GOODBYE));
      client.receivesUntil(
          "the end of " + stream, () -> response.ended() || response.reset() != null);
      if (System.nanoTime() - ended < FIN_HELD.toNanos()) {
        inTime++;
        assertThat(response.body()).as("stream %d", stream).endsWith("\u0088\2\3\u00e8");
        assertThat(response.reset()).as("reset of %d", stream).isNull();
      }
    }
    assumeThat(inTime).as("closed before their FIN").isPositive();
  }

  @Test
  void theEndOfAStreamIsNoEndForTheBackendUntilItHadTimeToAnswer() {
    ByteBackend backend =
        backend(
            upgrading(on -> {
              assertThat(on.receivesBytes(3)).asString().isEqualTo("bye");
              on.sends("bye");
              on.waitsForEnd(); // and closes only then, as no server should
            }));
    Http2Client client = client(starts(to(backend).tunnelIdle(Duration.ofSeconds(4))), "h2");
    client.sends(connect(1));
    Http2Response response = client.receivesOpening(1);
    long ended = System.nanoTime();
    client.sends(Http2Frame.data(1, Http2Frame.END_STREAM, "bye"));
    says(client, response, "bye");
    backend.seesEndOf(0);
    assertThat(System.nanoTime() - ended).isGreaterThan(Duration.ofMillis(1_900).toNanos());
    client.receivesUntil("the end", response::ended);
  }

  @Test
  void theBackendSeesAnUpgradeAndBytesGoBothWays() {
    ByteBackend backend =
        backend(
            upgrading(on -> {
              on.sends("first");
              assertThat(on.receivesBytes(4)).asString().isEqualTo("ping");
              on.sends("pong");
              on.waitsForEnd();
            }));
    WeirUnderTest weir = starts(to(backend).tunnelIdle(Duration.ofSeconds(4)));
    Http2Client client = client(weir, "h2");
    client.sends(
        connect(1, "cookie", "a=1", "x-thing", "1", "sec-websocket-key", "mine", "cookie", "b=2"));
    Http2Response response = client.receivesOpening(1);
    says(client, response, "first");
    client.sends(Http2Frame.data(1, 0, "ping"));
    says(client, response, "firstpong");
    Request request = backend.requests().getFirst();
    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.target()).isEqualTo("/chat");
    assertThat(request.headers().all("host")).containsExactly("a");
    assertThat(request.headers().all("upgrade")).containsExactly("websocket");
    assertThat(request.headers().all("connection")).containsExactly("upgrade");
    assertThat(request.headers().all("sec-websocket-version")).containsExactly("13");
    assertThat(request.headers().all("sec-websocket-key")).hasSize(1).doesNotContain("mine");
    assertThat(request.headers().all("x-thing")).containsExactly("1");
    assertThat(request.headers().all("cookie")).containsExactly("a=1; b=2");
    assertThat(upgraded(weir)).isEqualTo(1);
    client.sends(Http2Frame.data(1, Http2Frame.END_STREAM, ""));
    backend.seesEndOf(0);
    client.receives(1, 200);
    ByteBackend.waitsUntil("the end is counted", () -> upgraded(weir) == 0);
    assertThat(weir.log().line(0).status()).isEqualTo(101);
  }

  @Test
  void oneThatItsBackendResetsIsReset() {
    ByteBackend backend =
        backend(
            upgrading(on -> {
              assertThat(on.receivesBytes(4)).asString().isEqualTo("ping");
              on.resets();
            }));
    Http2Client client = client(starts(to(backend)), "h2");
    client.sends(connect(1));
    Http2Response response = client.receivesOpening(1);
    client.sends(Http2Frame.data(1, 0, "ping"));
    client.receivesUntil("its end", () -> response.ended() || response.reset() != null);
    assertThat(response.reset()).isEqualTo(CANCEL);
    assertThat(response.ended()).isFalse();
  }

  @Test
  void soIsOneThatItsBackendResetsWithinTls() throws Exception {
    CertificateFiles files = Openssl.selfSigned(folder, "127.0.0.1");
    CountDownLatch gate = new CountDownLatch(1);
    Pattern key = Pattern.compile("(?i)sec-websocket-key: (\\S+)");
    ByteBackend backend =
        backend(on -> {
          on.answersWithinTls(
              files,
              head -> switching(key.matcher(head).results().findFirst().orElseThrow().group(1)),
              false);
          on.waitsFor(gate);
          on.resets();
        });
    UpstreamTlsConfig tls = new UpstreamTlsConfig(null, null, null, false, List.of());
    BackendConfig only = new BackendConfig(ProxySetup.hostPort(backend.address()), 1, false);
    PoolConfig pool =
        new PoolConfig(
            PoolConfig.BalanceConfig.ROUND_ROBIN,
            List.of(only),
            null,
            KeepAliveConfig.DEFAULTS,
            tls);
    ProxySetup setup = proxy().listensH2c("h2").pool("tls", pool).route("", "", "tls");
    Http2Client client = client(starts(setup), "h2");
    client.sends(connect(1, "sec-websocket-protocol", "chat"));
    Http2Response response = client.receivesOpening(1);
    gate.countDown();
    client.receivesUntil("its end", () -> response.ended() || response.reset() != null);
    assertThat(response.reset()).isEqualTo(CANCEL);
    assertThat(response.ended()).isFalse();
  }

  @Test
  void aWebSocketMayBeSilentForAsLongAsATunnelWhateverItsWindow() {
    Duration idle = Duration.ofSeconds(2); // no first request is later
    ByteBackend backend =
        backend(
            upgrading(on -> {
              assertThat(on.receivesBytes(4)).asString().isEqualTo("ping");
              on.sends("pong").waitsForEnd();
            }));
    Duration late = Duration.ofSeconds(60);
    Http2Client client = client(starts(to(backend).clientTimeouts(late, late, idle)), "h2");
    client.sends(connect(1), Http2Frame.settings(INITIAL_WINDOW_SIZE, 0));
    Http2Response response = client.receivesOpening(1);
    client.sends(Http2Frame.windowUpdate(1, 1000));
    pauses(idle.multipliedBy(2));
    client.sends(Http2Frame.data(1, 0, "ping"));
    says(client, response, "pong");
  }

  private static void pauses(Duration time) {
    try {
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aRuleOfBandwidthSlowsDownWhatAStreamIsSent() {
    RuleConfig slow =
        new RuleConfig(
            "pace",
            MatchConfig.ALWAYS,
            new ActionConfig.Bandwidth(List.of(new KeyPart.Ip()), 64 << 10, 16 << 10));
    ByteBackend backend =
        backend(
            upgrading(on -> {
              on.sends("x".repeat(48 << 10)); // owes half a second more than the burst
              assertThat(on.receivesBytes(4)).asString().isEqualTo("ping");
              on.sends("end");
              on.waitsForEnd();
            }));
    WeirUnderTest weir = starts(to(backend).rules(slow));
    Http2Client client = client(weir, "h2");
    long began = System.nanoTime();
    client.sends(connect(1));
    Http2Response response = client.receivesOpening(1);
    client.receivesUntil("the first piece", () -> response.length() == 48 << 10);
    client.sends(Http2Frame.data(1, 0, "ping"));
    client.receivesUntil("the second", () -> response.length() == (48 << 10) + 3);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(450));
    weir.eventually("weir_bandwidth_bytes_total", (48 << 10) + 3, "pace");
  }

  @Test
  void eachSideMayFinishFirst() {
    ByteBackend backend =
        backend(
            upgrading(on -> {
              on.waitsForEnd();
              on.sends("after your end");
            }),
            upgrading(on -> {
              on.sends("bye");
              on.finishesSending();
              assertThat(on.receivesBytes(14)).asString().isEqualTo("after your end");
            }));
    Http2Client client = client(starts(to(backend).tunnelIdle(Duration.ofSeconds(4))), "h2");
    client.sends(Http2Client.webSocket(1, Http2Frame.END_HEADERS | Http2Frame.END_STREAM));
    assertThat(client.receives(1, 200).body()).isEqualTo("after your end");
    client.sends(connect(3));
    Http2Response second = client.receivesOpening(3);
    client.receivesUntil("the backend's end", second::ended);
    assertThat(second.body()).isEqualTo("bye");
    client.sends(Http2Frame.data(3, Http2Frame.END_STREAM, "after your end"));
    backend.seesEndOf(1);
    assertThat(backend.connection(1).received()).asString().endsWith("after your end");
  }

  @Test
  void oneThatIsResetIsGoneForTheBackend() {
    ByteBackend backend = backend(upgrading(on -> on.waitsForEnd()));
    WeirUnderTest weir = starts(to(backend));
    Http2Client client = client(weir, "h2");
    client.sends(connect(1));
    client.receivesOpening(1);
    client.sends(Http2Frame.reset(1, CANCEL));
    backend.seesEndOf(0);
    assertThat(client.isAnswered()).isTrue();
    ByteBackend.waitsUntil("the end is counted", () -> upgraded(weir) == 0);
  }

  @Test
  void aSilentOneEndsAfterItsOwnTimeAndOutlivesTheOthers() {
    Duration soon = Duration.ofSeconds(2); // no handshake is later
    ByteBackend backend = backend(upgrading(on -> on.waitsForEnd()));
    WeirUnderTest weir =
        starts(
            to(backend)
                .clientTimeouts(soon, soon, soon)
                .backendTimeouts(Duration.ofSeconds(60), soon)
                .tunnelIdle(soon.multipliedBy(2)));
    Http2Client client = client(weir, "h2");
    long began = System.nanoTime();
    client.sends(connect(1));
    Http2Response response = client.receivesOpening(1);
    client.receivesUntil("its end", () -> response.ended() || response.reset() != null);
    assertThat(System.nanoTime() - began).isGreaterThan(Duration.ofMillis(3_900).toNanos());
    backend.seesEndOf(0);
  }

  @Test
  void whoeverReadsSlowlyHoldsUpItsOwnStream() {
    int much = 8 * 1024 * 1024;
    ByteBackend backend =
        backend(
            upgrading(on -> {
              on.sends("x".repeat(much));
              on.waitsForEnd();
            }),
            Script.answers("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    WeirUnderTest weir = starts(to(backend));
    Http2Client client = client(weir, "h2").dropsBodies();
    client.sends(connect(1)); // whose window is 65,535 bytes
    Http2Response response = client.receivesOpening(1);
    client.receivesUntil("a full window", () -> response.length() == 65_535);
    client.sends(Http2Frame.windowUpdate(0, much));
    client.asks(3).receives(3, 200);
    assertThat(backend.connection(0).sentCount()).isLessThan(much);
    client.sends(Http2Frame.windowUpdate(1, much));
    client.receivesUntil("the rest", () -> response.length() == much);
  }

  /** Whether the client's window has ever been open or not. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1_000})
  void whoReadsNothingIsCutWhereMemoryIsShort(int window) throws Exception {
    int most = 8; // who may hold a full share of a megabyte
    ByteBackend backend = backend(upgrading(on -> on.sendsZeros(16 << 20)));
    WeirUnderTest weir = starts(to(backend).workers(1).bufferMemory(1 << 20));
    Http2Client client = client(weir, "h2");
    client.sends(Http2Frame.settings(INITIAL_WINDOW_SIZE, window));
    for (int i = 0; i <= most; i++) {
      int stream = 1 + 2 * i;
      client.sends(connect(stream)).receivesOpening(stream);
      Stillness.of(backend.connection(i)::sentCount); // as much waits as may
    }
    assertThat(client.receivesReset(1)).isEqualTo(ENHANCE_YOUR_CALM);
    backend.seesEndOf(0);
    weir.eventually("weir_http_upgraded_connections", most, "h2");
    weir.eventually("weir_http_errors_total", 1, "h2", "overload");
    assertThat(weir.log().line(0).outcome()).isEqualTo("overload");
    assertThat(client.isAnswered()).isTrue();
  }

  @Test
  void aBackendThatReadsNothingHoldsUpItsClient() {
    CountDownLatch seen = new CountDownLatch(1);
    ByteBackend backend = backend(upgrading(on -> seen.await()));
    Http2Client client = client(starts(to(backend)), "h2");
    client.sends(connect(1));
    client.receivesOpening(1);
    String piece = "x".repeat(16_000);
    int most = 32_000_000; // far more than kernels and windows hold
    int sent = 0;
    for (int silent = 0; sent < most && silent < 20; silent++) {
      while (sent + piece.length() <= 131_072 + client.windowGiven(1)) {
        client.sends(Http2Frame.data(1, 0, piece));
        sent += piece.length();
        silent = 0;
      }
      assertThat(client.isAnswered()).isTrue();
    }
    seen.countDown();
    assertThat(sent).isLessThan(most);
  }

  @Test
  void aRefusalIsAnAnswerLikeAnyOther() {
    ByteBackend backend =
        backend(Script.answers("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"));
    Http2Client client = client(starts(to(backend)), "h2");
    client.sends(connect(1));
    assertThat(client.receives(1, 403).body()).isEqualTo("no");
  }

  @Test
  void rulesSeeTheGetThatItIs() {
    ByteBackend backend = backend(upgrading(on -> on.waitsForEnd()));
    RuleConfig rule =
        new RuleConfig(
            "no-chat", new MatchConfig.Method(Set.of("GET")), new ActionConfig.Deny(403));
    Http2Client client = client(starts(to(backend).rules(rule)), "h2");
    client.sends(connect(1));
    client.receives(1, 403);
    backend.receivedNothing();
  }

  /** Any 2xx would tell the client that its stream is a WebSocket. */
  @Test
  void aSuccessThatIsNoUpgradeIsNotPassedOn() {
    ByteBackend backend = backend(Script.answers("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    Http2Client client = client(starts(to(backend)), "h2");
    client.sends(connect(1));
    client.receives(1, 502);
  }

  @Test
  void anAnswerToAnotherKeyIsNone() {
    ByteBackend backend =
        backend(on -> {
          on.receivesRequest();
          on.sends(
              "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                  + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
          on.waitsForEnd();
        });
    Http2Client client = client(starts(to(backend)), "h2");
    client.sends(connect(1));
    client.receives(1, 502);
    backend.seesEndOf(0);
  }

  @Test
  void headersInTheMidstOfItResetTheStream() {
    ByteBackend backend = backend(upgrading(on -> on.waitsForEnd()));
    Http2Client client = client(starts(to(backend)), "h2");
    client.sends(connect(1));
    client.receivesOpening(1);
    client.sends(
        Http2Frame.headers(
            1, Http2Frame.END_HEADERS | Http2Frame.END_STREAM, HpackText.literals("x", "y")));
    assertThat(client.receivesReset(1)).isEqualTo(1);
    backend.seesEndOf(0);
    assertThat(client.isAnswered()).isTrue();
  }
}
