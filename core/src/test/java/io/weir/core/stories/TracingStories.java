package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.RouteConfig;
import io.weir.core.config.TracingConfig;
import io.weir.core.testkit.AccessRecorder;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Headers;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Request;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ids by which one request is found again at the next hop and in the log. */
class TracingStories extends Stories {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

  private static ProxySetup trusting() {
    return proxy().trusts("127.0.0.1/32");
  }

  private static String get(String lines) {
    return "GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n";
  }

  private static String only(Headers headers, String name) {
    List<String> values = headers.all(name);
    assertThat(values).as(name).hasSize(1);
    return values.getFirst();
  }

  @Test
  void everyRequestHasIdsThatTheLogHasToo() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(proxy().app(backend));
    client(weir).sends(get("")).receives(200);
    Headers sent = backend.receivesOneRequest().headers();
    String id = only(sent, "x-request-id");
    assertThat(id).matches("[0-9a-f]{32}");
    assertThat(only(sent, "traceparent")).matches("00-" + id + "-[0-9a-f]{16}-01");
    AccessRecorder.Line line = weir.log().line(0);
    assertThat(line.requestId()).isEqualTo(id);
    assertThat(line.traceId()).isEqualTo(id);
  }

  @Test
  void noTwoRequestsHaveTheSame() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(proxy().workers(2).app(backend));
    for (int connection = 0; connection < 4; connection++) {
      ByteClient client = client(weir);
      for (int i = 0; i < 25; i++) {
        client.sends(get("")).receives(200);
      }
    }
    Set<String> ids = new HashSet<>();
    Set<String> spans = new HashSet<>();
    for (Request request : backend.receivesRequests(100)) {
      ids.add(only(request.headers(), "x-request-id"));
      spans.add(only(request.headers(), "traceparent").substring(36, 52));
    }
    assertThat(ids).hasSize(100);
    assertThat(spans).hasSize(100);
  }

  @Test
  void aTrustedPeersIdsAreKept() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(trusting().app(backend));
    client(weir)
        .sends(
            get(
                "X-Request-ID: from-the_edge:1\r\nTraceParent: "
                    + PARENT
                    + "\r\nTracestate: a=b\r\n"))
        .receives(200);
    Headers sent = backend.receivesOneRequest().headers();
    assertThat(only(sent, "x-request-id")).isEqualTo("from-the_edge:1");
    assertThat(only(sent, "traceparent")).matches("00-" + TRACE + "-[0-9a-f]{16}-01");
    assertThat(only(sent, "traceparent")).as("a parent of our own").isNotEqualTo(PARENT);
    assertThat(only(sent, "tracestate")).isEqualTo("a=b");
    assertThat(weir.log().line(0).requestId()).isEqualTo("from-the_edge:1");
    assertThat(weir.log().line(0).traceId()).isEqualTo(TRACE);
  }

  @Test
  void aTraceThatIsNotSampledStaysSo() {
    ByteBackend backend = backend(Script.answers(OK));
    ByteClient client = client(starts(trusting().app(backend)));
    client.sends(get("Traceparent: 00-" + TRACE + "-00f067aa0ba902b7-00\r\n")).receives(200);
    client.sends(get("Traceparent: 0a-" + TRACE + "-00f067aa0ba902b7-03-x\r\n")).receives(200);
    List<Request> sent = backend.receivesRequests(2);
    assertThat(only(sent.get(0).headers(), "traceparent")).matches("00-" + TRACE + "-.{16}-00");
    assertThat(only(sent.get(1).headers(), "traceparent"))
        .as("of a later version what the first one has")
        .matches("00-" + TRACE + "-.{16}-01");
  }

  @Test
  void aStrangersIdsAreReplaced() {
    ByteBackend backend = backend(Script.answers(OK));
    client(starts(proxy().app(backend)))
        .sends(get("X-Request-Id: mine\r\nTraceparent: " + PARENT + "\r\nTracestate: a=b\r\n"))
        .receives(200);
    Headers sent = backend.receivesOneRequest().headers();
    assertThat(only(sent, "x-request-id")).matches("[0-9a-f]{32}");
    assertThat(only(sent, "traceparent")).doesNotContain(TRACE);
    assertThat(sent.all("tracestate")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Request-Id: \r\n",
        "X-Request-Id: a b\r\n",
        "X-Request-Id: <script>\r\n",
        "X-Request-Id: a\"b\r\n",
        "X-Request-Id: \u00e4\r\n",
        "X-Request-Id: one\r\nX-Request-Id: two\r\n",
        "X-Request-Id: 0123456789012345678901234567890123456789012345678901234567890123456789"
            + "012345678901234567890123456789012345678901234567890123456789\r\n"
      })
  void whatIsNoIdIsReplacedEvenFromATrustedPeer(String lines) {
    ByteBackend backend = backend(Script.answers(OK));
    client(starts(trusting().app(backend))).sends(get(lines)).receives(200);
    assertThat(only(backend.receivesOneRequest().headers(), "x-request-id"))
        .matches("[0-9a-f]{32}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Traceparent: nonsense\r\n",
        "Traceparent: " + PARENT + "\r\nTraceparent: " + PARENT + "\r\n"
      })
  void whatIsNoParentBeginsATrace(String lines) {
    ByteBackend backend = backend(Script.answers(OK));
    client(starts(trusting().app(backend))).sends(get(lines + "Tracestate: a=b\r\n")).receives(200);
    Headers sent = backend.receivesOneRequest().headers();
    assertThat(only(sent, "traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    assertThat(only(sent, "traceparent")).doesNotContain(TRACE);
    assertThat(sent.all("tracestate")).isEmpty();
  }

  @Test
  void bothCanBeTurnedOffAndThenNothingIsTouched() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(proxy().traces(new TracingConfig(false, false, 1)).app(backend));
    ByteClient client = client(weir);
    client.sends(get("")).receives(200);
    String lines = "X-Request-Id: mine\r\nTraceparent: x\r\nTracestate: a=b\r\n";
    client.sends(get(lines)).receives(200);
    List<Request> sent = backend.receivesRequests(2);
    assertThat(sent.get(0).headers().all("x-request-id")).isEmpty();
    assertThat(sent.get(0).headers().all("traceparent")).isEmpty();
    assertThat(only(sent.get(1).headers(), "x-request-id")).isEqualTo("mine");
    assertThat(only(sent.get(1).headers(), "traceparent")).isEqualTo("x");
    assertThat(only(sent.get(1).headers(), "tracestate")).isEqualTo("a=b");
    assertThat(weir.log().line(1).requestId()).as("the log's own").matches("[0-9a-f]{32}");
    assertThat(weir.log().line(1).traceId()).isEqualTo("null");
  }

  @Test
  void ofTracesMadeHereAShareIsSampled() {
    ByteBackend backend = backend(Script.answers(OK));
    ByteClient client =
        client(starts(proxy().traces(new TracingConfig(true, true, 0)).app(backend)));
    client.sends(get("")).receives(200);
    assertThat(only(backend.receivesOneRequest().headers(), "traceparent")).endsWith("-00");
  }

  @Test
  void aRequestThatIsTriedTwiceHasOneOfEach() {
    ByteBackend backend =
        backend(
            on -> {
              on.receivesRequest();
              on.sends(OK);
              on.receivesRequest(); // the second is lost with its connection
            },
            Script.answers(OK));
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends(get("")).receives(200);
    client.sends(get("")).receives(200);
    List<Request> sent = backend.receivesRequests(3);
    assertThat(only(sent.get(1).headers(), "x-request-id"))
        .isEqualTo(only(sent.get(2).headers(), "x-request-id"));
    only(sent.get(2).headers(), "traceparent");
  }

  @Test
  void anErrorSaysTheIdThatTheLogHas() {
    WeirUnderTest weir = starts(trusting().route("", "/x", new RouteConfig.Respond(200, "", null)));
    ByteClient client = client(weir);
    String page = client.sends(get("")).receives(404).bodyText();
    assertThat(page).contains(weir.log().line(0).requestId());
    assertThat(client.sends(get("X-Request-Id: kept-1\r\n")).receives(404).bodyText())
        .contains("Request kept-1\n");
  }
}
