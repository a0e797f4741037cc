package io.weir.core.stories.http2;

import static io.weir.core.testkit.Http2Frame.END_HEADERS;
import static io.weir.core.testkit.Http2Frame.END_STREAM;
import static io.weir.core.testkit.Http2Frame.data;
import static io.weir.core.testkit.Http2Frame.headers;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.HpackText;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Request;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.core.testkit.Wire;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a backend of HTTP/1 gets of a request that came by HTTP/2. */
class DowngradeStories extends Stories {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  private ByteBackend backend;
  private Http2Client client;

  @BeforeEach
  void connects() {
    backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(proxy().listensH2c(ProxySetup.WEB).app(backend));
    client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
  }

  private Request arrives(int stream) {
    client.receives(stream, 200);
    return backend.receivesOneRequest();
  }

  @Test
  void everyByteOfAHeadIsAccountedFor() {
    client.asksFor(1, "/a?b=c", "x-one", "1", "accept", "*/*", "x-empty", "");
    assertThat(Wire.text(arrives(1).raw()))
        .matches(
            """
            GET /a\\?b=c HTTP/1.1
            Host: a
            x-one: 1
            accept: \\*/\\*
            x-empty:\\s
            X-Request-Id: \\p{XDigit}{32}
            traceparent: [-\\p{XDigit}]{55}
            X-Forwarded-For: 127.0.0.1
            X-Forwarded-Proto: http
            X-Forwarded-Host: a
            Via: 2.0 weir

            """
                .replace("\n", "\r\n"));
  }

  @Test
  void namesThatAreOursButForUnderscoresAreLeftOut() {
    client.asks(1, "x_forwarded_for", "192.0.2.1", "x_request_id", "me", "x_other", "goes");
    Request request = arrives(1);
    assertThat(Wire.text(request.raw())).doesNotContain("192.0.2.1", "x_request_id");
    assertThat(request.headers().all("x_other")).containsExactly("goes");
  }

  @Test
  void crumbsBecomeOneCookie() {
    client.asks(1, "cookie", "a=1", "x", "y", "cookie", "b=2", "cookie", "c=3");
    Request request = arrives(1);
    assertThat(request.headers().all("cookie")).containsExactly("a=1; b=2; c=3");
    assertThat(request.headers().all("x")).containsExactly("y");
  }

  @Test
  void crumbsWithoutAnythingLeaveNoTrace() {
    client.asks(1, "cookie", "", "cookie", "a=1", "cookie", "", "cookie", "b=2", "cookie", "");
    assertThat(Wire.text(arrives(1).raw())).contains("\r\ncookie: a=1; b=2\r\n");
    client.asks(3, "cookie", "", "cookie", "");
    client.receives(3, 200);
    assertThat(Wire.text(backend.receivesRequests(2).getLast().raw())).contains("\r\ncookie: \r\n");
  }

  @Test
  void aHundredCrumbsAreOneField() {
    String[] crumbs = new String[2 * 150];
    for (int i = 0; i < crumbs.length; i += 2) {
      crumbs[i] = "cookie";
      crumbs[i + 1] = "c" + i + "=1";
    }
    client.asks(1, crumbs);
    assertThat(arrives(1).headers().first("cookie").orElseThrow().split("; ")).hasSize(150);
  }

  @Test
  void aHostThatAgreesComesOnce() {
    client.asks(1, "host", "A");
    assertThat(arrives(1).headers().all("host")).containsExactly("a");
  }

  @Test
  void whatIsAboutTheConnectionStays() {
    client.asks(1, "te", "trailers", "http2-settings", "AAMAAABkAAQAAP__");
    Request request = arrives(1);
    assertThat(request.headers().has("te")).isFalse();
    assertThat(request.headers().has("http2-settings")).isFalse();
    assertThat(request.headers().has("connection")).isFalse();
  }

  @Test
  void whatClientsSayOfForwardingIsNotBelieved() {
    client.asks(
        1, "x-forwarded-for", "192.0.2.1", "x-forwarded-proto", "https", "forwarded", "for=x");
    Request request = arrives(1);
    assertThat(request.headers().all("x-forwarded-for")).containsExactly("127.0.0.1");
    assertThat(request.headers().all("x-forwarded-proto")).containsExactly("http");
    assertThat(request.headers().has("forwarded")).isFalse();
  }

  @Test
  void aBodyOfUnknownLengthComesInChunks() {
    client.begins(1, "POST", "/").sends(data(1, 0, "hel"), data(1, END_STREAM, "lo"));
    Request request = arrives(1);
    assertThat(request.chunked()).isTrue();
    assertThat(request.bodyText()).isEqualTo("hello");
  }

  @Test
  void aBodyOfKnownLengthKeepsIt() {
    client.begins(1, "POST", "/", "content-length", "5").sends(data(1, END_STREAM, "hello"));
    Request request = arrives(1);
    assertThat(request.headers().all("content-length")).containsExactly("5");
    assertThat(request.chunked()).isFalse();
  }

  @Test
  void aPostWithoutABodySaysSo() {
    client.sends(headers(1, END_HEADERS | END_STREAM, Http2Client.head("POST", "/")));
    Request request = arrives(1);
    assertThat(request.headers().all("content-length")).containsExactly("0");
  }

  @Test
  void trailersComeBehindTheLastChunk() {
    client
        .begins(1, "POST", "/")
        .sends(
            data(1, 0, "hello"),
            headers(
                1,
                END_HEADERS | END_STREAM,
                HpackText.literals("x-sum", "7", "content-length", "3", "host", "b")));
    Request request = arrives(1);
    assertThat(request.bodyText()).isEqualTo("hello");
    assertThat(request.trailers().toString()).isEqualTo("x-sum: 7");
  }

  @Test
  void manyStreamsBecomeManyRequestsAndNoneMixes() {
    for (int i = 0; i < 100; i++) {
      client.begins(2 * i + 1, "POST", "/" + i, "content-length", "3");
    }
    for (int i = 0; i < 100; i++) {
      client.sends(data(2 * i + 1, END_STREAM, "%03d".formatted(i)));
    }
    for (int i = 0; i < 100; i++) {
      client.receives(2 * i + 1, 200);
    }
    assertThat(backend.receivesRequests(100))
        .allSatisfy(request ->
            assertThat(Integer.parseInt(request.bodyText()))
                .isEqualTo(Integer.parseInt(request.target().substring(1))));
  }

  /** A chunk of no bytes would be the last one, and what follows it another request. */
  @Test
  void anEmptyFrameIsNoChunk() {
    // For the first the backend is not connected yet, so that its frames wait.
    for (int stream = 1; stream <= 5; stream += 2) {
      client.sends(
          headers(stream, END_HEADERS, Http2Client.head("POST", "/")),
          data(stream, 0, ""),
          data(stream, END_STREAM, ""));
      client.receives(stream, 200);
    }
    String bytes = Wire.text(backend.connection(0).received());
    assertThat(bytes.split("\r\n0\r\n\r\n", -1)).as(bytes).hasSize(4);
    assertThat(bytes).endsWith("\r\n0\r\n\r\n").doesNotContain("0\r\n\r\n0\r\n");
  }
}
