package io.weir.core.stories.http2;

import static io.weir.core.testkit.Http2Backend.answers;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.EditsConfig;
import io.weir.core.config.RouteConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Curl;
import io.weir.core.testkit.HpackText;
import io.weir.core.testkit.Http2Backend;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import io.weir.core.testkit.Http2Request;
import io.weir.core.testkit.Http2Response;
import io.weir.core.testkit.Http2Talk;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Response;
import io.weir.core.testkit.WeirUnderTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One request to a backend over HTTP/2: what it gets, and what comes back. */
class UpstreamStories extends Http2BackendStories {
  @Test
  void aRequestIsTranslated() {
    Http2Backend backend = http2(saysHello());
    WeirUnderTest weir = starts(to(backend));
    client(weir)
        .sends(
            "POST /x?y=z HTTP/1.1\r\nHost: www.foobar.com:81\r\nConnection: x-hop, keep-alive\r\n"
                + "X-Hop: 1\r\nKeep-Alive: timeout=3\r\nX-Thing: 1\r\nCookie: a=1; b=2\r\n"
                + "Content-Length: 4\r\n\r\nbody");
    ByteBackend.waitsUntil("a request", () -> backend.requests().size() == 1);
    Http2Request got = backend.requests().getFirst();
    assertThat(got.all(":method")).containsExactly("POST");
    assertThat(got.all(":scheme")).containsExactly("http");
    assertThat(got.all(":authority")).containsExactly("www.foobar.com:81");
    assertThat(got.all(":path")).containsExactly("/x?y=z");
    assertThat(got.all("x-thing")).containsExactly("1");
    assertThat(got.all("cookie")).containsExactly("a=1; b=2");
    assertThat(got.all("content-length")).containsExactly("4");
    assertThat(got.all("x-forwarded-for")).containsExactly("127.0.0.1");
    assertThat(got.all("x-forwarded-proto")).containsExactly("http");
    assertThat(got.all("x-forwarded-host")).containsExactly("www.foobar.com:81");
    assertThat(got.all("via")).containsExactly("1.1 weir");
    assertThat(got.all("x-request-id")).hasSize(1);
    assertThat(got.text()).isEqualTo("body");
    for (String hop : List.of("connection", "keep-alive", "x-hop", "host", "te")) {
      assertThat(got.all(hop)).as(hop).isEmpty();
    }
  }

  @Test
  void aResponseIsTranslated() {
    Http2Backend backend =
        http2(
            answers((on, request) ->
                on.head(
                        request.stream(),
                        false,
                        ":status",
                        "404",
                        "x-thing",
                        "1",
                        "set-cookie",
                        "a")
                    .data(request.stream(), "nothing".getBytes(), false)
                    .head(request.stream(), true, "x-checksum", "7")));
    Response response = client(starts(to(backend))).sends(GET).receives(404);
    assertThat(response.headers().all("x-thing")).containsExactly("1");
    assertThat(response.headers().all("set-cookie")).containsExactly("a");
    assertThat(response.bodyText()).isEqualTo("nothing");
    assertThat(response.framing()).isEqualTo(Response.Framing.CHUNKED);
    assertThat(response.trailers().all("x-checksum")).containsExactly("7");
  }

  private static ProxySetup editing(
      Http2Backend backend, EditsConfig.Headers request, EditsConfig.Headers response) {
    RouteConfig route =
        new RouteConfig(
            null,
            RouteConfig.Match.EVERYTHING,
            new RouteConfig.Forward(ProxySetup.APP),
            new EditsConfig("", null, request, response),
            RouteConfig.Timeouts.USUAL);
    return proxy()
        .pool(ProxySetup.APP, pool(backend.address()))
        .listensH2c(ProxySetup.WEB)
        .route(route);
  }

  @Test
  void noValueBeginsOrEndsWithWhiteSpace() {
    Http2Backend backend = http2(saysHello());
    EditsConfig.Headers headers =
        new EditsConfig.Headers(
            List.of(),
            Map.of("x-ends", "{client_ip} {tls_version}", "x-begins", "{tls_version} {client_ip}"),
            Map.of());
    WeirUnderTest weir = starts(editing(backend, headers, headers));
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    Http2Response response = client.asks(1, "cookie", "a=1", "cookie", "").receives(1, 200);
    Http2Request got = backend.requests().getFirst();
    assertThat(got.all("cookie")).containsExactly("a=1");
    for (String name : List.of("x-ends", "x-begins")) {
      assertThat(got.all(name)).as(name).containsExactly("127.0.0.1");
      assertThat(response.headers().all(name)).as(name).containsExactly("127.0.0.1");
    }
  }

  @Test
  void trailersLoseWhatTheRouteTakesOutOfHeads() {
    Http2Backend backend =
        http2(
            answers((on, request) ->
                on.head(request.stream(), false, ":status", "200")
                    .head(request.stream(), true, "x-sum", "7", "x-role", "admin")));
    EditsConfig.Headers headers = new EditsConfig.Headers(List.of("x-role"), Map.of(), Map.of());
    WeirUnderTest weir = starts(editing(backend, headers, headers));
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    client.sends(
        Http2Frame.headers(1, 4, Http2Client.head("POST", "/")),
        Http2Frame.data(1, 0, "hi"),
        Http2Frame.headers(1, 5, HpackText.literals("x-sum", "7", "x-role", "admin")));
    Http2Response response = client.receives(1, 200);
    assertThat(String.valueOf(response.trailers())).isEqualTo("x-sum: 7");
    Http2Request got = backend.requests().getFirst();
    assertThat(got.all("x-sum")).containsExactly("7");
    assertThat(got.all("x-role")).isEmpty();

    client.sends(
        Http2Frame.headers(3, 4, Http2Client.head("POST", "/")),
        Http2Frame.headers(3, 5, HpackText.literals("x-role", "admin")));
    client.receives(3, 200);
    assertThat(backend.requests().getLast().all("x-role")).as("nothing is left of them").isEmpty();
  }

  /** A failed call of gRPC, whose status stands behind the messages. */
  private static Http2Backend.Script failsCalls() {
    return answers((on, request) ->
        on.head(request.stream(), false, ":status", "200", "content-type", "application/grpc")
            .data(request.stream(), "message".getBytes(), false)
            .head(request.stream(), true, "grpc-status", "3", "grpc-message", "no", "x-by", "app"));
  }

  /** The same before any message: all that it says stands in its head. */
  private static Http2Backend.Script failsCallsAtOnce() {
    return answers((on, request) ->
        on.head(
            request.stream(),
            true,
            ":status",
            "200",
            "content-type",
            "application/grpc",
            "grpc-status",
            "3",
            "x-by",
            "app"));
  }

  private Http2Response called(Http2Backend backend, EditsConfig.Headers response) {
    WeirUnderTest weir = starts(editing(backend, EditsConfig.Headers.NONE, response));
    return keeps(Http2Client.open(weir.address(ProxySetup.WEB))).asks(1).receives(1, 200);
  }

  @Test
  void theStatusOfACallOutlivesEditsOfOtherHeaders() {
    EditsConfig.Headers others =
        new EditsConfig.Headers(
            List.of("x-*", "server"),
            Map.of("x-frame-options", "DENY", "cache-control", "no-store"),
            Map.of("vary", List.of("accept")));
    Http2Response answer = called(http2(failsCalls()), others);
    assertThat(answer.headers().all("x-frame-options")).containsExactly("DENY");
    assertThat(answer.body()).isEqualTo("message");
    assertThat(String.valueOf(answer.trailers()))
        .as("nothing is put in")
        .isEqualToIgnoringNewLines("grpc-status: 3grpc-message: no");

    Http2Response atOnce = called(http2(failsCallsAtOnce()), others);
    assertThat(atOnce.headers().all("grpc-status")).containsExactly("3");
    assertThat(atOnce.headers().all("vary")).containsExactly("accept");
    assertThat(atOnce.headers().has("x-by")).isFalse();
    assertThat(atOnce.trailers()).isNull();
  }

  @Test
  void theStatusOfACallComesBehindABodyOfNoBytes() {
    Http2Backend backend =
        http2(
            answers((on, request) -> {
              on.head(request.stream(), false, ":status", "200", "content-length", "0");
              on.head(request.stream(), true, "grpc-status", "5");
            }));
    WeirUnderTest weir = starts(to(backend).listens(ProxySetup.WEB).listensH2c("h2"));
    Http2Response answer = keeps(Http2Client.open(weir.address("h2"))).asks(1).receives(1, 200);
    assertThat(answer.headers().all("content-length")).containsExactly("0");
    assertThat(String.valueOf(answer.trailers())).isEqualTo("grpc-status: 5");
    ByteClient old = client(weir);
    for (int i = 0; i < 2; i++) {
      assertThat(old.sends(GET).receives(200).headers().all("content-length")).containsExactly("0");
    }
  }

  @Test
  void theStatusOfACallIsTakenOutWhereARouteSaysSo() {
    EditsConfig.Headers removed =
        new EditsConfig.Headers(List.of("grpc-status"), Map.of(), Map.of());
    assertThat(String.valueOf(called(http2(failsCalls()), removed).trailers()))
        .isEqualToIgnoringNewLines("grpc-message: nox-by: app");
    assertThat(called(http2(failsCallsAtOnce()), removed).headers().has("grpc-status")).isFalse();

    EditsConfig.Headers replaced =
        new EditsConfig.Headers(List.of(), Map.of("grpc-status", "0"), Map.of());
    Http2Response answer = called(http2(failsCalls()), replaced);
    assertThat(answer.headers().all("grpc-status")).containsExactly("0");
    assertThat(String.valueOf(answer.trailers()))
        .isEqualToIgnoringNewLines("grpc-message: nox-by: app");
  }

  @Test
  void responsesWithoutABody() {
    Http2Backend backend =
        http2(
            answers((on, request) -> {
              String status = request.path().substring(1);
              String[] length =
                  status.equals("200") ? new String[] {"content-length", "9"} : new String[0];
              String[] fields = new String[2 + length.length];
              fields[0] = ":status";
              fields[1] = status;
              System.arraycopy(length, 0, fields, 2, length.length);
              on.head(request.stream(), true, fields);
            }));
    WeirUnderTest weir = starts(to(backend));
    ByteClient client = client(weir);
    client.sends("HEAD /200 HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(client.receivesResponseTo("HEAD").headers().all("content-length"))
        .containsExactly("9");
    client.sends("GET /204 HTTP/1.1\r\nHost: a\r\n\r\n").receives(204);
    client.sends("GET /304 HTTP/1.1\r\nHost: a\r\n\r\n").receives(304);
    Response empty = client.sends("GET /500 HTTP/1.1\r\nHost: a\r\n\r\n").receives(500);
    assertThat(empty.headers().all("content-length")).containsExactly("0");
    assertThat(backend.connections()).isEqualTo(1);
  }

  @Test
  void anOldClientIsServed() {
    Http2Backend backend = http2(saysHello());
    Response response = client(starts(to(backend))).sends("GET / HTTP/1.0\r\n\r\n").receives(200);
    assertThat(response.bodyText()).isEqualTo("hello");
    assertThat(backend.requests().getFirst().all(":authority"))
        .containsExactly("127.0.0.1:" + backend.address().getPort());
  }

  @Test
  void interimResponsesComeInOrder() {
    Http2Backend backend =
        http2(on -> {
          on.begins();
          Http2Request request = on.receivesHead();
          on.head(request.stream(), false, ":status", "103", "link", "</x>");
          on.head(request.stream(), false, ":status", "100");
          on.receives(Http2Talk.DATA);
          on.answers(request.stream(), 200, "done");
          on.waitsForEnd();
        });
    ByteClient client =
        client(starts(to(backend)))
            .sends(
                "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                    + "Content-Length: 2\r\n\r\n");
    assertThat(client.receivesHead().status()).isEqualTo(103);
    assertThat(client.receivesHead().status()).isEqualTo(100);
    assertThat(client.sends("hi").receives(200).bodyText()).isEqualTo("done");
  }

  @Test
  void curlSpeaksHttp2OnBothSides() {
    Http2Backend backend = http2(saysHello());
    WeirUnderTest weir = starts(to(backend).listensH2c(ProxySetup.WEB));
    Curl.Result result =
        Curl.run("-v", "--http2-prior-knowledge", "http:/" + weir.address(ProxySetup.WEB) + "/");
    assertThat(result.stderr()).contains("< HTTP/2 200");
    assertThat(result.body()).isEqualTo("hello");
    assertThat(backend.requests().getFirst().all("via")).containsExactly("2.0 weir");
  }
}
