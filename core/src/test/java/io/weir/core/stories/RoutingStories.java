package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.ConfigError;
import io.weir.core.config.ListenerConfig;
import io.weir.core.config.RouteConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Response;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.StringPattern;
import io.weir.firewall.config.WeekTimes;
import java.time.DayOfWeek;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which request goes where, and what is answered without a backend. */
class RoutingStories extends Stories {

  private ByteBackend named(String name) {
    return backend(
        Script.answers("HTTP/1.1 200 OK\r\nContent-Length: " + name.length() + "\r\n\r\n" + name));
  }

  private static String get(String host, String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
  }

  @Test
  void theFirstRouteThatMatchesHostAndPathWins() {
    ByteBackend api = named("api");
    ByteBackend shop = named("shop");
    ByteBackend any = named("any");
    ByteBackend wild = named("wild");
    ByteClient client =
        client(
            starts(
                proxy()
                    .pool("api", api.address())
                    .pool("shop", shop.address())
                    .pool("wild", wild.address())
                    .pool("any", any.address())
                    .route("shop.test", "/api/*", "api")
                    .route("shop.test", "/exact", "any")
                    .route("shop.test", "", "shop")
                    .route("*.test", "", "wild")
                    .route("", "/open*", "any")));
    String[][] expected = {
      {"shop.test", "/api/x", "api"},
      {"shop.test", "/api", "api"},
      {"shop.test", "/apis", "shop"},
      {"shop.test", "/exact", "any"},
      {"shop.test", "/exact/x", "shop"},
      {"SHOP.Test:8080", "/api/x?q", "api"},
      {"shop.test.", "/api/x", "api"},
      {"a.test", "/", "wild"},
      {"b.a.test", "/open", "wild"},
      {"elsewhere", "/openly", "any"},
      {"127.0.0.1", "/open", "any"},
    };
    for (String[] row : expected) {
      Response response = client.sends(get(row[0], row[1])).receives(200);
      assertThat(response.bodyText()).as("%s%s", row[0], row[1]).isEqualTo(row[2]);
    }
    client.sends(get("test", "/")).receives(404);
    client.sends(get("elsewhere", "/")).receives(404);
    client.sends(get("xshop.testx", "/")).receives(404);
  }

  @Test
  void anotherSpellingOfAPathTakesTheSameRoute() {
    ByteBackend api = named("api");
    ByteBackend rest = named("rest");
    ByteClient client =
        client(
            starts(
                proxy()
                    .pool("api", api.address())
                    .pool("rest", rest.address())
                    .route("", "/api/*", "api")
                    .route("", "", "rest")));
    for (String target : List.of("/api/x", "//api/x", "/./api/x", "/y/../api/x", "/%61pi/x")) {
      Response response = client.sends(get("a", target)).receives(200);
      assertThat(response.bodyText()).as(target).isEqualTo("api");
    }
    assertThat(api.requests()).extracting("target").contains("//api/x", "/%61pi/x");
  }

  @Test
  void whatNoRouteTakesIs404AfterTheRules() {
    ByteBackend backend = named("app");
    RuleConfig deny =
        new RuleConfig(
            "secret",
            new MatchConfig.Path(List.of(StringPattern.ofPath("/secret/*"))),
            new ActionConfig.Deny(403));
    ByteClient client =
        client(starts(proxy().rules(deny).pool("app", backend.address()).route("a", "", "app")));
    client.sends(get("b", "/x")).receives(404);
    client.sends(get("b", "/secret/x")).receives(403);
    client.sends(get("a", "/x")).receives(200);
  }

  @Test
  void aRouteMayAnswerByItself() {
    ByteClient client =
        client(
            starts(
                proxy()
                    .route("", "/hello", new RouteConfig.Respond(200, "hello\n", "text/plain"))
                    .route("", "/gone", new RouteConfig.Respond(410, "", null))
                    .route("", "/old/*", new RouteConfig.Redirect("https://new.test/", 301))));
    Response hello = client.sends(get("a", "/hello")).receives(200);
    assertThat(hello.bodyText()).isEqualTo("hello\n");
    assertThat(hello.headers().first("content-type")).contains("text/plain");
    assertThat(client.sends(get("a", "/gone")).receives(410).bodyText()).isEmpty();
    Response moved = client.sends(get("a", "/old/x")).receives(301);
    assertThat(moved.headers().first("location")).contains("https://new.test/");
    client.sends("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    Response head = client.receivesResponseTo("HEAD");
    assertThat(head.headers().first("content-length")).contains("6");
    client.sends("POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody").receives(200);
    client.sends(get("a", "/hello")).receives(200);
  }

  @Test
  void aRedirectListenerSendsToTheSamePlaceOnHttps() {
    RuleConfig deny =
        new RuleConfig(
            "bots",
            new MatchConfig.Header("user-agent", List.of(new StringPattern.Contains("bot"))),
            new ActionConfig.Deny(403));
    WeirUnderTest weir =
        starts(proxy().rules(deny).listens("web", new ListenerConfig.RedirectToHttps(), null));
    ByteClient client = client(weir);
    Response response = client.sends(get("a.test", "/x/y?q=1&r=%20")).receives(308);
    assertThat(response.headers().first("location")).contains("https://a.test/x/y?q=1&r=%20");
    Response withPort = client.sends(get("a.test:8080", "/")).receives(308);
    assertThat(withPort.headers().first("location")).contains("https://a.test/");
    client.sends("GET / HTTP/1.1\r\nHost: a.test\r\nUser-Agent: a bot\r\n\r\n").receives(403);
    client(weir).sends("GET / HTTP/1.0\r\n\r\n").receives(400); // nobody knows where to
  }

  private RouteConfig to(String pool, MatchConfig... conditions) {
    return new RouteConfig(
        null,
        new RouteConfig.Match(Set.of(), List.of(), List.of(), List.of(conditions)),
        new RouteConfig.Forward(pool));
  }

  private static List<StringPattern> is(String text) {
    return List.of(StringPattern.ofText(text));
  }

  @Test
  void aRouteMayAskForAnythingThatARuleMay() {
    ByteBackend one = named("one");
    ByteBackend two = named("two");
    ByteBackend rest = named("rest");
    ByteClient client =
        client(
            starts(
                proxy()
                    .pool("one", one.address())
                    .pool("two", two.address())
                    .pool("rest", rest.address())
                    .route(to("one", new MatchConfig.Header("X-Canary", is("yes"))))
                    .route(to("two", new MatchConfig.Cookie("beta", is("1*"))))
                    .route(
                        to(
                            "one",
                            new MatchConfig.Method(Set.of("POST", "PUT")),
                            new MatchConfig.Query("to", List.of(new StringPattern.Present(true)))))
                    .route(
                        to(
                            "two",
                            new MatchConfig.Host(
                                List.of(new StringPattern.Regex("^v[0-9]+[.]api[.]")))))
                    .route(
                        to(
                            "one",
                            new MatchConfig.Any(
                                List.of(
                                    new MatchConfig.Path(List.of(new StringPattern.Suffix(".php"))),
                                    new MatchConfig.Not(
                                        new MatchConfig.Header(
                                            "host", List.of(new StringPattern.Present(true))))))))
                    .route("", "", "rest")));
    String[][] expected = {
      {"GET / HTTP/1.1\r\nHost: a\r\n", "rest"},
      {"GET / HTTP/1.1\r\nHost: a\r\nx-canary: no\r\nx-canary: yes\r\n", "one"},
      {"GET / HTTP/1.1\r\nHost: a\r\nX-Canary: yes\r\nCookie: beta=1\r\n", "one"},
      {"GET / HTTP/1.1\r\nHost: a\r\nCookie: a=b; beta=12\r\n", "two"},
      {"GET / HTTP/1.1\r\nHost: a\r\nCookie: alphabeta=1\r\n", "rest"},
      {"PUT /?to= HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n", "one"},
      {"PUT /?too= HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n", "rest"},
      {"GET /?to= HTTP/1.1\r\nHost: a\r\n", "rest"},
      {"GET / HTTP/1.1\r\nHost: V12.API.test:80\r\n", "two"},
      {"GET / HTTP/1.1\r\nHost: v.api.test\r\n", "rest"},
      {"GET /a/b%2ephp?x HTTP/1.1\r\nHost: a\r\n", "one"},
      {"GET /a/b.php/c HTTP/1.1\r\nHost: a\r\n", "rest"},
      {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n", "one"},
    };
    for (String[] row : expected) {
      Response response = client.sends(row[0] + "\r\n").receives(200);
      assertThat(response.bodyText()).as(row[0]).isEqualTo(row[1]);
    }
  }

  @Test
  void aRouteMayAskForTheTimeTheProtocolAndTheSpellingOfAPath() {
    ByteBackend one = named("one");
    ByteBackend two = named("two");
    ByteBackend rest = named("rest");
    MatchConfig always =
        new MatchConfig.Time(
            new WeekTimes(
                EnumSet.allOf(DayOfWeek.class), List.of(WeekTimes.Hours.ALL), ZoneOffset.UTC));
    ByteClient client =
        client(
            starts(
                proxy()
                    .pool("one", one.address())
                    .pool("two", two.address())
                    .pool("rest", rest.address())
                    .route(to("one", new MatchConfig.Not(always)))
                    .route(to("one", new MatchConfig.Protocol(Set.of("http/1.0"))))
                    .route(
                        to(
                            "two",
                            new MatchConfig.RawPath(List.of(new StringPattern.Contains("%61")))))
                    .route(to("rest", always))));
    String old = "GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n";
    assertThat(client.sends(old).receives(200).bodyText()).isEqualTo("one");
    assertThat(client.sends(get("a", "/%61")).receives(200).bodyText()).isEqualTo("two");
    assertThat(client.sends(get("a", "/a")).receives(200).bodyText()).isEqualTo("rest");
  }

  @Test
  void theFirstInTheFileWinsWhateverTheTableFindsFirst() {
    ByteBackend narrow = named("narrow");
    ByteBackend wide = named("wide");
    ByteClient client =
        client(
            starts(
                proxy()
                    .pool("narrow", narrow.address())
                    .pool("wide", wide.address())
                    .route(to("wide", new MatchConfig.Header("x-a", is("1"))))
                    .route("a.test", "/x", "narrow")
                    .route(to("wide", new MatchConfig.Header("x-a", is("2"))))));
    String get = "GET /x HTTP/1.1\r\nHost: a.test\r\n";
    assertThat(client.sends(get + "X-A: 1\r\n\r\n").receives(200).bodyText()).isEqualTo("wide");
    assertThat(client.sends(get + "X-A: 2\r\n\r\n").receives(200).bodyText()).isEqualTo("narrow");
    String other = "GET /y HTTP/1.1\r\nHost: a.test\r\n";
    assertThat(client.sends(other + "X-A: 2\r\n\r\n").receives(200).bodyText()).isEqualTo("wide");
    client.sends(other + "X-A: 3\r\n\r\n").receives(404);
  }

  @Test
  void aRouteMayAskWhoTheClientIs() {
    ByteBackend inside = named("inside");
    ByteBackend outside = named("outside");
    MatchConfig office = new MatchConfig.Ip(List.of(Cidr.parse("192.0.2.0/24")), List.of());
    ByteClient client =
        client(
            starts(
                proxy()
                    .trusts("127.0.0.1/32")
                    .pool("inside", inside.address())
                    .pool("outside", outside.address())
                    .route(to("inside", office))
                    .route("", "", "outside")));
    String get = "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ";
    assertThat(client.sends(get + "192.0.2.9\r\n\r\n").receives(200).bodyText())
        .isEqualTo("inside");
    assertThat(client.sends(get + "198.51.100.9\r\n\r\n").receives(200).bodyText())
        .isEqualTo("outside");
  }

  @Test
  void aReloadChangesWhatRoutesAsk() {
    ByteBackend app = named("app");
    WeirUnderTest weir =
        starts(
            proxy()
                .pool("app", app.address())
                .route(to("app", new MatchConfig.Header("x-a", is("1")))));
    ByteClient client = client(weir);
    String get = "GET / HTTP/1.1\r\nHost: a\r\nX-A: 1\r\n\r\n";
    client.sends(get).receives(200);
    assertThat(
            weir.apply(
                proxy()
                    .pool("app", app.address())
                    .route(to("app", new MatchConfig.Query("b", is("1"))))
                    .route(to("app", new MatchConfig.Header("x-a", is("2"))))
                    .config()))
        .isEmpty();
    client.sends(get).receives(404);
    client.sends(get("a", "/?b=1")).receives(200);
  }

  @Test
  void whatCannotBeAskedIsToldWithItsPlace() {
    WeirUnderTest weir = starts(proxy());
    assertThat(
            weir.apply(
                proxy()
                    .pool("app", named("app").address())
                    .route(
                        to(
                            "app",
                            new MatchConfig.Header("a", List.of(new StringPattern.Regex("(")))))
                    .route(
                        to(
                            "app",
                            new MatchConfig.Query("b", List.of(new StringPattern.InList("c")))))
                    .route(to("app", new MatchConfig.Route(Set.of("x"))))
                    .config()))
        .extracting(ConfigError::path)
        .containsExactly("routes[0].match.header.a", "routes[1].match.query.b", "routes[2].match");
  }

  @Test
  void aRouteMayAskForAListener() {
    ByteBackend first = named("first");
    ByteBackend second = named("second");
    WeirUnderTest weir =
        starts(
            proxy()
                .listens("web")
                .listens("other")
                .pool("first", first.address())
                .pool("second", second.address())
                .route(
                    new RouteConfig.Match(Set.of("other"), List.of(), List.of()),
                    new RouteConfig.Forward("second"))
                .route("", "", "first"));
    assertThat(client(weir).sends(get("a", "/")).receives(200).bodyText()).isEqualTo("first");
    ByteClient other = keeps(ByteClient.connect(weir.address("other")));
    assertThat(other.sends(get("a", "/")).receives(200).bodyText()).isEqualTo("second");
  }
}
