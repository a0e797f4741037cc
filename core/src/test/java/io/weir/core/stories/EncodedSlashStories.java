package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.EditsConfig;
import io.weir.core.config.EditsConfig.Headers;
import io.weir.core.config.ListenerConfig;
import io.weir.core.config.RouteConfig;
import io.weir.core.config.RouteConfig.Match;
import io.weir.core.config.RouteConfig.Timeouts;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Request;
import io.weir.core.testkit.Response;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.StringPattern;
import io.weir.firewall.path.PathMode;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Encoded slashes where paths are strict: 400, but on the routes that keep them. */
class EncodedSlashStories extends Stories {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

  private static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  private static MatchConfig path(String pattern) {
    return new MatchConfig.Path(List.of(StringPattern.ofPath(pattern)));
  }

  private static RouteConfig keeping(String path, EditsConfig edits) {
    Match match = new Match(Set.of(), List.of(), List.of(Match.path(path)));
    RouteConfig.Forward toApp = new RouteConfig.Forward(ProxySetup.APP);
    return new RouteConfig(null, match, toApp, edits, Timeouts.USUAL).keepingEncodedSlash();
  }

  /** Everything goes to the backend; of what is below /files, also what has an encoded slash. */
  private ProxySetup strict(ByteBackend backend) {
    return proxy().paths(PathMode.STRICT).app(backend).route(keeping("/files/*", EditsConfig.NONE));
  }

  private ProxySetup keepsAll(ByteBackend backend, RuleConfig... rules) {
    return proxy()
        .paths(PathMode.STRICT)
        .pool(ProxySetup.APP, backend.address())
        .route(keeping("/*", EditsConfig.NONE))
        .rules(rules);
  }

  @Test
  void theyAreForwardedAsTheyAreWithTheRestInItsCanonicalForm() {
    ByteBackend backend = backend(Script.answers(OK));
    ByteClient client = client(starts(strict(backend)));
    client.sends(get("/files/group%2Fproject?ref=a%2Fb")).receives(200);
    client.sends(get("//files/x/../%61%2fb/")).receives(200);
    client.sends(get("http://a/files/a%2Fb")).receives(200);
    assertThat(backend.receivesRequests(3))
        .extracting(Request::target)
        .containsExactly("/files/group%2Fproject?ref=a%2Fb", "/files/a%2Fb/", "/files/a%2Fb");
  }

  @Test
  void onOtherRoutesAndOnNoneTheyAre400() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(strict(backend));
    client(weir).sends(get("/other/a%2Fb")).receives(400);
    client(weir).sends(get("/files%2Fa")).receives(400);
    client(weir).sends(get("/files/../a%2Fb")).receives(400);
    client(weir).sends(get("/files/x%2Fy/../../a")).receives(400);
    backend.receivedNothing();
    WeirUnderTest unrouted =
        starts(
            proxy()
                .paths(PathMode.STRICT)
                .pool(ProxySetup.APP, backend.address())
                .route(keeping("/files/*", EditsConfig.NONE)));
    client(unrouted).sends(get("/nobody")).receives(404);
    client(unrouted).sends(get("/nobody%2Fx")).receives(400);
  }

  @Test
  void overHttp2ItIsTheSame() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(strict(backend).listensH2c(ProxySetup.WEB));
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    client.asksFor(1, "/files/a%2fb").receives(1, 200);
    client.asksFor(3, "/other/a%2Fb").receives(3, 400);
    client.asksFor(5, "/files/..%2Fb").receives(5, 200);
    assertThat(backend.receivesRequests(2))
        .extracting(Request::target)
        .containsExactly("/files/a%2Fb", "/files/..%2Fb");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/files/a%5Cb",
        "/files/a%2Fb%5Cc",
        "/files/a%2Fb;c",
        "/files/a%2Fb%20",
        "/files/a%252Fb",
        "/files/a%2F%2541",
        "/files/a%2F%c0%af",
        "/files/a%2F%00",
        "/files/a%2F%zz",
        "/files/..%2F..%2Fx",
        "/files/%2F..%2F..%2F..%2Fx"
      })
  void whatElseHasASecondReadingStays400(String target) {
    ByteBackend backend = backend(Script.answers(OK));
    client(starts(strict(backend))).sends(get(target)).receives(400);
    backend.receivedNothing();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/admin%2Fx",
        "/admin%2fx",
        "/%2Fadmin",
        "/%2e%2Fadmin",
        "/x%2F..%2Fadmin",
        "/x/..%2Fadmin",
        "/x/%2e%2e%2fadmin/y",
        "/x%2f../admin",
        "/%2Fx%2Fadmin"
      })
  void theyGetAroundNoRule(String target) {
    ByteBackend backend = backend(Script.answers(OK));
    RuleConfig deny = new RuleConfig("x", path("/admin/*"), new ActionConfig.Deny(403));
    client(starts(keepsAll(backend, deny))).sends(get(target)).receives(403);
    backend.receivedNothing();
  }

  @Test
  void aRuleThatAllowsWantsEveryReading() {
    ByteBackend backend = backend(Script.answers(OK));
    RuleConfig allow = new RuleConfig("public", path("/public/*"), new ActionConfig.Allow());
    RuleConfig rest = new RuleConfig("rest", MatchConfig.ALWAYS, new ActionConfig.Deny(403));
    ByteClient client = client(starts(keepsAll(backend, allow, rest)));
    client.sends(get("/public/a%2Fb")).receives(200);
    client.sends(get("/public%2Fa")).receives(403);
    client.sends(get("/public/..%2Fadmin")).receives(403);
    client.sends(get("/public%2F..%2Fadmin")).receives(403);
    assertThat(backend.receivesOneRequest().target()).isEqualTo("/public/a%2Fb");
  }

  @Test
  void editedPathsKeepThem() {
    ByteBackend backend = backend(Script.answers(OK));
    EditsConfig prefix =
        new EditsConfig("/old", new EditsConfig.Prefix("/new"), Headers.NONE, Headers.NONE);
    EditsConfig regex =
        new EditsConfig("", new EditsConfig.Regex("^/u/", "/users/"), Headers.NONE, Headers.NONE);
    WeirUnderTest weir =
        starts(strict(backend).route(keeping("/old/*", prefix)).route(keeping("/u/*", regex)));
    ByteClient client = client(weir);
    client.sends(get("/old/x/../a%2fb?q=%2F")).receives(200);
    client.sends(get("/u/me%2Fyou")).receives(200);
    client(weir).sends(get("/old/..%2Fadmin")).receives(400);
    client(weir).sends(get("/u/..%2F..%2Fadmin")).receives(400);
    assertThat(backend.receivesRequests(2))
        .extracting(Request::target)
        .containsExactly("/new/a%2Fb?q=%2F", "/users/me%2Fyou");
  }

  @Test
  void aRedirectToHttpsLeavesThemToTheRoutesThere() {
    ByteBackend backend = backend(Script.answers(OK));
    ListenerConfig.RedirectToHttps https = new ListenerConfig.RedirectToHttps();
    Response moved =
        client(starts(strict(backend).listens(ProxySetup.WEB, https, null)))
            .sends(get("/files/a%2Fb"))
            .receives(308);
    assertThat(moved.headers().first("location")).contains("https://a/files/a%2Fb");
    WeirUnderTest strict =
        starts(proxy().paths(PathMode.STRICT).app(backend).listens(ProxySetup.WEB, https, null));
    client(strict).sends(get("/files/a%2Fb")).receives(400);
  }

  @Test
  void strictPathsThatAreOnlyTriedRefuseThemOnOtherRoutesOnly() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir =
        starts(
            proxy().triesStrictPaths().app(backend).route(keeping("/files/*", EditsConfig.NONE)));
    ByteClient client = client(weir);
    for (String target : List.of("/files/a%2Fb", "/files/a%2fb", "/a%2Fb", "/files/a%5Cb")) {
      client.sends(get(target)).receives(200);
    }
    assertThat(weir.firewallLog().lines(3))
        .containsExactly(
            "127.0.0.1 normalize_path rewrite report, path = /files/a%2fb, GET a /files/a%2fb on"
                + " web",
            "127.0.0.1 normalize_path deny report, path = /a%2Fb, GET a /a%2Fb on web",
            "127.0.0.1 normalize_path deny report, path = /files/a%5Cb, GET a /files/a%5Cb on web");
    weir.eventually("weir_firewall_paths_reported_total", 2, "refused");
    weir.eventually("weir_firewall_paths_reported_total", 1, "changed");
  }
}
