package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.ConfigError;
import io.weir.core.config.EditsConfig;
import io.weir.core.config.EditsConfig.Headers;
import io.weir.core.config.HstsConfig;
import io.weir.core.config.RouteConfig;
import io.weir.core.config.RouteConfig.Match;
import io.weir.core.config.RouteConfig.Timeouts;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Curl;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Request;
import io.weir.core.testkit.Response;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.core.testkit.Wire;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.StringPattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What routes change in what passes through them. */
class EditStories extends Stories {
  private static final String OK =
      "HTTP/1.1 200 OK\r\nServer: theirs\r\nX-Powered-By: them\r\nX-Powered-With: it\r\n"
          + "Content-Length: 2\r\n\r\nok";

  @TempDir static Path folder;

  private static String get(String target, String lines) {
    return "GET " + target + " HTTP/1.1\r\nHost: A.Test:8080\r\n" + lines + "\r\n";
  }

  private static Match path(String pattern) {
    return new Match(Set.of(), List.of(), List.of(Match.path(pattern)));
  }

  private static RouteConfig forward(Match match, EditsConfig edits) {
    return new RouteConfig(
        null, match, new RouteConfig.Forward(ProxySetup.APP), edits, Timeouts.USUAL);
  }

  private static EditsConfig strip(String prefix) {
    return new EditsConfig(prefix, null, Headers.NONE, Headers.NONE);
  }

  private static EditsConfig requests(Headers headers) {
    return new EditsConfig("", null, headers, Headers.NONE);
  }

  private static EditsConfig responses(Headers headers) {
    return new EditsConfig("", null, Headers.NONE, headers);
  }

  private static Headers set(String name, String value) {
    return new Headers(List.of(), Map.of(name, value), Map.of());
  }

  private ProxySetup app(ByteBackend backend, RouteConfig... routes) {
    ProxySetup setup = proxy().pool(ProxySetup.APP, backend.address());
    for (RouteConfig route : routes) {
      setup.route(route);
    }
    return setup;
  }

  private static String header(Response response, String name) {
    List<String> values = response.headers().all(name);
    assertThat(values).as(name).hasSize(1);
    return values.getFirst();
  }

  // Paths.

  @Test
  void theBackendGetsTheRestOfThePathAndTheRulesSeeAllOfIt() {
    ByteBackend backend = backend(Script.answers(OK));
    RuleConfig deny =
        new RuleConfig(
            "no-admin",
            new MatchConfig.Path(List.of(StringPattern.ofPath("/api/admin/*"))),
            new ActionConfig.Deny(403));
    WeirUnderTest weir = starts(app(backend, forward(path("/api/*"), strip("/api"))).rules(deny));
    ByteClient client = client(weir);
    client.sends(get("/api/x?q=1", "")).receives(200);
    client.sends(get("/api", "")).receives(200);
    client.sends(get("/api/admin", "")).receives(403);
    client.sends(get("/api/x/..%2fadmin", "")).receives(403);
    client.sends(get("/%61pi/a%2Fb", "")).receives(400);
    client(weir).sends(get("/api/a%2Fb", "")).receives(200);
    assertThat(backend.receivesRequests(3))
        .extracting(Request::target)
        .containsExactly("/x?q=1", "/", "/a%2Fb");
    assertThat(weir.log().line(0).target()).as("the log has what came").isEqualTo("/api/x?q=1");
  }

  @Test
  void aPathIsRewrittenByPrefixOrExpression() {
    ByteBackend backend = backend(Script.answers(OK));
    EditsConfig prefix =
        new EditsConfig("/old", new EditsConfig.Prefix("/new"), Headers.NONE, Headers.NONE);
    EditsConfig regex =
        new EditsConfig(
            "",
            new EditsConfig.Regex("^/u/([0-9]+)$", "/users/$1/$$home"),
            Headers.NONE,
            Headers.NONE);
    ByteClient client =
        client(starts(app(backend, forward(path("/old/*"), prefix), forward(path("/u/*"), regex))));
    client.sends(get("/old/x", "")).receives(200);
    client.sends(get("/u/42?tab=1", "")).receives(200);
    assertThat(backend.receivesRequests(2))
        .extracting(Request::target)
        .containsExactly("/new/x", "/users/42/$home?tab=1");
  }

  // Redirects and answers.

  @ParameterizedTest
  @CsvSource({
    "https://new.test/, /old/x?q=1, https://new.test/",
    "https://new.test{uri}, /old/x?q=1, https://new.test/x?q=1",
    "https://new.test{path}, /old/x?q=1, https://new.test/x",
    "https://{host}/?from={query}, /old/x?q=1, https://a.test/?from=q=1",
    "https://{host}/?from={query}, /old/x, https://a.test/?from=",
    "{uri}, /old//evil.test/x, /evil.test/x",
    "{scheme}://{host}{uri}, /old/, http://a.test/"
  })
  void aRedirectIsFilledIn(String to, String target, String expected) {
    RouteConfig route =
        new RouteConfig(
            null, path("/old/*"), new RouteConfig.Redirect(to, 302), strip("/old"), Timeouts.USUAL);
    Response response = client(starts(proxy().route(route))).sends(get(target, "")).receives(302);
    assertThat(header(response, "location")).isEqualTo(expected);
  }

  @Test
  void noTargetMakesARedirectToAnotherHost() {
    ByteClient client =
        client(starts(proxy().route("", "", new RouteConfig.Redirect("{uri}", 302))));
    for (String target : List.of("//evil.test/", "///evil.test", "/\\evil.test", "/\\/evil.test")) {
      String place = header(client.sends(get(target, "")).receives(302), "location");
      assertThat(place).as(target).startsWith("/").doesNotStartWith("//").doesNotContain("\\");
    }
  }

  @Test
  void whatIsRefusedOnTheWayIsNotRedirected() {
    RuleConfig deny = new RuleConfig("all", MatchConfig.ALWAYS, new ActionConfig.Deny(403));
    Response response =
        client(
                starts(
                    proxy()
                        .rules(deny)
                        .route("", "", new RouteConfig.Redirect("https://new.test{uri}", 302))))
            .sends(get("/", ""))
            .receives(403);
    assertThat(response.headers().all("location")).isEmpty();
  }

  @Test
  void anAnswerMayHaveFieldsOfItsOwn() {
    RouteConfig.Respond respond =
        new RouteConfig.Respond(
            200,
            "{}",
            "application/json",
            Map.of("cache-control", "max-age=60", "X-Id", "{request_id}"));
    Response response =
        client(starts(proxy().route("", "", respond))).sends(get("/", "")).receives(200);
    assertThat(header(response, "cache-control")).isEqualTo("max-age=60");
    assertThat(header(response, "x-id")).matches("[0-9a-f]{32}");
    assertThat(header(response, "content-type")).isEqualTo("application/json");
    assertThat(response.bodyText()).isEqualTo("{}");
  }

  // Fields.

  @Test
  void requestFieldsAreSetAddedAndRemoved() {
    ByteBackend backend = backend(Script.answers(OK));
    Headers headers =
        new Headers(
            List.of("X-Gone", "x-internal-*"),
            Map.of("X-Edge", "weir at {listener}", "x-who", "{client_ip} asks {host}{uri}"),
            Map.of("x-tag", List.of("one", "two"), "x-kept", List.of("ours")));
    WeirUnderTest weir = starts(app(backend, forward(path("/*"), requests(headers))));
    String lines =
        "x-GONE: 1\r\nX-Internal-A: 1\r\nX-Internal: stays\r\nx-edge: a\r\nX-Edge: b\r\n"
            + "X-Kept: theirs\r\nUser-Agent: me\r\n";
    client(weir).sends(get("/x?q", lines)).receives(200);
    Request sent = backend.receivesOneRequest();
    assertThat(sent.headers().all("x-gone")).isEmpty();
    assertThat(sent.headers().all("x-internal-a")).isEmpty();
    assertThat(sent.headers().all("x-internal")).containsExactly("stays");
    assertThat(sent.headers().all("x-edge")).containsExactly("weir at web");
    assertThat(sent.headers().all("x-who")).containsExactly("127.0.0.1 asks a.test/x?q");
    assertThat(sent.headers().all("x-tag")).containsExactly("one", "two");
    assertThat(sent.headers().all("x-kept")).containsExactly("theirs", "ours");
    assertThat(sent.headers().all("user-agent")).containsExactly("me");
    assertThat(sent.headers().all("host")).containsExactly("A.Test:8080");
  }

  @Test
  void whatStandsForNothingLeavesNoWhiteSpaceAroundAValue() {
    ByteBackend backend = backend(Script.answers(OK));
    Headers headers =
        new Headers(
            List.of(),
            Map.of(
                "x-ends", "{client_ip} \t{tls_version}",
                "x-begins", "{tls_version}\t from {client_ip} to {listener}",
                "x-nothing", " {tls_version} "),
            Map.of());
    EditsConfig edits = new EditsConfig("", null, headers, headers);
    Response response =
        client(starts(app(backend, forward(path("/*"), edits)))).sends(get("/", "")).receives(200);
    for (byte[] raw : List.of(backend.receivesOneRequest().raw(), response.raw())) {
      assertThat(Wire.text(raw))
          .contains(
              "\r\nx-ends: 127.0.0.1\r\n",
              "\r\nx-begins: from 127.0.0.1 to web\r\n",
              "\r\nx-nothing: \r\n");
    }
  }

  @Test
  void editsHaveTheLastWordAboutWhatWeirWouldSayItself() {
    ByteBackend backend = backend(Script.answers(OK));
    Headers headers =
        new Headers(
            List.of("x-forwarded-host"),
            Map.of("x-real-ip", "{client_ip}", "x-forwarded-proto", "https"),
            Map.of());
    client(starts(app(backend, forward(path("/*"), requests(headers)))))
        .sends(get("/", "X-Real-IP: 192.0.2.1\r\nX-Forwarded-Proto: ftp\r\n"))
        .receives(200);
    Request sent = backend.receivesOneRequest();
    assertThat(sent.headers().all("x-real-ip")).containsExactly("127.0.0.1");
    assertThat(sent.headers().all("x-forwarded-proto")).containsExactly("https");
    assertThat(sent.headers().all("x-forwarded-host")).isEmpty();
    assertThat(sent.headers().all("x-forwarded-for")).containsExactly("127.0.0.1");
  }

  @Test
  void aClientCannotHaveAnEditNominatedAway() {
    ByteBackend backend = backend(Script.answers(OK));
    client(starts(app(backend, forward(path("/*"), requests(set("x-edge", "weir"))))))
        .sends(get("/", "Connection: x-edge\r\nX-Edge: fake\r\n"))
        .receives(200);
    assertThat(backend.receivesOneRequest().headers().all("x-edge")).containsExactly("weir");
  }

  @Test
  void aRequestWithABodyKeepsItsFraming() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(app(backend, forward(path("/*"), requests(set("x-edge", "weir")))));
    ByteClient client = client(weir);
    client.sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc").receives(200);
    client.sends(
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    client.receives(200);
    for (Request sent : backend.receivesRequests(2)) {
      assertThat(sent.bodyText()).isEqualTo("abc");
      assertThat(sent.headers().all("x-edge")).containsExactly("weir");
    }
  }

  @Test
  void whatIsTakenOutOrReplacedInHeadsIsTakenOutOfTrailers() {
    String chunks =
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"
            + "X-Sum: 7\r\nx-ROLE: admin\r\nX-Internal-Id: 1\r\nX-Edge: fake\r\n\r\n";
    ByteBackend backend = backend(Script.answers("HTTP/1.1 200 OK\r\n" + chunks));
    Headers headers =
        new Headers(List.of("x-role", "x-internal-*"), Map.of("x-edge", "weir"), Map.of());
    EditsConfig edits = new EditsConfig("", null, headers, headers);
    Response response =
        client(starts(app(backend, forward(path("/*"), edits))))
            .sends("POST / HTTP/1.1\r\nHost: a\r\n" + chunks)
            .receives(200);
    assertThat(response.bodyText()).isEqualTo("abc");
    assertThat(response.trailers()).hasToString("X-Sum: 7");
    Request sent = backend.receivesOneRequest();
    assertThat(sent.bodyText()).isEqualTo("abc");
    assertThat(sent.headers().all("x-edge")).containsExactly("weir");
    assertThat(sent.trailers()).hasToString("X-Sum: 7");
  }

  @Test
  void aRequestWithoutAnyFieldGetsThem() {
    ByteBackend backend = backend(Script.answers(OK));
    client(starts(app(backend, forward(path("/*"), requests(set("x-edge", "weir"))))))
        .sends("GET / HTTP/1.0\r\n\r\n")
        .receives(200);
    assertThat(backend.receivesOneRequest().headers().all("x-edge")).containsExactly("weir");
  }

  @Test
  void responseFieldsAreChangedInWhatBackendsAnswerAndInWhatWeDo() {
    ByteBackend backend = backend(Script.answers(OK));
    Headers headers =
        new Headers(
            List.of("server", "x-powered-*"),
            Map.of("x-request-id", "{request_id}", "x-served-by", "{pool} {backend}"),
            Map.of("set-cookie", List.of("a=1", "b=2")));
    RuleConfig deny =
        new RuleConfig(
            "no-posts", new MatchConfig.Method(Set.of("POST")), new ActionConfig.Deny(403));
    WeirUnderTest weir = starts(app(backend, forward(path("/*"), responses(headers))).rules(deny));
    ByteClient client = client(weir);
    Response response = client.sends(get("/", "")).receives(200);
    assertThat(response.headers().all("server")).isEmpty();
    assertThat(response.headers().all("x-powered-by")).isEmpty();
    assertThat(response.headers().all("x-powered-with")).isEmpty();
    assertThat(response.headers().all("set-cookie")).containsExactly("a=1", "b=2");
    assertThat(header(response, "x-request-id"))
        .isEqualTo(backend.receivesOneRequest().headers().first("x-request-id").orElseThrow());
    assertThat(header(response, "x-served-by"))
        .isEqualTo("app 127.0.0.1:" + backend.address().getPort());
    assertThat(response.bodyText()).isEqualTo("ok");
    Response refused =
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").receives(403);
    assertThat(header(refused, "x-request-id")).matches("[0-9a-f]{32}");
    assertThat(refused.headers().all("set-cookie")).containsExactly("a=1", "b=2");
    assertThat(refused.bodyText()).contains(header(refused, "x-request-id"));
  }

  @Test
  void aResponseWithoutAnyFieldGetsThem() {
    ByteBackend backend = backend(Script.answersOnce("HTTP/1.1 200 OK\r\n\r\nbody"));
    Response response =
        client(starts(app(backend, forward(path("/*"), responses(set("x-edge", "weir"))))))
            .sends(get("/", ""))
            .receives(200);
    assertThat(header(response, "x-edge")).isEqualTo("weir");
    assertThat(response.bodyText()).isEqualTo("body");
  }

  @Test
  void hstsIsSaidWithEveryAnswerOnTlsAndARouteMaySayOtherwise() {
    ByteBackend backend =
        backend(
            Script.answers(
                "HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=1\r\n"
                    + "Content-Length: 0\r\n\r\n"));
    Headers other = set("strict-transport-security", "max-age=5");
    WeirUnderTest weir =
        starts(
            app(
                    backend,
                    forward(path("/mine"), responses(other)),
                    forward(path("/app*"), strip("")))
                .certificate(
                    "a", Openssl.signed(folder, Openssl.authority(folder, "Test CA"), "a.test"))
                .hsts(HstsConfig.DEFAULTS)
                .listensTls("secure", "a")
                .listens("web"));
    for (String[] row :
        new String[][] {
          {"/app", "max-age=31536000"}, {"/mine", "max-age=5"}, {"/nowhere", "max-age=31536000"}
        }) {
      String url = "https://127.0.0.1:" + weir.address("secure").getPort() + row[0];
      assertThat(Curl.run("-k", "-i", url).body())
          .containsIgnoringCase("strict-transport-security: " + row[1]);
    }
    assertThat(client(weir).sends(get("/app", "")).receives(200).headers())
        .extracting(headers -> headers.all("strict-transport-security"))
        .as("in plain text the backend's own")
        .isEqualTo(List.of("max-age=1"));
  }

  // Timeouts.

  @Test
  void aRouteMayHaveAShorterPatience() {
    ByteBackend backend = backend(Script.stalls());
    RouteConfig route =
        new RouteConfig(
            null,
            path("/quick"),
            new RouteConfig.Forward(ProxySetup.APP),
            EditsConfig.NONE,
            new Timeouts(Duration.ofMillis(300)));
    client(starts(app(backend, route))).sends(get("/quick", "")).receives(504);
  }

  @Test
  void theNextRequestOnTheSameConnectionHasItsOwnPatience() {
    ByteBackend backend =
        backend(on -> {
          on.receivesRequest();
          on.sends(OK);
          on.receivesRequest();
          on.waitsForEnd();
        });
    RouteConfig slow =
        new RouteConfig(
            null,
            path("/slow"),
            new RouteConfig.Forward(ProxySetup.APP),
            EditsConfig.NONE,
            new Timeouts(Duration.ofMinutes(10)));
    WeirUnderTest weir =
        starts(
            app(backend, slow)
                .route("", "", ProxySetup.APP)
                .backendTimeouts(Duration.ofSeconds(3), Duration.ofMillis(300)));
    ByteClient client = client(weir);
    client.sends(get("/slow", "")).receives(200);
    client.sends(get("/", "")).receives(504);
  }

  // What is refused.

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      value = {
        "content-length, says where a message ends",
        "Transfer-Encoding, says where a message ends",
        "trailer, says where a message ends",
        "connection, speaks of one connection",
        "keep-alive, speaks of one connection",
        "upgrade, speaks of one connection",
        "te, speaks of one connection",
        "expect, is between the client and Weir",
        "host, is what rules",
        "a b, (expected: the name of a header)",
        "x:, (expected: the name of a header)"
      })
  void noEditBreaksFraming(String name, String reason) {
    WeirUnderTest weir = starts(proxy());
    for (Headers headers :
        List.of(
            set(name, "1"),
            new Headers(List.of(name), Map.of(), Map.of()),
            new Headers(List.of(), Map.of(), Map.of(name, List.of("1"))))) {
      ProxySetup setup = app(backend(Script.stalls()), forward(path("/*"), requests(headers)));
      assertThat(weir.apply(setup.config()))
          .extracting(ConfigError::message)
          .singleElement()
          .asString()
          .contains(reason);
    }
  }

  @Test
  void noPatternTakesFramingAway() {
    ByteBackend backend =
        backend(
            Script.answers(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Language: en\r\n\r\nok"));
    Headers headers = new Headers(List.of("c*", "h*", "t*"), Map.of(), Map.of());
    EditsConfig both = new EditsConfig("", null, headers, headers);
    ByteClient client = client(starts(app(backend, forward(path("/*"), both))));
    for (int i = 0; i < 2; i++) {
      client.sends("POST / HTTP/1.1\r\nHost: a\r\nCookie: b\r\nContent-Length: 3\r\n\r\nabc");
      Response response = client.receives(200);
      assertThat(response.headers().first("content-length")).contains("2");
      assertThat(response.headers().has("content-language")).isFalse();
      Request sent = backend.receivesRequests(i + 1).get(i);
      assertThat(sent.bodyText()).isEqualTo("abc");
      assertThat(sent.headers().all("host")).containsExactly("a");
      assertThat(sent.headers().has("cookie")).isFalse();
    }
  }

  @Test
  void noValueBringsALineOfItsOwn() {
    WeirUnderTest weir = starts(proxy());
    Headers headers = set("x-a", "1\r\nX-B: 2");
    assertThat(
            weir.apply(
                app(backend(Script.stalls()), forward(path("/*"), responses(headers))).config()))
        .singleElement()
        .satisfies(error -> {
          assertThat(error.path()).isEqualTo("routes[0].response_headers.set.x-a");
          assertThat(error.message()).contains("control characters");
        });
  }

  @Test
  void whatIsNotKnownYetCannotBeSent() {
    WeirUnderTest weir = starts(proxy());
    Headers headers = set("x-a", "{backend}");
    assertThat(
            weir.apply(
                app(backend(Script.stalls()), forward(path("/*"), requests(headers))).config()))
        .extracting(ConfigError::message)
        .containsExactly("x-a: {backend} (expected: only in the responses of backends)");
  }

  @Test
  void whatARouteTakesOutOrSetsDoesNotComeWithUnderscores() {
    ByteBackend backend = backend(Script.answers(OK));
    Headers headers =
        new Headers(
            List.of("x-internal-*", "X-Debug"),
            Map.of("X-User", "nobody", "x_role", "none", "X_Forwarded_User", "edge"),
            Map.of("X-More", List.of("ours")));
    WeirUnderTest weir = starts(app(backend, forward(path("/*"), requests(headers))));
    String sent =
        "X_User: root\r\nX_Internal_Key: 1\r\nX-Internal_Key: 2\r\nx_debug: 1\r\nX-Role: admin\r\n"
            + "X_More: theirs\r\nX_Users: all\r\nX_Forwarded_For: 192.0.2.1\r\n";
    client(weir).sends(get("/", sent)).receives(200);
    Request request = backend.receivesOneRequest();
    assertThat(Wire.text(request.raw()))
        .doesNotContain("root", "Key", "debug", "admin", "192.0.2.1")
        .contains(
            "x-user: nobody",
            "x_role: none",
            "x_forwarded_user: edge",
            "X_More: theirs",
            "X_Users: all");
  }

  @Test
  void aTrustedPeerIsNotBelievedInUnderscores() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir =
        starts(app(backend, forward(path("/*"), EditsConfig.NONE)).trusts("127.0.0.1"));
    String sent = "X_Forwarded_Proto: https\r\nX-Forwarded-For: 192.0.2.7\r\n";
    client(weir).sends(get("/", sent)).receives(200);
    Request request = backend.receivesOneRequest();
    assertThat(request.headers().all("X-Forwarded-Proto")).containsExactly("http");
    assertThat(request.headers().all("X-Forwarded-For")).containsExactly("192.0.2.7");
    assertThat(Wire.text(request.raw())).doesNotContain("X_Forwarded_Proto");
  }
}
