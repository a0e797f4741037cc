package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.ListenerConfig;
import io.weir.core.config.RouteConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Response;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.firewall.ActionConfig;
import io.weir.firewall.MatchConfig;
import io.weir.firewall.RuleConfig;
import io.weir.firewall.StringPattern;
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
