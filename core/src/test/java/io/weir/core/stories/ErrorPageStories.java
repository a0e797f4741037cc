package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.ErrorPagesConfig.Type;
import io.weir.core.config.RouteConfig;
import io.weir.core.testkit.AccessRecorder;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.DeadEnd;
import io.weir.core.testkit.HpackText;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Response;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a client is told when there is nothing to give it. */
class ErrorPageStories extends Stories {
  private static final String BROWSER =
      "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n";

  private static final String ALLOWED = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

  private static String get(String lines) {
    return "GET /nowhere HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n";
  }

  private static String header(Response response, String name) {
    return response.headers().first(name).orElse("none");
  }

  @Test
  void aBrowserGetsAPageThatNeedsNothingElse() {
    Response response = client(starts(proxy())).sends(get(BROWSER)).receives(404);
    assertThat(header(response, "content-type")).isEqualTo("text/html; charset=utf-8");
    assertThat(header(response, "cache-control")).isEqualTo("no-store");
    assertThat(header(response, "x-request-id")).matches("[0-9a-f]{32}");
    assertThat(response.bodyText())
        .startsWith("<!doctype html>")
        .contains("<title>404 Not Found</title>", "There is nothing at this address.")
        .contains("<code>" + header(response, "x-request-id") + "</code>")
        .contains("prefers-color-scheme:dark")
        .doesNotContain("http:", "https:", "src=", "<script", "{status}", "{cause}", "{request_id}")
        .hasSizeBetween(800, 1400);
  }

  @Test
  void curlGetsText() {
    Response response = client(starts(proxy())).sends(get("Accept: */*\r\n")).receives(404);
    assertThat(header(response, "content-type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(response.bodyText())
        .isEqualTo(
            "404 Not Found\nThere is nothing at this address.\nRequest "
                + header(response, "x-request-id")
                + "\n");
  }

  @Test
  void aProgramGetsJson() {
    ByteClient client = client(starts(proxy()));
    Response response = client.sends(get("Accept: application/json\r\n")).receives(404);
    assertThat(header(response, "content-type")).isEqualTo("application/json");
    assertThat(response.bodyText())
        .isEqualTo(
            "{\"status\":404,\"title\":\"Not Found\",\"detail\":\"There is nothing at this"
                + " address.\",\"request_id\":\""
                + header(response, "x-request-id")
                + "\"}\n");
    Response problem = client.sends(get("Accept: application/problem+json\r\n")).receives(404);
    assertThat(header(problem, "content-type")).isEqualTo("application/problem+json");
  }

  @Test
  void headHasTheLengthAndNoBody() {
    ByteClient client = client(starts(proxy()));
    int length = client.sends(get(BROWSER)).receives(404).body().length;
    client.sends(get(BROWSER).replace("GET", "HEAD"));
    Response head = client.receivesResponseTo("HEAD");
    assertThat(header(head, "content-length")).isEqualTo(Integer.toString(length));
    client.sends(get("")).receives(404);
  }

  @Test
  void aMethodThatIsNotPassedOnIsToldWhichAre() {
    String tunnel = "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n";
    WeirUnderTest weir = starts(proxy().listensH2c(ProxySetup.WEB));
    Response response = client(weir).sends(tunnel).receives(405);
    assertThat(header(response, "allow")).isEqualTo(ALLOWED);
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    client.sends(Http2Frame.request(1, ":method", "CONNECT", ":authority", "a:443"));
    assertThat(client.receives(1, 405).headers().all("allow")).containsExactly(ALLOWED);
  }

  /** RFC 9110 section 15.5.6 asks for Allow; section 10.2.1 says what an empty one means. */
  /** RFC 9110 sections 7.6.2, 9.3.7 and 9.3.8. */
  @Test
  void whatMayGoNoFurtherIsAnsweredAndNotReflected() {
    ByteBackend backend = backend(Script.answers("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    WeirUnderTest weir = starts(proxy().listens(ProxySetup.WEB).listensH2c("h2c").app(backend));
    String asks = "OPTIONS / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\nCookie: secret\r\n\r\n";
    ByteClient client = client(weir);
    Response options = client.sends(asks).receives(200);
    assertThat(header(options, "allow")).isEqualTo(ALLOWED);
    assertThat(header(options, "content-length")).isEqualTo("0");
    Response trace = client.sends(asks.replace("OPTIONS", "TRACE")).receives(405);
    assertThat(header(trace, "allow")).isEqualTo(ALLOWED);
    assertThat(trace.bodyText()).doesNotContain("secret");
    Http2Client streams = keeps(Http2Client.open(weir.address("h2c")));
    streams.sends(onlyHere(1, "OPTIONS"), onlyHere(3, "TRACE"));
    assertThat(streams.receives(1, 200).headers().all("allow")).containsExactly(ALLOWED);
    assertThat(streams.on(1).body()).isEmpty();
    assertThat(streams.receives(3, 405).headers().all("allow")).containsExactly(ALLOWED);
    assertThat(streams.on(3).body()).doesNotContain("secret");
    assertThat(weir.log().lines())
        .extracting(AccessRecorder.Line::outcome)
        .containsExactly("ok", "method_not_allowed", "ok", "method_not_allowed");
    backend.receivedNothing();
  }

  private static Http2Frame onlyHere(int stream, String method) {
    byte[] more = HpackText.literals("max-forwards", "0", "cookie", "secret");
    return Http2Frame.headers(
        stream,
        Http2Frame.END_HEADERS | Http2Frame.END_STREAM,
        HpackText.together(Http2Client.head(method, "/"), more));
  }

  @Test
  void whoeverConfiguresA405AllowsNothingUnlessSaidOtherwise() {
    RuleConfig deny =
        new RuleConfig(
            "no-puts", new MatchConfig.Method(Set.of("PUT")), new ActionConfig.Deny(405));
    Map<String, String> reads = Map.of("allow", "GET, HEAD");
    WeirUnderTest weir =
        starts(
            proxy()
                .listensH2c(ProxySetup.WEB)
                .rules(deny)
                .route("", "/disabled", new RouteConfig.Respond(405, "", null))
                .route("", "/read-only", new RouteConfig.Respond(405, "", null, reads)));
    ByteClient client = client(weir);
    Response refused = client.sends(get("").replace("GET", "PUT")).receives(405);
    assertThat(refused.headers().all("allow")).containsExactly("");
    assertThat(
            client
                .sends(get("").replace("/nowhere", "/disabled"))
                .receives(405)
                .headers()
                .all("allow"))
        .containsExactly("");
    Http2Client streams = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    streams.sends(Http2Frame.headers(1, 5, Http2Client.head("PUT", "/")));
    assertThat(streams.receives(1, 405).headers().all("allow")).containsExactly("");
    streams.sends(Http2Frame.headers(3, 5, Http2Client.head("GET", "/disabled")));
    assertThat(streams.receives(3, 405).headers().all("allow")).containsExactly("");
    streams.sends(Http2Frame.headers(5, 5, Http2Client.head("GET", "/read-only")));
    assertThat(streams.receives(5, 405).headers().all("allow")).containsExactly("GET, HEAD");
  }

  @Test
  void refusalsAndFailuresHavePagesToo() {
    RuleConfig deny =
        new RuleConfig(
            "no-posts", new MatchConfig.Method(Set.of("POST")), new ActionConfig.Deny(403));
    DeadEnd nobody = keeps(DeadEnd.refusing());
    ByteClient client = client(starts(proxy().rules(deny).app(nobody.address())));
    Response refused =
        client
            .sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n" + BROWSER + "\r\n")
            .receives(403);
    assertThat(refused.bodyText()).contains("403", "The request was refused.");
    Response failed = client.sends(get(BROWSER)).receives(502);
    assertThat(failed.bodyText()).contains("502", "gave no valid answer");
    assertThat(failed.bodyText()).doesNotContain("127.0.0.1");
  }

  @Test
  void whatCannotBeReadIsAnsweredInText() {
    Response response =
        client(starts(proxy())).sends("GET / HTTP/1.1\r\nHost: a\r\n bad\r\n\r\n").receives(400);
    assertThat(response.bodyText()).startsWith("400 Bad Request\nThe request is malformed.\n");
  }

  @Test
  void aPageOfOnesOwnIsForThoseWhoAcceptItsType() {
    String own = "<p>{status} {reason}</p><!-- {request_id} --><b>{request_id}</b>{other}";
    ByteClient client = client(starts(proxy().errorPage(404, Type.HTML, own)));
    Response page = client.sends(get(BROWSER)).receives(404);
    String id = header(page, "x-request-id");
    assertThat(page.bodyText())
        .isEqualTo("<p>404 Not Found</p><!-- " + id + " --><b>" + id + "</b>{other}");
    assertThat(client.sends(get("")).receives(404).bodyText()).startsWith("404 Not Found\n");
    Response other = client.sends("GET / HTTP/1.1\r\n" + BROWSER + "\r\n").receives(400);
    assertThat(other.bodyText()).contains("The request is malformed.");
  }

  @Test
  void aBackendsOwnErrorIsPassedOn() {
    ByteClient client =
        client(
            starts(
                proxy()
                    .errorPage(503, Type.TEXT, "ours")
                    .app(
                        backend(
                            Script.answers(
                                "HTTP/1.1 503 Busy\r\nContent-Length: 6\r\n\r\ntheirs")))));
    assertThat(client.sends(get("")).receives(503).bodyText()).isEqualTo("theirs");
  }
}
