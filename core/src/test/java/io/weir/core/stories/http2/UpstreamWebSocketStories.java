package io.weir.core.stories.http2;

import static io.weir.core.testkit.Http2Backend.answers;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.EchoWebSocket;
import io.weir.core.testkit.HaproxyBackend;
import io.weir.core.testkit.Http2Backend;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import io.weir.core.testkit.Http2Request;
import io.weir.core.testkit.Http2Response;
import io.weir.core.testkit.Http2Talk;
import io.weir.core.testkit.NodeWebSockets;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Response;
import io.weir.core.testkit.Stillness;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** WebSockets to backends of HTTP/2, each on a stream (RFC 8441). */
class UpstreamWebSocketStories extends Stories {
  private static final int CONNECT_PROTOCOL = 8;
  private static final int PROTOCOL_ERROR = 1;
  private static final int CANCEL = 8;
  private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  private static final String HANDSHAKE =
      "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: chat\r\nX-Thing: 1\r\n"
          + KEY
          + "\r\n";

  /** Masked frames: a text that says "hi", and a close frame of the code 1000. */
  private static final String HI = "\u0081\u0082\1\2\3\4" + (char) ('h' ^ 1) + (char) ('i' ^ 2);

  private static final String GOODBYE = "\u0088\u0082\1\2\3\4" + (char) (3 ^ 1) + (char) (0xe8 ^ 2);
  private static final String GOODBYE_BACK = "\u0088\2\3\u00e8";

  /** What a backend does with a stream that it has taken. */
  @FunctionalInterface
  private interface Taken {
    void go(Http2Talk on, int stream) throws Exception;
  }

  private Http2Backend http2(Http2Backend.Script... scripts) {
    return keeps(Http2Backend.playing(scripts));
  }

  /** A backend that takes one WebSocket on each connection. */
  private static Http2Backend.Script taking(Taken then) {
    return on -> {
      on.begins(CONNECT_PROTOCOL, 1);
      int stream = on.receivesHead().stream();
      on.head(stream, false, ":status", "200", "sec-websocket-protocol", "chat");
      then.go(on, stream);
    };
  }

  private static ProxySetup to(InetSocketAddress backend) {
    return proxy()
        .listens(ProxySetup.WEB)
        .listensH2c("h2")
        .pool(ProxySetup.APP, Http2Pools.h2c(null, backend))
        .route("", "", ProxySetup.APP);
  }

  private ByteClient opens(WeirUnderTest weir) {
    ByteClient client = client(weir);
    assertThat(client.sends(HANDSHAKE).receivesHead().status()).isEqualTo(101);
    return client;
  }

  private static String receives(Http2Talk on) throws IOException {
    return new String(on.receives(Http2Talk.DATA).payload(), ISO_8859_1);
  }

  /** Bytes until END_STREAM. */
  private static String receivesRest(Http2Talk on) throws IOException {
    StringBuilder text = new StringBuilder();
    Http2Talk.Frame frame;
    do {
      frame = on.receives(Http2Talk.DATA);
      text.append(new String(frame.payload(), ISO_8859_1));
    } while (!frame.has(Http2Talk.END_STREAM));
    return text.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static Http2Frame connect(int stream) {
    return Http2Client.webSocket(stream, Http2Frame.END_HEADERS, "sec-websocket-protocol", "chat");
  }

  private static Http2Response opens(Http2Client client, int stream) {
    return client.sends(connect(stream)).receivesOpening(stream);
  }

  // The opening.

  @Test
  void anUpgradeOfHttp1BecomesAConnectAndItsAnswerA101() {
    Http2Backend backend =
        http2(
            taking((on, stream) -> {
              assertThat(receives(on)).isEqualTo("ping");
              on.data(stream, bytes("pong"), false);
              on.data(stream, bytes(receivesRest(on)), true);
              on.waitsForEnd();
            }));
    WeirUnderTest weir = starts(to(backend.address()));
    ByteClient client = client(weir);
    Response answer = client.sends(HANDSHAKE).receivesHead();
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.headers().all("upgrade")).containsExactly("websocket");
    assertThat(answer.headers().all("connection")).containsExactly("upgrade");
    assertThat(answer.headers().all("sec-websocket-protocol")).containsExactly("chat");
    assertThat(answer.headers().all("sec-websocket-accept"))
        .containsExactly("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assertThat(client.sends("ping").receivesBytes(4)).isEqualTo("pong");
    Http2Request request = backend.requests().getFirst();
    assertThat(request.all(":method")).containsExactly("CONNECT");
    assertThat(request.all(":protocol")).containsExactly("websocket");
    assertThat(request.all(":scheme")).containsExactly("http");
    assertThat(request.all(":authority")).containsExactly("a");
    assertThat(request.path()).isEqualTo("/chat");
    assertThat(request.all("sec-websocket-version")).containsExactly("13");
    assertThat(request.all("x-thing")).containsExactly("1");
    assertThat(request.all("sec-websocket-key")).isEmpty();
    assertThat(request.all("upgrade")).isEmpty();
    assertThat(request.all("connection")).isEmpty();
    client.close();
    ByteBackend.waitsUntil("the line of the log", () -> weir.log().lines().size() == 1);
    assertThat(weir.log().line(0).status()).isEqualTo(101);
  }

  @Test
  void aConnectOfHttp2StaysOne() {
    Http2Backend backend =
        http2(taking((on, stream) -> on.data(stream, bytes(receivesRest(on)), true)));
    Http2Client client = keeps(Http2Client.open(starts(to(backend.address())).address("h2")));
    Http2Response response = opens(client, 1);
    assertThat(response.headers().all("sec-websocket-protocol")).containsExactly("chat");
    assertThat(response.headers().all("sec-websocket-accept")).isEmpty();
    client.sends(
        Http2Frame.data(1, 0, "there "), Http2Frame.data(1, Http2Frame.END_STREAM, "and back"));
    client.receivesUntil("the echo", response::ended);
    assertThat(response.body()).isEqualTo("there and back");
    assertThat(client.isAnswered()).isTrue();
    assertThat(response.reset()).as("reset behind the end").isNull();
    assertThat(backend.requests().getFirst().all("sec-websocket-key")).isEmpty();
  }

  @Test
  void aBackendThatDoesNotOfferItIsNotAsked() {
    Http2Backend backend = http2(answers((on, request) -> on.answers(request.stream(), 200, "ok")));
    WeirUnderTest weir = starts(to(backend.address()));
    ByteClient client = client(weir);
    client.sends(HANDSHAKE).receives(502);
    client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").receives(200);
    assertThat(backend.requests()).hasSize(1);
    Http2Client other = keeps(Http2Client.open(weir.address("h2")));
    other.sends(connect(1)).receives(1, 502);
    assertThat(weir.log().line(0).outcome()).isEqualTo("no_websockets");
    weir.eventually("weir_http_errors_total", 2, "no_websockets");
  }

  @Test
  void aRefusalIsAnAnswerLikeAnyOther() {
    Http2Backend backend =
        http2(on -> {
          on.begins(CONNECT_PROTOCOL, 1);
          for (int i = 0; i < 2; i++) {
            on.answers(on.receivesHead().stream(), 403, "no");
          }
          on.waitsForEnd();
        });
    ByteClient client = client(starts(to(backend.address())));
    assertThat(client.sends(HANDSHAKE).receives(403).bodyText()).isEqualTo("no");
    assertThat(client.sends(HANDSHAKE).receives(403).bodyText()).isEqualTo("no");
  }

  @Test
  void anUpgradeWithoutAKeyCannotBeAnswered() {
    Http2Backend backend = http2(on -> on.begins(CONNECT_PROTOCOL, 1).waitsForEnd());
    WeirUnderTest weir = starts(to(backend.address()));
    client(weir).sends(HANDSHAKE.replace(KEY, "")).receives(400);
    client(weir).sends(HANDSHAKE.replace(KEY, "Sec-WebSocket-Key: short\r\n")).receives(400);
    assertThat(backend.requests()).isEmpty();
  }

  @Test
  void whatTheBackendOffersItMayNotTakeBack() throws InterruptedException {
    BlockingQueue<Integer> codes = new LinkedBlockingQueue<>();
    Http2Backend backend =
        http2(
            taking((on, stream) -> {
              on.settings(CONNECT_PROTOCOL, 0);
              Http2Talk.Frame goAway = on.receives(Http2Talk.GOAWAY);
              codes.add((int) goAway.payload()[7]);
            }));
    opens(starts(to(backend.address()))).receivesClose();
    assertThat(codes.poll(30, TimeUnit.SECONDS)).isEqualTo(PROTOCOL_ERROR);
  }

  @Test
  void aConnectThatWasNotLookedAtGoesOutAgain() {
    Http2Backend backend =
        http2(
            on -> {
              on.begins(CONNECT_PROTOCOL, 1);
              on.receivesHead();
              on.goAway(0, 0);
              on.waitsForEnd();
            },
            taking((on, stream) -> on.data(stream, bytes("second"), true)));
    ByteClient client = opens(starts(to(backend.address())));
    assertThat(client.receivesBytes(6)).isEqualTo("second");
    assertThat(backend.connections()).isEqualTo(2);
  }

  // The end.

  @Test
  void theClientMayFinishFirst() {
    Http2Backend backend =
        http2(
            taking((on, stream) -> {
              assertThat(receivesRest(on)).isEqualTo("last words");
              on.data(stream, bytes("after your end"), true);
              on.waitsForEnd();
            }));
    ByteClient client = opens(starts(to(backend.address())));
    client.sends("last words").finishesSending();
    assertThat(client.receivesUntilEof()).isEqualTo("after your end");
  }

  @Test
  void theBackendMayFinishFirst() throws InterruptedException {
    BlockingQueue<String> rest = new LinkedBlockingQueue<>();
    Http2Backend backend =
        http2(
            taking((on, stream) -> {
              on.data(stream, bytes("bye"), true);
              rest.add(receivesRest(on));
            }));
    ByteClient client = opens(starts(to(backend.address())));
    assertThat(client.receivesUntilEof()).isEqualTo("bye");
    client.sends("after your end").finishesSending();
    assertThat(rest.poll(30, TimeUnit.SECONDS)).isEqualTo("after your end");
  }

  @Test
  void aClientThatGoesIsResetAtTheBackendAndTheOthersStay() throws InterruptedException {
    BlockingQueue<Integer> resets = new LinkedBlockingQueue<>();
    Http2Backend backend =
        http2(on -> {
          on.begins(CONNECT_PROTOCOL, 1);
          int first = on.receivesHead().stream();
          on.head(first, false, ":status", "200");
          int second = on.receivesHead().stream();
          on.head(second, false, ":status", "200");
          resets.add(on.receives(Http2Talk.RST_STREAM).number());
          on.data(second, bytes("still here"), false);
          on.waitsForEnd();
        });
    WeirUnderTest weir = starts(to(backend.address()));
    ByteClient goes = opens(weir);
    ByteClient stays = opens(weir);
    goes.resets();
    assertThat(resets.poll(30, TimeUnit.SECONDS)).isEqualTo(CANCEL);
    assertThat(stays.receivesBytes(10)).isEqualTo("still here");
  }

  @Test
  void aBackendThatResetsItOrBreaksARuleEndsItForTheClient() {
    Http2Backend backend =
        http2(on -> {
          on.begins(CONNECT_PROTOCOL, 1);
          int first = on.receivesHead().stream();
          on.head(first, false, ":status", "200").resetStream(first, CANCEL);
          int second = on.receivesHead().stream();
          on.head(second, false, ":status", "200");
          on.head(second, true, "x", "headers where only data may be");
          on.waitsForEnd();
        });
    WeirUnderTest weir = starts(to(backend.address()));
    opens(weir).receivesClose();
    opens(weir).receivesClose();
    ByteBackend.waitsUntil("both are over", () -> weir.log().lines().size() == 2);
  }

  @Test
  void itOutlivesAGoAwayAndNewOnesGoElsewhere() {
    CountDownLatch second = new CountDownLatch(1);
    Http2Backend backend =
        http2(
            taking((on, stream) -> {
              on.goAway(stream, 0);
              second.await();
              on.data(stream, bytes(receives(on)), true);
              on.waitsForEnd();
            }),
            taking((on, stream) -> {
              second.countDown();
              on.waitsForEnd();
            }));
    WeirUnderTest weir = starts(to(backend.address()));
    ByteClient old = opens(weir);
    opens(weir);
    assertThat(old.sends("still").receivesUntilEof()).isEqualTo("still");
    assertThat(backend.connections()).isEqualTo(2);
  }

  @Test
  void aSilentOneEndsAfterItsOwnTimeAndOutlivesTheOthers() throws InterruptedException {
    Duration soon = Duration.ofSeconds(2); // no handshake is later
    BlockingQueue<Integer> resets = new LinkedBlockingQueue<>();
    Http2Backend backend =
        http2(
            taking((on, stream) -> {
              resets.add(on.receives(Http2Talk.RST_STREAM).number());
              on.waitsForEnd();
            }));
    WeirUnderTest weir =
        starts(
            to(backend.address())
                .clientTimeouts(soon, soon, soon)
                .backendTimeouts(Duration.ofSeconds(60), soon)
                .tunnelIdle(soon.multipliedBy(2)));
    long began = System.nanoTime();
    opens(weir).receivesClose();
    assertThat(System.nanoTime() - began).isGreaterThan(Duration.ofMillis(3_900).toNanos());
    assertThat(resets.poll(30, TimeUnit.SECONDS)).isEqualTo(CANCEL);
  }

  // Both read only while the other can write.

  @Test
  void aBackendThatReadsNothingHoldsUpItsClient() throws InterruptedException {
    CountDownLatch seen = new CountDownLatch(1);
    Http2Backend backend = http2(taking((on, stream) -> seen.await()));
    ByteClient client = opens(starts(to(backend.address())));
    AtomicLong sent = new AtomicLong();
    String piece = "x".repeat(64 * 1024);
    Thread sender =
        Thread.ofVirtual()
            .start(() -> {
              for (int i = 0; i < 1024; i++) { // far more than kernels and windows hold
                client.sendsWhatIsTaken(piece);
                sent.addAndGet(piece.length());
              }
            });
    assertThat(Stillness.of(sent::get)).isLessThan(32L << 20);
    seen.countDown();
    client.close();
    sender.join();
  }

  /** The stream to the backend is closed by then: each side has ended its direction. */
  @Test
  void aClientThatReadsSlowlyGetsAllEvenOfABackendThatIsDone() throws InterruptedException {
    int pieces = 40;
    int much = pieces * 5000; // fits into the backend's window, and not into the client's
    CountDownLatch over = new CountDownLatch(1);
    Http2Backend backend =
        http2(
            taking((on, stream) -> {
              assertThat(receivesRest(on)).isEqualTo("all of it");
              for (int i = 1; i <= pieces; i++) {
                on.data(stream, new byte[much / pieces], i == pieces);
              }
              over.countDown();
              on.waitsForEnd();
            }));
    WeirUnderTest weir = starts(to(backend.address()));
    Http2Client client = keeps(Http2Client.open(weir.address("h2"))).dropsBodies();
    Http2Response response = opens(client, 1);
    client.sends(Http2Frame.data(1, Http2Frame.END_STREAM, "all of it"));
    assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
    client.receivesUntil("a full window", () -> response.length() == 65_535);
    assertThat(client.isAnswered()).isTrue();
    client.sends(Http2Frame.windowUpdate(0, much), Http2Frame.windowUpdate(1, much));
    client.receivesUntil("the rest and the end", response::ended);
    assertThat(response.length()).isEqualTo(much);
    assertThat(response.reset()).isNull();
  }

  // Real ones.

  @Test
  void aRealProxyOfHttp2LeadsToARealServer() {
    EchoWebSocket echo = keeps(EchoWebSocket.started());
    HaproxyBackend haproxy = keeps(HaproxyBackend.forwardsH2c(echo.address()));
    WeirUnderTest weir = starts(to(haproxy.address()));
    ByteClient client = opens(weir);
    assertThat(client.sends(HI).receivesBytes(22))
        .isEqualTo("\u0081\u0010hello from /chat\u0081\2hi");
    client.sends(GOODBYE);
    assertThat(client.receivesUntilEof()).isEqualTo(GOODBYE_BACK);
    Http2Client other = keeps(Http2Client.open(weir.address("h2")));
    Http2Response response = opens(other, 1);
    other.sends(Http2Frame.data(1, 0, GOODBYE));
    other.receivesUntil("the end", response::ended);
    assertThat(response.body()).endsWith(GOODBYE_BACK);
  }

  @Test
  void nodeTakesThemOnStreams() {
    NodeWebSockets node = keeps(NodeWebSockets.echoing());
    WeirUnderTest weir = starts(to(node.address()));
    ByteClient client = opens(weir);
    assertThat(client.sends("there and back").receivesBytes(14)).isEqualTo("there and back");
    assertThat(client.finishesSending().receivesUntilEof()).isEmpty();
    Http2Client other = keeps(Http2Client.open(weir.address("h2")));
    Http2Response response = opens(other, 1);
    other.sends(Http2Frame.data(1, Http2Frame.END_STREAM, "there and back"));
    other.receivesUntil("the echo", response::ended);
    assertThat(response.body()).isEqualTo("there and back");
  }
}
