package io.weir.core.stories.http2;

import static io.weir.core.testkit.HpackText.kept;
import static io.weir.core.testkit.HpackText.together;
import static io.weir.core.testkit.Http2Frame.END_HEADERS;
import static io.weir.core.testkit.Http2Frame.END_STREAM;
import static io.weir.core.testkit.Http2Frame.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Header;
import io.weir.core.testkit.Http2Backend;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import io.weir.core.testkit.Http2Request;
import io.weir.core.testkit.Http2Talk;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.WeirUnderTest;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Trailers of a request that its backend has answered without waiting for them. */
class LateTrailerStories extends Http2BackendStories {
  private static final int NO_ERROR = 0;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

  /** The first field of the table that the client keeps, which is the one of its trailers. */
  private static final byte[] KEPT = {(byte) 0xbe};

  /** A backend, and what it got of a field in each of its two requests. */
  private record Answering(ProxySetup setup, Supplier<List<List<String>>> sums) {}

  private Answering overHttp1() {
    ByteBackend backend =
        backend(
            on -> {
              on.receivesHead();
              on.sends(OK).waitsForEnd();
            },
            Script.answers(OK));
    return new Answering(
        proxy().app(backend),
        () -> backend.requests().stream().map(one -> one.headers().all("x-sum")).toList());
  }

  private Answering overHttp2() {
    Http2Backend backend =
        http2(on -> {
          on.begins();
          Http2Request first = on.receivesHead();
          on.answers(first.stream(), 200, "hello");
          assertThat(on.receives(Http2Talk.RST_STREAM).number()).isEqualTo(NO_ERROR);
          Http2Backend.answersOn(on, (talk, next) -> talk.answers(next.stream(), 200, "hello"));
        });
    return new Answering(
        to(backend), () -> backend.requests().stream().map(one -> one.all("x-sum")).toList());
  }

  private static Http2Frame trailers() {
    return Http2Frame.headers(1, END_HEADERS | END_STREAM, kept("x-sum", "7"));
  }

  /** The connection goes on, with the table that the trailers have changed. */
  private static void asksWithWhatWasKept(Http2Client client, Answering backend) {
    byte[] head = together(Http2Client.head("GET", "/"), KEPT);
    client.sends(Http2Frame.settings(INITIAL_WINDOW_SIZE, 65_535));
    client.sends(Http2Frame.headers(3, END_HEADERS | END_STREAM, head)).receives(3, 200);
    assertThat(backend.sums().get()).containsExactly(List.of(), List.of("7"));
  }

  @Test
  void comeBehindTheResetThatTheyCrossed() {
    crossTheReset(overHttp1());
  }

  @Test
  void comeBehindTheResetThatTheyCrossedFromABackendOfHttp2() {
    crossTheReset(overHttp2());
  }

  private void crossTheReset(Answering backend) {
    WeirUnderTest weir = starts(backend.setup().listensH2c(ProxySetup.WEB));
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    client.begins(1, "POST", "/").sends(data(1, 0, "some"));
    assertThat(client.receives(1, 200).body()).isEqualTo("hello");
    assertThat(client.receivesReset(1)).isEqualTo(NO_ERROR);
    client.sends(trailers());
    asksWithWhatWasKept(client, backend);
  }

  private Http2Client answeredBehindAWindow(WeirUnderTest weir) {
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    client.sends(Http2Frame.settings(INITIAL_WINDOW_SIZE, 0));
    client.begins(1, "POST", "/").sends(data(1, 0, "some"));
    return client.receivesUntil("a head", () -> client.on(1).status() == 200);
  }

  @Test
  void comeWhileTheAnswerWaitsForTheClient() {
    Answering backend = overHttp1();
    WeirUnderTest weir = starts(backend.setup().listensH2c(ProxySetup.WEB));
    Http2Client client = answeredBehindAWindow(weir);
    assertThat(weir.log().line(0).outcome()).isEqualTo("ok"); // nobody wants the rest
    client.sends(trailers(), Http2Frame.windowUpdate(1, 5));
    assertThat(client.receives(1, 200).body()).isEqualTo("hello");
    asksWithWhatWasKept(client, backend);
    assertThat(client.on(1).reset()).as("both sides had ended").isNull();
  }

  /**
   * A backend of HTTP/2 still takes what it has not reset, as long as its answer is not through.
   */
  @Test
  void areSentOnWhileTheAnswerWaitsForTheClient() {
    Http2Backend backend =
        http2(on -> {
          on.begins();
          on.answers(on.receivesHead().stream(), 200, "hello");
          Http2Request rest = on.receivesRequest();
          assertThat(rest.fields()).containsExactly(new Header("x-sum", "7"));
          Http2Backend.answersOn(on, (talk, next) -> talk.answers(next.stream(), 200, "hello"));
        });
    WeirUnderTest weir = starts(to(backend).listensH2c(ProxySetup.WEB));
    Http2Client client = answeredBehindAWindow(weir);
    client.sends(trailers(), Http2Frame.windowUpdate(1, 5));
    assertThat(client.receives(1, 200).body()).isEqualTo("hello");
    assertThat(client.isAnswered()).isTrue();
    assertThat(client.on(1).reset()).as("both sides had ended").isNull();
    assertThat(weir.log().line(0).outcome()).isEqualTo("ok");
    assertThat(backend.connections()).isEqualTo(1);
  }

  @Test
  void areThrownAwayOnAConnectionOfHttp1() {
    Answering backend = overHttp1();
    WeirUnderTest weir = starts(backend.setup());
    ByteClient client = client(weir);
    client.sends("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    assertThat(client.receives(200).saysClose()).isTrue();
    client.sends("4\r\nsome\r\n0\r\nX-Sum: 7\r\n\r\n").receivesClose();
    client(weir).sends(GET).receives(200);
    assertThat(backend.sums().get()).containsExactly(List.of(), List.of());
  }
}
