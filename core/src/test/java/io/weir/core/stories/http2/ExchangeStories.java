package io.weir.core.stories.http2;

import static io.weir.core.testkit.Http2Frame.END_STREAM;
import static io.weir.core.testkit.Http2Frame.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.AccessRecorder;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import io.weir.core.testkit.Http2Response;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Requests and their answers over HTTP/2, in time, too early, too late and never. */
class ExchangeStories extends Stories {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final Duration LATE = Duration.ofSeconds(60);
  private static final int NO_ERROR = 0;
  private static final int INTERNAL_ERROR = 2;
  private static final int CANCEL = 8;

  private WeirUnderTest serves(Script... scripts) {
    return serves(proxy(), scripts);
  }

  private WeirUnderTest serves(ProxySetup setup, Script... scripts) {
    return starts(setup.listensH2c(ProxySetup.WEB).app(backend(scripts)));
  }

  private Http2Client opens(WeirUnderTest weir) {
    return keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
  }

  @Test
  void aResponseIsWhatTheBackendSaid() {
    Http2Client client =
        opens(
            serves(
                Script.answers(
                    "HTTP/1.1 418 Whatever\r\n"
                        + "X-Custom: Value\r\n"
                        + "Set-Cookie: a=b\r\n"
                        + "Set-Cookie: c=d\r\n"
                        + "Connection: close, x-hop\r\n"
                        + "X-Hop: 1\r\n"
                        + "Keep-Alive: 5\r\n"
                        + "Content-Length: 5\r\n\r\n"
                        + "hello")));
    Http2Response response = client.asks(1).receives(1, 418);
    assertThat(response.body()).isEqualTo("hello");
    assertThat(response.headers().lines().stream().map(line -> line.name()).toList())
        .containsExactly(
            ":status", "x-custom", "set-cookie", "set-cookie", "content-length", "date");
    assertThat(response.headers().all("set-cookie")).containsExactly("a=b", "c=d");
  }

  @Test
  void aHeadAnswerHasNoBody() {
    Http2Client client =
        opens(serves(Script.answers("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")));
    client.sends(Http2Frame.headers(1, 5, Http2Client.head("HEAD", "/")));
    Http2Response response = client.receives(1, 200);
    assertThat(response.headers().all("content-length")).containsExactly("5");
    assertThat(response.length()).isZero();
  }

  @Test
  void chunksAndTrailersComeThrough() {
    Http2Client client =
        opens(
            serves(
                Script.answers(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "3\r\nhel\r\n2\r\nlo\r\n0\r\nX-Sum: 7\r\nContent-Length: 9\r\n\r\n")));
    Http2Response response = client.asks(1).receives(1, 200);
    assertThat(response.body()).isEqualTo("hello");
    assertThat(response.headers().has("transfer-encoding")).isFalse();
    assertThat(String.valueOf(response.trailers())).isEqualTo("x-sum: 7");
  }

  @Test
  void aTrailerThatConnectionNamesStaysBehind() {
    Http2Client client =
        opens(
            serves(
                Script.answers(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: x-hop\r\n\r\n"
                        + "0\r\nX-Sum: 7\r\nX-Hop: 1\r\n\r\n")));
    assertThat(String.valueOf(client.asks(1).receives(1, 200).trailers())).isEqualTo("x-sum: 7");
  }

  @Test
  void interimResponsesComeFirstAndInOrder() {
    Http2Client client =
        opens(
            serves(
                Script.answers(
                    "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                        + "HTTP/1.1 103 Early Hints\r\nLink: </b>\r\n\r\n"
                        + OK)));
    Http2Response response = client.asks(1).receives(1, 200);
    assertThat(response.interim().stream().map(h -> h.first("link").orElse("")).toList())
        .containsExactly("</a>", "</b>");
  }

  @Test
  void aClientThatWaitsForContinueGetsIt() {
    Http2Client client =
        opens(
            serves(on -> {
              var head = on.receivesHead();
              on.sends("HTTP/1.1 100 Continue\r\n\r\n");
              on.receivesBody(head);
              on.sends(OK);
            }));
    client.begins(1, "POST", "/", "expect", "100-continue", "content-length", "3");
    client.receivesUntil("100", () -> !client.on(1).interim().isEmpty());
    client.sends(data(1, END_STREAM, "abc"));
    assertThat(client.receives(1, 200).body()).isEqualTo("hello");
  }

  @Test
  void anEarlyAnswerEndsTheRequestWithoutError() {
    Http2Client client =
        opens(
            serves(on -> {
              on.receivesHead();
              on.sends("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno").waitsForEnd();
            }));
    client.begins(1, "POST", "/").sends(data(1, 0, "abc"));
    assertThat(client.receives(1, 403).body()).isEqualTo("no");
    assertThat(client.receivesReset(1)).isEqualTo(NO_ERROR);
    client.sends(data(1, END_STREAM, "what was on its way"));
    assertThat(client.isAnswered()).isTrue();
  }

  @Test
  void anAnswerThatBreaksOffIsReset() {
    Http2Client client =
        opens(serves(Script.sendsThenDies("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello")));
    client.asks(1);
    assertThat(client.receivesReset(1)).isEqualTo(INTERNAL_ERROR);
    assertThat(client.on(1).ended()).isFalse();
    assertThat(client.isAnswered()).isTrue();
  }

  @Test
  void aBackendThatClosesIs502AndTheOthersGoOn() {
    Http2Client client =
        opens(
            serves(Script.closesWithoutAnswer(), Script.closesWithoutAnswer(), Script.answers(OK)));
    client.begins(1, "POST", "/").sends(data(1, END_STREAM, "x")).receives(1, 502);
    client.begins(3, "POST", "/").sends(data(3, END_STREAM, "x")).receives(3, 502);
    client.asks(5).receives(5, 200);
  }

  @Test
  void aClientThatCancelsFreesTheBackend() {
    ByteBackend backend = backend(Script.stalls());
    WeirUnderTest weir = starts(proxy().listensH2c(ProxySetup.WEB).app(backend));
    Http2Client client = opens(weir);
    client.asks(1);
    backend.receivesOneRequest();
    client.sends(Http2Frame.reset(1, CANCEL));
    backend.seesEndOf(0);
    assertThat(weir.log().line(0).outcome()).isEqualTo("client_closed");
    assertThat(client.isAnswered()).isTrue();
  }

  @Test
  void aBodyWithoutEndIs408() {
    Duration soon = Duration.ofMillis(300);
    Http2Client client =
        opens(serves(proxy().clientTimeouts(LATE, soon, LATE), Script.answers(OK)));
    client.begins(1, "POST", "/").sends(data(1, 0, "abc"));
    client.receives(1, 408);
    assertThat(client.receivesReset(1)).isEqualTo(NO_ERROR);
    client.asks(3).receives(3, 200);
  }

  @Test
  void aFrameWithoutEndEndsTheConnection() {
    Duration soon = Duration.ofSeconds(2); // no first request is later
    WeirUnderTest weir = serves(proxy().clientTimeouts(soon, LATE, LATE), Script.answers(OK));
    Http2Client half = opens(weir);
    half.asks(1).receives(1, 200);
    byte[] whole = Http2Frame.request(3, ":method", "GET").bytes();
    half.sends(Arrays.copyOf(whole, 12));
    assertThat(half.receivesGoAway()).isEqualTo(Http2Row.PROTOCOL_ERROR);
    Http2Client block = opens(weir);
    block.asks(1).receives(1, 200);
    block.sends(Http2Frame.headers(3, 0, Http2Client.head("GET", "/")));
    assertThat(block.receivesGoAway()).isEqualTo(Http2Row.PROTOCOL_ERROR);
  }

  @Test
  void anIdleConnectionEndsAndSaysWhichRequestWasTheLast() {
    Duration soon = Duration.ofMillis(300);
    Http2Client client =
        opens(serves(proxy().clientTimeouts(LATE, LATE, soon), Script.answers(OK)));
    client.asks(7).receives(7, 200);
    assertThat(client.receivesGoAway()).isEqualTo(NO_ERROR);
    assertThat(client.lastStream()).isEqualTo(7);
    client.receivesEnd();
  }

  @Test
  void aClientThatGivesNoRoomIsReset() {
    Duration soon = Duration.ofSeconds(2); // no second request is later
    WeirUnderTest weir = serves(proxy().clientTimeouts(LATE, LATE, soon), Script.answers(OK));
    Http2Client client = opens(weir);
    client.sends(Http2Frame.settings(4, 0));
    client.asks(1);
    assertThat(client.receivesReset(1)).isEqualTo(CANCEL);
    client.sends(Http2Frame.settings(4, 100)).asks(3).receives(3, 200);
  }

  @Test
  void aClientThatNeverOpensItsWindowIsResetInTheMiddleOfAnAnswer() {
    Duration soon = Duration.ofMillis(300);
    WeirUnderTest weir =
        serves(
            proxy().clientTimeouts(LATE, LATE, soon),
            on -> {
              on.receivesRequest();
              on.sends("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
              on.sendsZeros(100_000_000);
            });
    Http2Client client = opens(weir);
    client.sends(Http2Frame.settings(4, 0));
    client.asks(1);
    assertThat(client.receivesReset(1)).isEqualTo(CANCEL);
    assertThat(weir.log().line(0).outcome()).isEqualTo("request_timeout");
  }

  @Test
  void afterSoManyRequestsTheConnectionEndsWithoutLosingOne() {
    WeirUnderTest weir = serves(proxy().requestsPerConnection(3), Script.answers(OK));
    Http2Client client = opens(weir);
    for (int stream = 1; stream <= 5; stream += 2) {
      client.asks(stream);
    }
    for (int stream = 1; stream <= 5; stream += 2) {
      client.receives(stream, 200);
    }
    assertThat(client.receivesGoAway()).isEqualTo(NO_ERROR);
    client.receivesUntil("the last stream", () -> client.lastStream() == 5).receivesEnd();
  }

  @Test
  void aClientThatSaysItLeavesIsDrainedLikeAnother() {
    CountDownLatch gate = new CountDownLatch(1);
    WeirUnderTest weir =
        serves(
            proxy().requestsPerConnection(2),
            on -> {
              on.receivesRequest();
              on.waitsFor(gate).sends(OK).waitsForEnd();
            },
            Script.answers(OK));
    Http2Client client = opens(weir);
    client.asks(1).sends(Http2Frame.goAway(0, NO_ERROR));
    client.asks(3).receives(3, 200);
    assertThat(client.receivesGoAway()).isEqualTo(NO_ERROR);
    client.receivesUntil("the last stream", () -> client.lastStream() == 3);
    client.asks(5);
    assertThat(client.isAnswered()).isTrue();
    assertThat(client.on(5).status()).isZero();
    gate.countDown();
    client.receives(1, 200);
    client.receivesEnd();
  }

  @Test
  void drainingServesWhatIsUnderWayAndNamesTheLast() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    WeirUnderTest weir =
        serves(
            on -> {
              on.receivesRequest();
              on.waitsFor(gate).sends(OK).waitsForEnd();
            },
            Script.answers(OK));
    Http2Client client = opens(weir).ignoresPings();
    client.asks(1);
    Http2Client idle = opens(weir);
    idle.asks(9).receives(9, 200);
    Thread drain = Thread.ofVirtual().start(() -> weir.drain(LATE));
    assertThat(client.receivesGoAway()).isEqualTo(NO_ERROR);
    assertThat(client.lastStream()).as("of the first GOAWAY").isEqualTo(Integer.MAX_VALUE);
    client.asks(3).receives(3, 200); // crossed the GOAWAY
    client.receivesUntil("the last stream", () -> client.lastStream() == 3);
    client.asks(5); // behind it: not served, and the client knows
    assertThat(client.isAnswered()).isTrue();
    assertThat(client.on(5).status()).isZero();
    gate.countDown();
    assertThat(client.receives(1, 200).body()).isEqualTo("hello");
    client.receivesEnd();
    idle.receivesEnd();
    assertThat(idle.lastStream()).isEqualTo(9);
    client.close();
    idle.close();
    drain.join();
  }

  @Test
  void aRefusedRequestIsLoggedAndCounted() {
    WeirUnderTest weir = serves(Script.answers(OK));
    Http2Client client = opens(weir);
    client.asks(1, "Upper", "case").receivesReset(1);
    AccessRecorder.Line line = weir.log().line(0);
    assertThat(line.status()).isEqualTo(400);
    assertThat(line.outcome()).isEqualTo("bad_request");
    assertThat(line.bytesOut()).as("of a stream that was reset").isZero();
    client.asks(3).receives(3, 200);
    assertThat(weir.log().line(1).protocol()).isEqualTo("HTTP/2.0");
  }

  @Test
  void oneStalledUploadLeavesTheOthersTheirWay() {
    CountDownLatch gate = new CountDownLatch(1);
    WeirUnderTest weir =
        serves(
            on -> {
              on.receivesHead();
              on.waitsFor(gate);
            },
            Script.answers(OK));
    Http2Client client = opens(weir);
    client.begins(1, "POST", "/");
    String piece = "x".repeat(16_384);
    for (int i = 0; i < 8; i++) {
      client.sends(data(1, 0, piece)); // its whole window
    }
    for (int stream = 3; stream < 40; stream += 2) {
      client.begins(stream, "POST", "/").sends(data(stream, END_STREAM, piece));
      client.receives(stream, 200);
    }
    gate.countDown();
  }

  @Test
  void theOrderOfAnswersIsTheBackends() {
    CountDownLatch gate = new CountDownLatch(1);
    WeirUnderTest weir =
        serves(
            on -> {
              on.receivesRequest();
              on.waitsFor(gate).sends(OK);
            },
            Script.answers(OK));
    Http2Client client = opens(weir);
    client.asks(1);
    for (int stream : List.of(3, 5, 7)) {
      client.asks(stream).receives(stream, 200);
    }
    assertThat(client.on(1).status()).isZero();
    gate.countDown();
    client.receives(1, 200);
  }
}
