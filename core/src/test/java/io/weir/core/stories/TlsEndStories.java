package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.HttpProtocol;
import io.weir.core.config.RouteConfig;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Http2Backend;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Talk;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.Openssl.CertificateFiles;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Response;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.TlsOffer;
import io.weir.core.testkit.WeirUnderTest;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How connections end within TLS: one whose end is in order says so by close_notify (RFC 8446
 * section 6.1, RFC 9112 section 9.8), and one that is cut must not.
 */
class TlsEndStories extends Stories {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final Duration SOON = Duration.ofSeconds(2); // no first request is later
  private static final Duration LATE = Duration.ofSeconds(60);
  private static final int CONNECT_PROTOCOL = 8;
  private static final int CANCEL = 8;
  private static final String UPGRADE =
      "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  private static final TlsOffer READABLE = TlsOffer.named("one.test").versions("TLSv1.2");

  private static CertificateFiles certificate;

  @BeforeAll
  static void certifies(@TempDir Path folder) {
    certificate = Openssl.selfSigned(folder, "one.test");
  }

  private WeirUnderTest startsTls(ProxySetup setup) {
    return starts(setup.certificate("one", certificate).listensTls(ProxySetup.WEB, "one"));
  }

  private ByteClient tlsClient(WeirUnderTest weir) {
    return keeps(ByteClient.connectTls(web(weir), READABLE));
  }

  private Http2Client http2Client(WeirUnderTest weir) {
    return keeps(Http2Client.openTls(web(weir), READABLE));
  }

  private static InetSocketAddress web(WeirUnderTest weir) {
    return weir.address(ProxySetup.WEB);
  }

  @Test
  void anAnswerThatBreaksOffDoesNotLookComplete() {
    String torso = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nwo";
    WeirUnderTest weir = startsTls(proxy().app(backend(Script.sendsThenDies(torso))));
    ByteClient client = tlsClient(weir);
    Response head = client.sends("GET / HTTP/1.0\r\nHost: a\r\n\r\n").receivesHead();
    assertThat(head.headers().has("content-length")).isFalse();
    assertThat(client.bodyBreaksOff(head)).as("a reset behind a part of the body").isTrue();
  }

  @Test
  void anIdleConnectionSaysThatItEnds() {
    WeirUnderTest weir =
        startsTls(proxy().clientTimeouts(LATE, LATE, SOON).app(backend(Script.answers(OK))));
    ByteClient client = tlsClient(weir);
    client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").receives(200);
    client.receivesEndOfTls();
  }

  @Test
  void anEarlyAnswerSaysThatItIsTheLast() {
    WeirUnderTest weir = startsTls(proxy().bodySize(1000).app(backend(Script.answers(OK))));
    ByteClient client = tlsClient(weir);
    client.sends("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000\r\n\r\nsome");
    assertThat(client.receives(413).saysClose()).isTrue();
    client.receivesEndOfTls();
  }

  @Test
  void anEarlyAnswerReachesOneThatIsStillSending() {
    WeirUnderTest weir = startsTls(proxy().bodySize(1000).app(backend(Script.answers(OK))));
    for (int i = 0; i < 10; i++) {
      ByteClient client = tlsClient(weir);
      client.sends("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
      client.sendsWhatIsTaken("x".repeat(1_000_000)).receives(413);
    }
  }

  /** The end of a backend's stream: by a flag of its last bytes, or by a reset behind them. */
  private ByteClient inTunnelOfWhoSays(String last, boolean andEnds) {
    Http2Backend backend =
        keeps(
            Http2Backend.playing(on -> {
              on.begins(CONNECT_PROTOCOL, 1);
              int stream = on.receivesHead().stream();
              on.head(stream, false, ":status", "200").receives(Http2Talk.DATA);
              on.data(stream, last.getBytes(StandardCharsets.US_ASCII), andEnds);
              if (!andEnds) {
                on.resetStream(stream, CANCEL);
              }
              on.waitsForEnd();
            }));
    WeirUnderTest weir =
        startsTls(
            proxy()
                .pool("sockets", HttpProtocol.H2C, ProxySetup.hostPort(backend.address()))
                .route("", "", "sockets"));
    ByteClient client = tlsClient(weir);
    assertThat(client.sends(UPGRADE).receivesHead().status()).isEqualTo(101);
    return client.sends("hello");
  }

  @Test
  void theLastBytesOfAWebSocketComeBeforeItsEnd() {
    ByteClient client = inTunnelOfWhoSays("bye", true);
    assertThat(client.receivesUntilEof()).isEqualTo("bye");
  }

  @Test
  void aWebSocketThatIsCutDoesNotLookComplete() {
    ByteClient client = inTunnelOfWhoSays("half a mess", false);
    assertThat(client.receivesUntilCut()).isEqualTo("half a mess");
  }

  @Test
  void anAnswerWithoutLengthSaysThatItIsComplete() {
    String body = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    WeirUnderTest weir = startsTls(proxy().app(backend(Script.answers(body))));
    ByteClient client = tlsClient(weir);
    client.sends("POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 1\r\n\r\nx").receivesHead();
    assertThat(client.receivesBytes(5)).isEqualTo("hello");
    client.receivesEndOfTls();
  }

  @Test
  void anIdleConnectionOfHttp2SaysThatItEnds() throws Exception {
    WeirUnderTest weir =
        startsTls(proxy().clientTimeouts(LATE, LATE, SOON).app(backend(Script.answers(OK))));
    Http2Client client = http2Client(weir);
    client.asks(1).receives(1, 200);
    client.receivesEndOfTls();
    assertThat(client.goAway()).isZero();
  }

  @Test
  void soDoesOneThatDrains() throws Exception {
    WeirUnderTest weir =
        startsTls(proxy().requestsPerConnection(1).app(backend(Script.answers(OK))));
    Http2Client client = http2Client(weir);
    client.asks(1).receives(1, 200);
    client.receivesEndOfTls();
    assertThat(client.lastStream()).isEqualTo(1);
  }

  @Test
  void soDoesOneThatBrokeARule() throws Exception {
    WeirUnderTest weir =
        startsTls(proxy().route("", "", new RouteConfig.Redirect("https://b.test{path}", 308)));
    Http2Client client = http2Client(weir);
    client.asks(2).receivesEndOfTls();
    assertThat(client.goAway()).isEqualTo(1);
  }
}
