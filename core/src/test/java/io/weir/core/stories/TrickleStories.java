package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.ListenerConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Hello;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.core.testkit.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Clients that are never silent and never done: what they send now and then buys them no time. Each
 * goes on until it is ended, so that its silence cannot be what ends it.
 */
class TrickleStories extends Stories {
  private static final String ERRORS = "weir_http_errors_total";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final Duration SOON = Duration.ofMillis(400);
  private static final Duration LATE = Duration.ofSeconds(60);

  /** Some hundred times what a piece of one byte every two milliseconds comes to. */
  private static final int MIN_RATE = 50_000;

  private static final int MUCH = 1 << 20;

  private WeirUnderTest weir;

  private void startsWith(ProxySetup setup) {
    weir = starts(setup.app(backend(Script.stalls(), Script.answers(OK))));
  }

  private Http2Client opensHttp2(ProxySetup setup) {
    startsWith(setup.listensH2c(ProxySetup.WEB));
    return keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
  }

  private static ProxySetup uploads() {
    return proxy().clientTimeouts(LATE, SOON, LATE).minBodyRate(MIN_RATE);
  }

  /** Sends the piece again and again until there is an end to it. */
  private void dripsUntil(Runnable piece, String figure, String listener, String reason) {
    ByteBackend.waitsUntil(
        "an end to the trickle",
        () -> {
          piece.run();
          return weir.figure(figure, listener, reason) > 0;
        });
  }

  private void dripsUntilItIsLate(Runnable piece) {
    dripsUntil(piece, ERRORS, ProxySetup.WEB, "request_timeout");
  }

  /** One byte after the other, and nothing behind the last. */
  private static Runnable bytesOf(ByteClient client, byte[] all) {
    AtomicInteger at = new AtomicInteger();
    return () -> {
      int next = at.getAndIncrement();
      if (next < all.length) {
        client.sendsWhatIsTaken(Wire.text(Arrays.copyOfRange(all, next, next + 1)));
      }
    };
  }

  @Test
  void aHead() {
    startsWith(proxy().clientTimeouts(SOON, LATE, LATE));
    ByteClient client = client(weir).sends("GET / HTTP/1.1\r\nHost: a\r\nX: ");
    dripsUntilItIsLate(() -> client.sendsWhatIsTaken("x"));
    client.receives(408);
    client.receivesClose();
  }

  @Test
  void aBody() {
    startsWith(uploads());
    ByteClient client =
        client(weir).sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + MUCH + "\r\n\r\n");
    dripsUntilItIsLate(() -> client.sendsWhatIsTaken("x"));
    client.receives(408);
    client.receivesClose();
  }

  /** Its framing is more than the rate asks for; what it frames is not. */
  @Test
  void aChunkedBodyWhateverItsChunksSay() {
    startsWith(uploads());
    ByteClient client =
        client(weir).sends("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    String piece = ("1;" + "e".repeat(250) + "\r\nx\r\n").repeat(10);
    dripsUntilItIsLate(() -> client.sendsWhatIsTaken(piece));
    client.receives(408);
  }

  @Test
  void aBodyOnAStreamWhoseConnectionGoesOn() {
    Http2Client client = opensHttp2(uploads());
    client.begins(1, "POST", "/");
    dripsUntilItIsLate(() -> client.sends(Http2Frame.data(1, 0, "x")));
    client.receives(1, 408);
    client.asks(3).receives(3, 200);
  }

  @Test
  void aLargeFrameOfABodyWhoseConnectionGoesOn() {
    Http2Client client = opensHttp2(uploads());
    byte[] frame = Http2Frame.data(1, 0, "x".repeat(1 << 14)).bytes();
    client.begins(1, "POST", "/");
    AtomicInteger at = new AtomicInteger();
    dripsUntilItIsLate(() -> {
      int next = at.getAndIncrement();
      client.sends(Arrays.copyOfRange(frame, next, next + 1));
    });
    client.receives(1, 408);
    // None of the rest is for anybody any more.
    client.sends(Arrays.copyOfRange(frame, at.get(), frame.length));
    client.asks(3).receives(3, 200);
  }

  @Test
  void aFieldBlock() {
    Http2Client client = opensHttp2(proxy().clientTimeouts(SOON, LATE, LATE));
    client.sends(beginningOf(Http2Frame.headers(1, Http2Frame.END_HEADERS, new byte[1 << 14]), 9));
    dripsUntilItIsLate(() -> client.sendsWhatIsTaken(new byte[1]));
    client.receivesGoAway();
    assertThat(client.why()).isEqualTo("a frame took too long");
  }

  @Test
  void aProxyHeader() {
    startsWith(
        proxy()
            .clientTimeouts(SOON, LATE, LATE)
            .trusts("127.0.0.1/32")
            .listens(ProxySetup.WEB)
            .toldByProxies(ProxySetup.WEB));
    byte[] header = new byte[16 + 4000]; // v2 LOCAL, with what nobody has to understand
    byte[] start = "\r\n\r\n\0\r\nQUIT\n\u0020\0".getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(start, 0, header, 0, start.length);
    header[14] = (byte) (4000 >> 8);
    header[15] = (byte) 4000;
    ByteClient client = client(weir);
    dripsUntil(
        bytesOf(client, header), "weir_connections_rejected_total", ProxySetup.WEB, "proxy_header");
    client.receivesClose();
  }

  @Test
  void aClientHelloThatIsToBePassedOn() {
    startsWith(
        proxy()
            .handshakeTimeout(SOON)
            .listens(
                "tls",
                new ListenerConfig.RelayByServerName(Map.of("one.test", ProxySetup.APP)),
                null));
    ByteClient client = keeps(ByteClient.connect(weir.address("tls")));
    byte[] hello = Hello.with(Hello.named("one.test"), 21, new byte[14_000]);
    dripsUntil(bytesOf(client, hello), "weir_tls_handshake_failures_total", "tls", "timeout");
    client.receivesClose();
  }

  private static byte[] beginningOf(Http2Frame frame, int length) {
    return Arrays.copyOf(frame.bytes(), length);
  }
}
