package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Response;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.LimitConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.Rate;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.RuleMode;
import io.weir.firewall.config.StringPattern;
import io.weir.firewall.path.PathMode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the rules refuse, seen from both ends. */
class FirewallStories extends Stories {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

  private static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  private static MatchConfig path(String pattern) {
    return new MatchConfig.Path(List.of(StringPattern.ofPath(pattern)));
  }

  private static MatchConfig ip(String prefix) {
    return new MatchConfig.Ip(List.of(Cidr.parse(prefix)), List.of());
  }

  private static RuleConfig deny(String name, MatchConfig match) {
    return new RuleConfig(name, match, new ActionConfig.Deny(403));
  }

  private static RuleConfig allow(String name, MatchConfig match) {
    return new RuleConfig(name, match, new ActionConfig.Allow());
  }

  private static RuleConfig drop(String name, MatchConfig match) {
    return new RuleConfig(name, match, new ActionConfig.Drop());
  }

  @Test
  void aDeniedRequestIsAnsweredAndTheConnectionGoesOn() {
    ByteBackend backend = backend(Script.answers(OK));
    RuleConfig rule = deny("post", new MatchConfig.Method(Set.of("POST")));
    ByteClient client = client(starts(proxy().app(backend).rules(rule)));
    client.sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello").receives(403);
    client.sends(GET).receives(200);
    assertThat(backend.receivesOneRequest().method()).isEqualTo("GET");
  }

  @Test
  void aDroppedRequestIsNotAnsweredAtAll() {
    ByteBackend backend = backend(Script.answers(OK));
    ByteClient client = client(starts(proxy().app(backend).rules(drop("x", path("/x")))));
    client.sends(GET).receives(200);
    client.sends(get("/x") + GET).receivesClose();
    backend.receivesOneRequest();
  }

  @Test
  void aDroppedAddressDoesNotGetAsFarAsSpeaking() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(proxy().app(backend).rules(drop("all", ip("127.0.0.0/8"))));
    assertThat(ByteClient.isSentAwayFrom(weir.address(ProxySetup.WEB))).isTrue();
    assertThat(backend.acceptedConnections()).isZero();
  }

  @Test
  void theFirstRuleThatDecidesWins() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir =
        starts(
            proxy()
                .app(backend)
                .rules(
                    allow("health", path("/healthz")),
                    deny("all", ip("127.0.0.0/8")),
                    allow("too late", path("/late"))));
    ByteClient client = client(weir);
    client.sends(get("/healthz")).receives(200);
    client.sends(get("/late")).receives(403);
    client.sends(get("/")).receives(403);
  }

  @Test
  void aRuleInReportModeDecidesNothing() {
    ByteBackend backend = backend(Script.answers(OK));
    RuleConfig rule =
        new RuleConfig("dry run", MatchConfig.ALWAYS, new ActionConfig.Deny(403), RuleMode.REPORT);
    client(starts(proxy().app(backend).rules(rule))).sends(GET).receives(200);
  }

  @Test
  void aStrangersForwardingHeaderGetsAroundNothing() {
    ByteBackend backend = backend(Script.answers(OK));
    RuleConfig only = deny("others", new MatchConfig.Not(ip("192.0.2.0/24")));
    ByteClient client = client(starts(proxy().app(backend).rules(only)));
    client.sends("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n").receives(403);
    backend.receivedNothing();
  }

  @Test
  void aTrustedProxysClientsAreJudgedOneByOne() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir =
        starts(
            proxy()
                .app(backend)
                .trusts("127.0.0.1/32")
                .rules(drop("bad", ip("198.51.100.0/24")), deny("proxy", ip("127.0.0.1/32"))));
    ByteClient client = client(weir);
    client.sends("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n").receives(200);
    client.sends("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 127.0.0.1\r\n\r\n").receives(403);
    client
        .sends("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.1, 198.51.100.7\r\n\r\n")
        .receives(403);
    client.sends("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n").receives(200);
  }

  @Test
  void aLimitIs429AndSaysWhenToComeBackAndAReloadIsNoAmnesty() {
    ByteBackend backend = backend(Script.answers(OK));
    RuleConfig rule = limit(3);
    WeirUnderTest weir = starts(proxy().app(backend).rules(rule));
    ByteClient client = client(weir);
    for (int i = 0; i < 3; i++) {
      client.sends(get("/limited")).receives(200);
    }
    Response refused = client.sends(get("/limited")).receives(429);
    assertThat(Long.parseLong(refused.headers().first("retry-after").orElseThrow()))
        .isBetween(1L, 86_400L / 3);
    client.sends(get("/free")).receives(200);
    assertThat(weir.apply(proxy().app(backend).rules(rule).config())).isEmpty();
    client.sends(get("/limited")).receives(429);
    assertThat(backend.receivesRequests(4)).hasSize(4);
  }

  @Test
  void aLimitCountsOverAllConnectionsAndWorkers() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(proxy().workers(2).app(backend).rules(limit(10)));
    int passed = 0;
    for (int i = 0; i < 30; i++) {
      passed += client(weir).sends(get("/limited")).receivesResponse().status() == 200 ? 1 : 0;
    }
    assertThat(passed).isEqualTo(10);
  }

  private static RuleConfig limit(long perDay) {
    LimitConfig limit =
        new LimitConfig(List.of(new KeyPart.Ip()), new Rate(perDay, Duration.ofDays(1)));
    return new RuleConfig("per-client", path("/limited"), new ActionConfig.Limit(limit));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/admin",
        "/admin/",
        "/admin/x",
        "/admin?x",
        "/admin/?x",
        "//admin",
        "///admin//x",
        "/./admin",
        "/x/../admin",
        "/x/y/../../admin/z",
        "/x//../admin",
        "/%61dmin",
        "/%61%64%6d%69%6e",
        "/%61dmin/x",
        "/admin%2Fx",
        "/admin%2fx",
        "/%2Fadmin",
        "/x%2F..%2Fadmin",
        "/x/..%2Fadmin",
        "/x/%2e%2e/admin",
        "/x/.%2E/admin",
        "/%2e/admin",
        "/admin;a=b",
        "/admin;/x",
        "/x/..;/admin",
        "/x/..;a=b/admin",
        "/%2561dmin",
        "/admin%252Fx",
        "/x/%252e%252e/admin",
        "/admin%20",
        "/admin%09",
        "/admin/%20",
        "/\\admin",
        "/x\\..\\admin",
        "/admin\\x",
        "/admin%5Cx",
        "/x/..%5cadmin",
        "/%c1%a1dmin",
        "/%c0%afadmin",
        "http://a/admin",
        "http://a//admin/x"
      })
  void noSpellingOfAPathGetsAroundARule(String target) {
    ByteBackend backend = backend(Script.answers(OK));
    ByteClient client = client(starts(proxy().app(backend).rules(deny("x", path("/admin/*")))));
    client.sends(get(target)).receives(403);
    backend.receivedNothing();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/", "/administrator", "/x/admin", "/admi", "/?/admin", "/?x=/../admin", "/a%20b",
        "/100%25", "/a%2Fb", "/a;b=c", "/wiki/C%2B%2B", "/%C3%A4/%E2%82%AC", "/a//b", "/a/./b",
        "/a%252Fb", "/x?redirect=%2Fadmin"
      })
  void noHarmlessPathIsRefused(String target) {
    ByteBackend backend = backend(Script.answers(OK));
    ByteClient client = client(starts(proxy().app(backend).rules(deny("x", path("/admin/*")))));
    client.sends(get(target)).receives(200);
    assertThat(backend.receivesOneRequest().target()).isEqualTo(target);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/public/../admin",
        "/public/..%2Fadmin",
        "/public%2F..%2Fadmin",
        "/public/..;/admin",
        "/public/%252e%252e/admin",
        "/public\\..\\admin",
        "/public/..%5Cadmin"
      })
  void aRuleThatAllowsWantsEveryReading(String target) {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir =
        starts(
            proxy()
                .app(backend)
                .rules(allow("public", path("/public/*")), deny("rest", MatchConfig.ALWAYS)));
    ByteClient client = client(weir);
    client.sends(get("/public/x")).receives(200);
    client.sends(get(target)).receives(403);
    backend.receivesOneRequest();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a%2Fb",
        "/a%5Cb",
        "/a;b",
        "/a%252Fb",
        "/a%20",
        "/%c0%af",
        "/a%00",
        "/../a",
        "/a%zz"
      })
  void strictPathsRefuseASecondReading(String target) {
    ByteBackend backend = backend(Script.answers(OK));
    ByteClient client = client(starts(proxy().app(backend).paths(PathMode.STRICT)));
    client.sends(get(target)).receives(400);
    backend.receivedNothing();
  }

  @Test
  void strictPathsAreForwardedInTheirCanonicalForm() {
    ByteBackend backend = backend(Script.answers(OK));
    ByteClient client = client(starts(proxy().app(backend).paths(PathMode.STRICT)));
    client.sends(get("//x/./y/../%61?q=%61")).receives(200);
    assertThat(backend.receivesOneRequest().target()).isEqualTo("/x/a?q=%61");
  }

  @Test
  void withoutNormalizingThePathIsWhatItIs() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir =
        starts(proxy().app(backend).paths(PathMode.OFF).rules(deny("x", path("/admin/*"))));
    ByteClient client = client(weir);
    client.sends(get("/admin")).receives(403);
    client.sends(get("//admin")).receives(200);
    assertThat(backend.receivesOneRequest().target()).isEqualTo("//admin");
  }

  @Test
  void hostAndHeadersAndQueriesAreSeenAsTheBackendSeesThem() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir =
        starts(
            proxy()
                .app(backend)
                .rules(
                    deny(
                        "host", new MatchConfig.Host(List.of(StringPattern.ofHost("secret.test")))),
                    deny(
                        "header",
                        new MatchConfig.Header("x-bad", List.of(new StringPattern.Exact("yes")))),
                    deny(
                        "query",
                        new MatchConfig.Query("debug", List.of(new StringPattern.Exact("1"))))));
    ByteClient client = client(weir);
    for (String host : List.of("secret.test", "SECRET.test", "secret.test:80", "secret.test.")) {
      client.sends("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").receives(403);
    }
    client.sends("GET http://secret.test/ HTTP/1.1\r\nHost: secret.test\r\n\r\n").receives(403);
    client.sends("GET / HTTP/1.1\r\nHost: a\r\nx-bad: no\r\nX-BAD: yes\r\n\r\n").receives(403);
    client.sends(get("/?a=b&debug=1")).receives(403);
    client.sends(get("/?d%65bug=%31")).receives(403);
    client.sends(get("/?debug=0")).receives(200);
  }
}
