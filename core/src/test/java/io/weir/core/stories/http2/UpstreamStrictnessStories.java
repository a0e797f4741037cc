package io.weir.core.stories.http2;

import static io.weir.core.testkit.Http2Backend.answers;
import static io.weir.core.testkit.Http2Talk.block;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Http2Backend;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import io.weir.core.testkit.Http2Talk;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends of HTTP/2 that break its rules: RFC 9113 section 8, and floods. */
class UpstreamStrictnessStories extends Stories {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final int UNTIL_CALM = 4000;

  private interface Misdeed {
    void on(Http2Talk talk, int stream) throws Exception;
  }

  private static Arguments row(String what, Misdeed misdeed) {
    return Arguments.of(what, misdeed);
  }

  private static Misdeed head(String... pairs) {
    return (on, stream) -> on.head(stream, true, pairs);
  }

  private static Misdeed body(String body, String... pairs) {
    return (on, stream) -> on.head(stream, false, pairs).data(stream, body.getBytes(), true);
  }

  /** Each a response that its request does not survive, while others on the connection do. */
  static final List<Arguments> MALFORMED =
      List.of(
          row("a name with upper case", head(":status", "200", "X-Thing", "1")),
          row("a name that is no token", head(":status", "200", "x thing", "1")),
          row("an empty name", head(":status", "200", "", "1")),
          row("CR and LF in a value", head(":status", "200", "x", "1\r\nset-cookie: a")),
          row("NUL in a value", head(":status", "200", "x", "a\0b")),
          row("white space around a value", head(":status", "200", "x", " a")),
          row("connection", head(":status", "200", "connection", "close")),
          row("keep-alive", head(":status", "200", "keep-alive", "timeout=5")),
          row("transfer-encoding", head(":status", "200", "transfer-encoding", "chunked")),
          row("upgrade", head(":status", "200", "upgrade", "h2c")),
          row("no :status", head("x", "1")),
          row("two of :status", head(":status", "200", ":status", "200")),
          row(":status behind a field", head("x", "1", ":status", "200")),
          row(":status of two digits", head(":status", "20")),
          row(":status that is no number", head(":status", "2x0")),
          row(":status 099", head(":status", "099")),
          row("an unknown pseudo-field", head(":status", "200", ":path", "/")),
          row("101", head(":status", "101")),
          row("an interim response that ends the stream", head(":status", "103")),
          row(
              "two of content-length",
              head(":status", "200", "content-length", "0", "content-length", "0")),
          row(
              "content-length that is no number",
              body("x", ":status", "200", "content-length", "+1")),
          row("content-length of no body", head(":status", "200", "content-length", "1")),
          row("204 with a length", head(":status", "204", "content-length", "1")),
          row(
              "a head that is too large",
              (on, stream) ->
                  on.sends(
                          Http2Talk.HEADERS,
                          Http2Talk.END_STREAM,
                          stream,
                          block(":status", "200", "x", "y".repeat(9_000)))
                      .sends(
                          Http2Talk.CONTINUATION,
                          Http2Talk.END_HEADERS,
                          stream,
                          block("z", "y".repeat(9_000)))),
          row("a body without a head", (on, stream) -> on.data(stream, new byte[9], true)));

  @ParameterizedTest(name = "{0}")
  @FieldSource("MALFORMED")
  void aMalformedResponseIs502AndNothingOfItPasses(String what, Misdeed misdeed) {
    Http2Backend backend = backend(misdeed);
    WeirUnderTest weir = starts(to(backend));
    client(weir).sends("GET /misdeed HTTP/1.1\r\nHost: a\r\n\r\n").receives(502);
    assertThat(client(weir).sends(GET).receives(200).bodyText()).isEqualTo("hello");
    assertThat(backend.connections()).isEqualTo(1);
    weir.eventually("weir_pool_failures_total", 1, ProxySetup.APP, "protocol");
  }

  /** The client's stream is closed then, and takes no frame any more (RFC 9113 section 5.1). */
  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  void whatFollowsAnEndOfItsOwnIsNotTheClientsMatter(int status) {
    Http2Backend backend =
        backend((on, stream) ->
            on.sendsRaw(
                inOneGo(
                    Http2Frame.headers(
                        stream, Http2Frame.END_HEADERS, block(":status", String.valueOf(status))),
                    Http2Frame.data(stream, 0, "surplus"))));
    WeirUnderTest weir = starts(to(backend).listensH2c(ProxySetup.WEB));
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    client.asksFor(1, "/misdeed").receives(1, status);
    assertThat(client.asks(3).receives(3, 200).body()).isEqualTo("hello");
    assertThat(client.on(1).reset()).isNull();
  }

  private static byte[] inOneGo(Http2Frame first, Http2Frame second) {
    return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(first.bytes(), second.bytes()));
  }

  @Test
  void interimResponsesWithoutEndAre502() {
    Http2Backend backend =
        backend((on, stream) -> {
          for (int i = 0; i < 65; i++) {
            on.head(stream, false, ":status", "103");
          }
        });
    ByteClient client =
        client(starts(to(backend))).sends("GET /misdeed HTTP/1.1\r\nHost: a\r\n\r\n");
    for (int i = 0; i < 64; i++) {
      assertThat(client.receivesHead().status()).isEqualTo(103);
    }
    client.receives(502);
  }

  /** Each a response that begins well, and must not look complete. */
  static final List<Arguments> MALFORMED_LATER =
      List.of(
          row("less body than announced", body("x", ":status", "200", "content-length", "2")),
          row("more body than announced", body("xyz", ":status", "200", "content-length", "2")),
          row(
              "trailers with a pseudo-field",
              (on, stream) ->
                  on.head(stream, false, ":status", "200").head(stream, true, ":status", "200")),
          row(
              "trailers with upper case",
              (on, stream) ->
                  on.head(stream, false, ":status", "200").head(stream, true, "X", "1")),
          row(
              "trailers that do not end the stream",
              (on, stream) ->
                  on.head(stream, false, ":status", "200").head(stream, false, "x", "1")),
          row(
              "trailers before the announced end",
              (on, stream) ->
                  on.head(stream, false, ":status", "200", "content-length", "2")
                      .data(stream, new byte[1], false)
                      .head(stream, true, "x", "1")),
          row(
              "a reset behind the head",
              (on, stream) -> on.head(stream, false, ":status", "200").resetStream(stream, 2)));

  @ParameterizedTest(name = "{0}")
  @FieldSource("MALFORMED_LATER")
  void aResponseThatGoesWrongIsCut(String what, Misdeed misdeed) {
    Http2Backend backend = backend(misdeed);
    WeirUnderTest weir = starts(to(backend));
    ByteClient client = client(weir).sends("GET /misdeed HTTP/1.1\r\nHost: a\r\n\r\n");
    client
        .receivesFinalHeadOrReset()
        .ifPresent(response -> {
          if (response.status() == 200) {
            assertThat(client.bodyBreaksOff(response)).isTrue();
          } else {
            assertThat(response.status()).isEqualTo(502);
          }
        });
    assertThat(client(weir).sends(GET).receives(200).bodyText()).isEqualTo("hello");
    assertThat(backend.connections()).isEqualTo(1);
  }

  /** Each a fault of the whole connection. */
  static final List<Arguments> HOSTILE =
      List.of(
          row(
              "PING without end",
              (on, stream) -> {
                for (int i = 0; i < UNTIL_CALM; i++) {
                  on.sends(Http2Talk.PING, 0, 0, new byte[8]);
                }
              }),
          row(
              "SETTINGS without end",
              (on, stream) -> {
                for (int i = 0; i < UNTIL_CALM; i++) {
                  on.settings();
                }
              }),
          row(
              "RST_STREAM without end",
              (on, stream) -> {
                on.head(stream, false, ":status", "200");
                for (int i = 0; i < UNTIL_CALM; i++) {
                  on.resetStream(stream, 8);
                }
              }),
          row(
              "empty DATA without end",
              (on, stream) -> {
                on.head(stream, false, ":status", "200");
                for (int i = 0; i < UNTIL_CALM; i++) {
                  on.sends(Http2Talk.DATA, 0, stream, new byte[0]);
                }
              }),
          row(
              "CONTINUATION without end",
              (on, stream) -> {
                on.sends(Http2Talk.HEADERS, 0, stream, block(":status", "200"));
                for (int i = 0; i < UNTIL_CALM; i++) {
                  on.sends(Http2Talk.CONTINUATION, 0, stream, block("x", "y".repeat(100)));
                }
              }),
          row(
              "a huge field block",
              (on, stream) -> {
                on.sends(Http2Talk.HEADERS, 0, stream, block(":status", "200"));
                for (int i = 0; i < 100; i++) {
                  on.sends(Http2Talk.CONTINUATION, 0, stream, block("x", "y".repeat(16_000)));
                }
              }),
          row(
              "PUSH_PROMISE",
              (on, stream) ->
                  on.sends(
                      Http2Talk.PUSH_PROMISE,
                      Http2Talk.END_HEADERS,
                      stream,
                      new byte[] {0, 0, 0, 2})),
          row("HEADERS on a stream of its own", (on, stream) -> on.head(2, true, ":status", "200")),
          row(
              "HEADERS on a stream that nobody opened",
              (on, stream) -> on.head(stream + 2, true, ":status", "200")),
          row(
              "a broken field block",
              (on, stream) ->
                  on.sends(
                      Http2Talk.HEADERS, Http2Talk.END_HEADERS, stream, new byte[] {(byte) 0xff})),
          row(
              "a window that overflows",
              (on, stream) ->
                  on.windowUpdate(0, Integer.MAX_VALUE).windowUpdate(0, Integer.MAX_VALUE)),
          row(
              "no HTTP/2 at all",
              (on, stream) ->
                  on.sendsRaw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes())));

  @ParameterizedTest(name = "{0}")
  @FieldSource("HOSTILE")
  void aHostileConnectionIsClosed(String what, Misdeed misdeed) {
    Http2Backend backend = backend(misdeed);
    WeirUnderTest weir = starts(to(backend));
    ByteClient client = client(weir).sends("GET /misdeed HTTP/1.1\r\nHost: a\r\n\r\n");
    client
        .receivesFinalHeadOrReset()
        .ifPresent(response -> assertThat(response.status()).isIn(200, 502));
    ByteBackend.waitsUntil(
        "the connection to be gone", () -> weir.figure("weir_pool_connections") == 0);
    assertThat(client(weir).sends(GET).receives(200).bodyText()).isEqualTo("hello");
    assertThat(backend.connections()).isEqualTo(2);
  }

  @Test
  void aFloodIsCountedAsAFaultOfTheBackend() {
    Http2Backend backend =
        backend((on, stream) -> {
          for (int i = 0; i < UNTIL_CALM; i++) {
            on.sends(Http2Talk.PING, 0, 0, new byte[8]);
          }
        });
    WeirUnderTest weir = starts(to(backend));
    client(weir).sends("GET /misdeed HTTP/1.1\r\nHost: a\r\n\r\n").receives(502);
    weir.eventually("weir_pool_failures_total", 1, ProxySetup.APP, "protocol");
  }

  private Http2Backend backend(Misdeed misdeed) {
    return keeps(
        Http2Backend.playing(
            answers((on, request) -> {
              if (request.path().equals("/misdeed")) {
                misdeed.on(on, request.stream());
              } else {
                on.answers(request.stream(), 200, "hello");
              }
            })));
  }

  private static ProxySetup to(Http2Backend backend) {
    return proxy()
        .pool(ProxySetup.APP, Http2Pools.h2c(null, backend.address()))
        .route("", "", ProxySetup.APP);
  }
}
