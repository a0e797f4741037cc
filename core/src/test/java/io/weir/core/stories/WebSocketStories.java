package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.EditsConfig;
import io.weir.core.config.EditsConfig.Headers;
import io.weir.core.config.RouteConfig;
import io.weir.core.config.RouteConfig.Match;
import io.weir.core.config.RouteConfig.Timeouts;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.EchoWebSocket;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Request;
import io.weir.core.testkit.Response;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stillness;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.metrics.MetricName;
import io.weir.metrics.Metrics;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exchanges that leave HTTP (RFC 9110 section 7.8, RFC 6455). */
class WebSocketStories extends Stories {
  private static final String HANDSHAKE =
      "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
          + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  private static final String SWITCHES =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

  /** Takes the handshake and goes on in bytes. */
  private static Script upgrading(Script then) {
    return on -> {
      on.receivesRequest();
      on.sends(SWITCHES);
      then.play(on);
    };
  }

  @Test
  void theHandshakeReachesTheBackendAndBytesGoBothWays() {
    ByteBackend backend =
        backend(
            upgrading(on -> {
              on.sends("first");
              assertThat(on.receivesBytes(4)).asString().isEqualTo("ping");
              on.sends("pong");
              on.waitsForEnd();
            }));
    WeirUnderTest weir = starts(proxy().app(backend));
    ByteClient client = client(weir);
    Response answer = client.sends(HANDSHAKE).receivesHead();
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.headers().all("upgrade")).containsExactly("websocket");
    assertThat(answer.headers().all("connection")).containsExactly("upgrade");
    assertThat(answer.headers().all("sec-websocket-accept"))
        .containsExactly("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assertThat(client.receivesBytes(5)).isEqualTo("first");
    assertThat(client.sends("ping").receivesBytes(4)).isEqualTo("pong");
    Request request = backend.requests().getFirst();
    assertThat(request.headers().all("upgrade")).containsExactly("websocket");
    assertThat(request.headers().all("connection")).containsExactly("upgrade");
    assertThat(request.headers().all("sec-websocket-key"))
        .containsExactly("dGhlIHNhbXBsZSBub25jZQ==");
    assertThat(upgraded(weir)).isEqualTo(1);
    client.close();
    backend.seesEndOf(0);
    ByteBackend.waitsUntil("the end is counted", () -> upgraded(weir) == 0);
    assertThat(weir.log().line(0).status()).isEqualTo(101);
  }

  @Test
  void itsAnswerIsEditedLikeAnyOther() {
    ByteBackend backend = backend(upgrading(on -> on.sends("first")));
    Headers headers = new Headers(List.of(), Map.of("x-served-by", "weir"), Map.of());
    RouteConfig route =
        new RouteConfig(
            null,
            Match.EVERYTHING,
            new RouteConfig.Forward(ProxySetup.APP),
            new EditsConfig("", null, Headers.NONE, headers),
            Timeouts.USUAL);
    ByteClient client =
        client(starts(proxy().pool(ProxySetup.APP, backend.address()).route(route)));
    Response answer = client.sends(HANDSHAKE).receivesHead();
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.headers().all("x-served-by")).containsExactly("weir");
    assertThat(client.receivesUntilEof()).isEqualTo("first");
  }

  private static long upgraded(WeirUnderTest weir) {
    Metrics metrics = weir.metrics();
    return metrics.sum(
        metrics.slots(MetricName.HTTP_UPGRADED_CONNECTIONS, List.of("listener"), List.of("web")));
  }

  @Test
  void whatTheClientSendsTooEarlyIsNotLost() {
    ByteBackend backend =
        backend(
            upgrading(on -> {
              assertThat(on.receivesBytes(5)).asString().isEqualTo("early");
              on.sends("taken");
            }));
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends(HANDSHAKE + "early");
    assertThat(client.receivesHead().status()).isEqualTo(101);
    assertThat(client.receivesUntilEof()).isEqualTo("taken");
  }

  @Test
  void theClientMayFinishFirst() {
    ByteBackend backend =
        backend(
            upgrading(on -> {
              on.waitsForEnd();
              on.sends("after your end");
            }));
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends(HANDSHAKE).receivesHead();
    assertThat(client.finishesSending().receivesUntilEof()).isEqualTo("after your end");
  }

  @Test
  void theBackendMayFinishFirst() {
    ByteBackend backend =
        backend(
            upgrading(on -> {
              on.sends("bye");
              on.finishesSending();
              assertThat(on.receivesBytes(14)).asString().isEqualTo("after your end");
            }));
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends(HANDSHAKE).receivesHead();
    assertThat(client.receivesUntilEof()).isEqualTo("bye");
    client.sends("after your end");
    ByteBackend.waitsUntil(
        "all bytes", () -> backend.connection(0).receivedCount() >= HANDSHAKE.length());
    backend.seesEndOf(0);
    assertThat(backend.connection(0).received()).asString().endsWith("after your end");
  }

  @Test
  void aSilentOneEndsAfterItsOwnTime() {
    ByteBackend backend = backend(upgrading(on -> on.waitsForEnd()));
    WeirUnderTest weir = starts(proxy().app(backend).tunnelIdle(Duration.ofMillis(200)));
    ByteClient client = client(weir);
    client.sends(HANDSHAKE).receivesHead();
    client.receivesClose();
    backend.seesEndOf(0);
  }

  @Test
  void itOutlivesTheTimesOfHttp() {
    Duration soon = Duration.ofSeconds(2); // no handshake is later
    ByteBackend backend =
        backend(
            upgrading(on -> {
              on.receivesBytes(4);
              on.sends("pong");
            }));
    WeirUnderTest weir =
        starts(
            proxy()
                .app(backend)
                .clientTimeouts(soon, soon, soon)
                .backendTimeouts(Duration.ofSeconds(60), soon));
    ByteClient client = client(weir);
    client.sends(HANDSHAKE).receivesHead();
    client.receivesNothingFor(soon.multipliedBy(3).dividedBy(2));
    assertThat(client.sends("ping").receivesBytes(4)).isEqualTo("pong");
  }

  @Test
  void aRefusalIsAnAnswerLikeAnyOther() {
    ByteBackend backend =
        backend(Script.answers("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"));
    ByteClient client = client(starts(proxy().app(backend)));
    assertThat(client.sends(HANDSHAKE).receives(403).bodyText()).isEqualTo("no");
    assertThat(client.sends(HANDSHAKE).receives(403).bodyText()).isEqualTo("no");
  }

  @Test
  void rulesComeBeforeIt() {
    ByteBackend backend = backend(upgrading(on -> on.waitsForEnd()));
    RuleConfig rule =
        new RuleConfig(
            "no-chat", new MatchConfig.Method(Set.of("GET")), new ActionConfig.Deny(403));
    client(starts(proxy().app(backend).rules(rule))).sends(HANDSHAKE).receives(403);
    backend.receivedNothing();
  }

  /** A backend that went on as h2c would take requests that no rule has seen. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "h2c",
        "H2C",
        "h2",
        "h2c-14",
        "h3",
        "HTTP/2.0",
        "http",
        "TLS/1.0",
        "tls",
        "websocket, h2c",
        "tcp, h2c",
        "tcp, spdy/3.1",
        "tcp,",
        "websocket\r\nUpgrade: h2c",
        "tcp\r\nUpgrade: h2c",
        "tcp/",
        "tcp/1/2",
        "/1",
        "t cp",
        ""
      })
  void whatIsHttpAgainOrNotOneProtocolIsNotPassedOn(String protocol) {
    ByteBackend backend = backend(Script.answers("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    ByteClient client = client(starts(proxy().app(backend)));
    client
        .sends(
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: "
                + protocol
                + "\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n")
        .receives(200);
    Request request = backend.requests().getFirst();
    assertThat(request.headers().has("upgrade")).isFalse();
    assertThat(request.headers().has("connection")).isFalse();
    assertThat(request.headers().has("http2-settings")).isFalse();
  }

  @Test
  void aSwitchToSomethingElseIsA502() {
    ByteBackend backend =
        backend(on -> {
          on.receivesRequest();
          on.sends(
              "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
          on.waitsForEnd();
        });
    client(starts(proxy().app(backend))).sends(HANDSHAKE).receives(502);
  }

  @Test
  void aClientThatReadsSlowlySlowsTheBackend() throws InterruptedException {
    long much = 256L << 20;
    ByteBackend backend = backend(upgrading(on -> on.sendsZeros(much)));
    WeirUnderTest weir = starts(proxy().app(backend));
    ByteClient client = keeps(ByteClient.connectWithSmallWindow(weir.address("web")));
    client.sends(HANDSHAKE).receivesHead();
    assertThat(Stillness.of(backend.connection(0)::sentCount)).isLessThan(32L << 20);
    client.receivesAndDrops(much).receivesEof();
  }

  @Test
  void aRealLibraryTalksToARealLibrary() throws Exception {
    EchoWebSocket server = keeps(EchoWebSocket.started());
    InetSocketAddress weir = starts(proxy().app(server.address())).address("web");
    BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    BlockingQueue<Integer> closes = new LinkedBlockingQueue<>();
    BlockingQueue<Integer> sizes = new LinkedBlockingQueue<>();
    try (HttpClient http = HttpClient.newHttpClient()) {
      WebSocket socket =
          http.newWebSocketBuilder()
              .subprotocols("chat")
              .buildAsync(
                  URI.create("ws://127.0.0.1:" + weir.getPort() + "/room?x=1"),
                  new Recording(texts, sizes, closes))
              .get(30, TimeUnit.SECONDS);
      assertThat(socket.getSubprotocol()).isEqualTo("chat");
      assertThat(texts.poll(30, TimeUnit.SECONDS)).isEqualTo("hello from /room?x=1");
      socket.sendText("grüezi", true).get(30, TimeUnit.SECONDS);
      assertThat(texts.poll(30, TimeUnit.SECONDS)).isEqualTo("grüezi");
      socket.sendBinary(ByteBuffer.allocate(1 << 20), true).get(30, TimeUnit.SECONDS);
      assertThat(sizes.poll(30, TimeUnit.SECONDS)).isEqualTo(1 << 20);
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "done").get(30, TimeUnit.SECONDS);
      assertThat(closes.poll(30, TimeUnit.SECONDS)).isEqualTo(WebSocket.NORMAL_CLOSURE);
    }
  }

  /** Puts whole messages into queues. */
  private static final class Recording implements WebSocket.Listener {
    private final BlockingQueue<String> texts;
    private final BlockingQueue<Integer> sizes;
    private final BlockingQueue<Integer> closes;
    private final StringBuilder text = new StringBuilder();
    private int size;

    Recording(
        BlockingQueue<String> texts, BlockingQueue<Integer> sizes, BlockingQueue<Integer> closes) {
      this.texts = texts;
      this.sizes = sizes;
      this.closes = closes;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        texts.add(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      size += data.remaining();
      if (last) {
        sizes.add(size);
        size = 0;
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closes.add(code);
      return null;
    }
  }
}
