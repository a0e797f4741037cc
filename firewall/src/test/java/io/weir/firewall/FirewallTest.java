package io.weir.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.DefaultAction;
import io.weir.firewall.config.FirewallConfig;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.LimitConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.Rate;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.RuleMode;
import io.weir.firewall.config.StringPattern;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.path.RequestTarget;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirewallTest {
  private static final Set<String> LISTENERS = new LinkedHashSet<>(List.of("web", "internal"));
  private static final ActionConfig ALLOW = new ActionConfig.Allow();
  private static final ActionConfig DENY = new ActionConfig.Deny(403);
  private static final ActionConfig DROP = new ActionConfig.Drop();
  private static final long SECOND = 1_000_000_000L;

  private static FirewallConfig config(RuleConfig... rules) {
    return new FirewallConfig(
        new DefaultAction.Allow(), PathMode.COMPATIBLE, List.of(rules), Map.of());
  }

  private static Firewall compile(FirewallConfig config, Firewall previous) {
    return ((Compilation.Compiled)
            FirewallCompiler.compile(config, LISTENERS, previous, new SplittableRandom(1)))
        .firewall();
  }

  private static Firewall firewall(RuleConfig... rules) {
    return compile(config(rules), null);
  }

  private static Verdict check(Firewall firewall, TestRequest request) {
    return firewall.checkRequest(request, firewall.newHits(), 0);
  }

  private static MatchConfig path(String text) {
    return new MatchConfig.Path(List.of(StringPattern.ofPath(text)));
  }

  private static MatchConfig ip(String... prefixes) {
    return new MatchConfig.Ip(List.of(prefixes).stream().map(Cidr::parse).toList(), List.of());
  }

  private static MatchConfig header(String name, StringPattern pattern) {
    return new MatchConfig.Header(name, List.of(pattern));
  }

  private static ActionConfig limit(String rate, long burst, KeyPart... key) {
    return new ActionConfig.Limit(new LimitConfig(List.of(key), Rate.parse(rate), burst));
  }

  private static Decision decision(Firewall firewall, String client, String target) {
    return check(firewall, TestRequest.get(client, target)).decision();
  }

  private static FollowUp followUp(Firewall firewall, RuleHits hits, String client, long nanos) {
    assertThat(firewall.checkRequest(TestRequest.get(client, "/"), hits, nanos))
        .isInstanceOf(Permit.class);
    return hits.followUp();
  }

  @Test
  void bandwidthSlowsAKeyDownAndRefusesNothing() {
    RuleConfig pace =
        new RuleConfig(
            "pace",
            ip("10.0.0.0/8"),
            new ActionConfig.Bandwidth(List.of(new KeyPart.Ip()), 100_000, 50_000));
    Firewall firewall = firewall(pace);
    RuleHits hits = firewall.newHits();
    assertThat(followUp(firewall, hits, "192.0.2.1", 0)).isNull();
    FollowUp one = followUp(firewall, hits, "10.0.0.1", 0);
    assertThat(hits.passedCount()).isEqualTo(1);
    assertThat(one.pacing().onSent(50_000, 0)).isZero();
    assertThat(one.pacing().nextHeld()).isEqualTo(-1);
    assertThat(one.pacing().onSent(10_000, 0)).isEqualTo(SECOND / 10);
    assertThat(one.pacing().nextHeld()).as("it holds back from now on").isZero();
    assertThat(one.pacing().nextHeld()).as("which is told once").isEqualTo(-1);
    FollowUp same = followUp(firewall, hits, "10.0.0.1", 0);
    assertThat(hits.matchedCount()).as("it came while the key was over").isEqualTo(1);
    assertThat(same.pacing().onSent(10_000, 0)).isEqualTo(SECOND / 5);
    assertThat(followUp(firewall, hits, "10.0.0.2", 0).pacing().onSent(50_000, 0)).isZero();
    Explanation.Step step =
        firewall
            .explain(TestRequest.get("10.0.0.1", "/"), Set.of(), firewall.newHits(), 0)
            .steps()
            .getFirst();
    assertThat(step.outcome()).isEqualTo(Explanation.Outcome.MATCHED);
    assertThat(step.count()).isEqualTo(new Explanation.Count(0, SECOND / 5));

    Firewall reloaded = compile(config(pace), firewall);
    assertThat(followUp(reloaded, reloaded.newHits(), "10.0.0.1", 0).pacing().onSent(0, 0))
        .as("no amnesty")
        .isEqualTo(SECOND / 5);
    assertThat(firewall.checkConnection(ClientAddress.parse("10.0.0.1"), 0, hits, 0, 0)).isNull();
    assertThat(
            firewall.checkTcpConnection(ClientAddress.parse("10.0.0.1"), 0, hits, 0, 0).decision())
        .isEqualTo(Decision.ALLOW);
    assertThat(hits.matchedCount()).isZero();
  }

  @Test
  void bandwidthInReportModeNeverWaits() {
    Firewall firewall =
        firewall(
            new RuleConfig(
                "pace",
                MatchConfig.ALWAYS,
                new ActionConfig.Bandwidth(List.of(new KeyPart.Ip()), 100_000, 50_000),
                RuleMode.REPORT));
    RuleHits hits = firewall.newHits();
    Pacing pacing = followUp(firewall, hits, "10.0.0.1", 0).pacing();
    assertThat(pacing.onSent(1_000_000, 0)).isZero();
    assertThat(pacing.nextHeld()).as("it would").isZero();
    assertThat(hits.matchedCount()).isZero();
    var _ = followUp(firewall, hits, "10.0.0.1", 0);
    assertThat(hits.matchedCount()).isEqualTo(1);
  }

  @Test
  void withoutRulesEverythingIsPermitted() {
    Firewall open = compile(FirewallConfig.OPEN, null);
    assertThat(check(open, TestRequest.get("10.0.0.1", "/"))).isInstanceOf(Permit.class);
  }

  @Test
  void theFirstRuleThatDecidesWins() {
    Firewall firewall =
        firewall(
            new RuleConfig("office", ip("192.0.2.0/24"), ALLOW),
            new RuleConfig("admin", path("/admin/*"), DENY));
    assertThat(decision(firewall, "192.0.2.1", "/admin/x")).isEqualTo(Decision.ALLOW);
    assertThat(decision(firewall, "10.0.0.1", "/admin/x")).isEqualTo(Decision.DENY);
    assertThat(decision(firewall, "10.0.0.1", "/administration")).isEqualTo(Decision.ALLOW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/admin",
        "/admin/",
        "/admin/x",
        "//admin",
        "/./admin",
        "/x/../admin",
        "/%61dmin",
        "/admin%2Fx",
        "/admin%5Cx",
        "/admin\\x",
        "/admin;x",
        "/admin;a=b/",
        "/x/%2e%2e/admin",
        "/%2561dmin",
        "/admin%252fx",
        "/admin%c0%afx",
        "/admin%ef%bc%8fx",
        "/admin%20",
        "/admin%09",
        "/x/..;/admin",
        "/admin/../x"
      })
  void noSpellingGetsAroundARuleThatRefuses(String target) {
    Firewall firewall = firewall(new RuleConfig("admin", path("/admin/*"), DENY));
    assertThat(decision(firewall, "10.0.0.1", target)).isEqualTo(Decision.DENY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/public/../admin", "/public/..%2fadmin", "/public/..;/admin", "/public/%252e%252e/admin",
        "/public/..\\admin", "/public%2f..%2fadmin", "/public/%c0%ae%c0%ae/admin", "//public/admin"
      })
  void noSpellingUsesARuleThatAllows(String target) {
    FirewallConfig config =
        new FirewallConfig(
            new DefaultAction.Deny(404),
            PathMode.COMPATIBLE,
            List.of(new RuleConfig("public", path("/public/*"), ALLOW)),
            Map.of());
    Firewall firewall = compile(config, null);
    Refusal refusal = (Refusal) check(firewall, TestRequest.get("10.0.0.1", target));
    assertThat(refusal.status()).isEqualTo(404);
    assertThat(refusal.rule()).isNull();
    assertThat(decision(firewall, "10.0.0.1", "/public/a%2Fb")).isEqualTo(Decision.ALLOW);
  }

  @Test
  void aPatternMayBeWrittenAsPeopleWriteIt() {
    Firewall firewall = firewall(new RuleConfig("r", path("/Z\u00fcrich/it's here/*"), DENY));
    assertThat(decision(firewall, "10.0.0.1", "/Z%C3%BCrich/it%27s%20here/x"))
        .isEqualTo(Decision.DENY);
  }

  @Test
  void reportedRulesAreCountedAndDecideNothing() {
    Firewall firewall =
        firewall(
            new RuleConfig("trial", path("/a*"), DENY, RuleMode.REPORT),
            new RuleConfig(
                "trial-limit", path("/a*"), limit("1/s", 1, new KeyPart.Ip()), RuleMode.REPORT),
            new RuleConfig("log", path("/ab"), new ActionConfig.Log()));
    RuleHits hits = firewall.newHits();
    TestRequest request = TestRequest.get("10.0.0.1", "/ab");
    assertThat(firewall.checkRequest(request, hits, 0).decision()).isEqualTo(Decision.ALLOW);
    assertThat(matched(hits)).containsExactly(0, 2);
    assertThat(hits.passedCount()).isEqualTo(1);
    assertThat(firewall.checkRequest(request, hits, 0).decision()).isEqualTo(Decision.ALLOW);
    assertThat(matched(hits)).containsExactly(0, 1, 2);
    assertThat(hits.passedCount()).isZero();
    assertThat(hits.retryAfterSeconds()).isZero();
  }

  private static List<Integer> matched(RuleHits hits) {
    List<Integer> matched = new ArrayList<>();
    for (int i = 0; i < hits.matchedCount(); i++) {
      matched.add(hits.matched(i));
    }
    return matched;
  }

  @Test
  void aLimitRefusesWithTheTimeToComeBack() {
    Firewall firewall =
        firewall(new RuleConfig("login", path("/login"), limit("2/min", 3, new KeyPart.Ip())));
    RuleHits hits = firewall.newHits();
    TestRequest request = TestRequest.get("10.0.0.1", "/login");
    for (int i = 0; i < 3; i++) {
      assertThat(firewall.checkRequest(request, hits, 5).decision()).isEqualTo(Decision.ALLOW);
    }
    Refusal refusal = (Refusal) firewall.checkRequest(request, hits, 6);
    assertThat(refusal.decision()).isEqualTo(Decision.LIMIT);
    assertThat(refusal.status()).isEqualTo(429);
    assertThat(refusal.rule().name()).isEqualTo("login");
    assertThat(hits.retryAfterSeconds()).isEqualTo(30);
    assertThat(matched(hits)).containsExactly(0);
    TestRequest other = TestRequest.get("10.0.0.2", "/login");
    assertThat(firewall.checkRequest(other, hits, 6).decision()).isEqualTo(Decision.ALLOW);
    assertThat(firewall.checkRequest(request, hits, 31 * SECOND).decision())
        .isEqualTo(Decision.ALLOW);
    assertThat(firewall.limiter(0).liveKeys(31 * SECOND)).isEqualTo(1);
  }

  @Test
  void aClientOfIpv6IsItsNetwork() {
    Firewall firewall =
        firewall(new RuleConfig("all", MatchConfig.ALWAYS, limit("1/s", 1, new KeyPart.Ip())));
    assertThat(decision(firewall, "2001:db8:1:2::1", "/")).isEqualTo(Decision.ALLOW);
    assertThat(decision(firewall, "2001:db8:1:2::2", "/")).isEqualTo(Decision.LIMIT);
    assertThat(decision(firewall, "2001:db8:1:3::2", "/")).isEqualTo(Decision.ALLOW);
  }

  @Test
  void aSpellingOfThePathIsNoOtherKey() {
    Firewall firewall =
        firewall(new RuleConfig("all", MatchConfig.ALWAYS, limit("1/s", 1, new KeyPart.Path())));
    assertThat(decision(firewall, "10.0.0.1", "/login")).isEqualTo(Decision.ALLOW);
    for (String target : List.of("/login;a=1", "/%6cogin", "/login%20", "//login", "/x/../login")) {
      assertThat(decision(firewall, "10.0.0.1", target)).as(target).isEqualTo(Decision.LIMIT);
    }
  }

  @Test
  void limitsSurviveARecompilationByNameAndKey() {
    RuleConfig rule = new RuleConfig("login", path("/login"), limit("1/min", 2, new KeyPart.Ip()));
    Firewall first = firewall(rule);
    decision(first, "10.0.0.1", "/login");
    decision(first, "10.0.0.1", "/login");
    assertThat(decision(first, "10.0.0.1", "/login")).isEqualTo(Decision.LIMIT);

    RuleConfig other = new RuleConfig("other", path("/x"), DENY);
    Firewall reordered = compile(config(other, rule), first);
    assertThat(decision(reordered, "10.0.0.1", "/login")).isEqualTo(Decision.LIMIT);

    RuleConfig faster =
        new RuleConfig("login", path("/log*"), limit("1000/s", 3, new KeyPart.Ip()));
    Firewall changed = compile(config(faster), reordered);
    RuleHits hits = changed.newHits();
    TestRequest request = TestRequest.get("10.0.0.1", "/login");
    assertThat(changed.checkRequest(request, hits, 0).decision()).isEqualTo(Decision.LIMIT);
    assertThat(changed.checkRequest(request, hits, SECOND / 1000).decision())
        .as("the debt was cut to the new burst")
        .isEqualTo(Decision.ALLOW);

    RuleConfig byHost =
        new RuleConfig("login", path("/login"), limit("1/min", 2, new KeyPart.Host()));
    assertThat(decision(compile(config(byHost), first), "10.0.0.1", "/login"))
        .as("another key counts from nothing")
        .isEqualTo(Decision.ALLOW);
  }

  @Test
  void requestsUnderWaySurviveARecompilationAndWhatCountsOtherwiseBeginsAnew() {
    ActionConfig oneAtOnce = new ActionConfig.Concurrency(List.of(new KeyPart.Ip()), 1);
    RuleConfig busy = new RuleConfig("busy", path("/x"), oneAtOnce);
    Firewall first = firewall(busy);
    assertThat(decision(first, "10.0.0.1", "/x")).isEqualTo(Decision.ALLOW);
    assertThat(decision(compile(config(busy), first), "10.0.0.1", "/x"))
        .isEqualTo(Decision.CONCURRENCY);

    RuleConfig onTrial = new RuleConfig("busy", path("/x"), oneAtOnce, RuleMode.REPORT);
    Firewall trial = compile(config(onTrial), first);
    decision(trial, "10.0.0.1", "/x");
    assertThat(decision(compile(config(busy), trial), "10.0.0.1", "/x"))
        .as("a trial counts for itself")
        .isEqualTo(Decision.ALLOW);

    RuleConfig rate = new RuleConfig("busy", path("/x"), limit("1/min", 1, new KeyPart.Ip()));
    Firewall limited = compile(config(rate), first);
    assertThat(decision(limited, "10.0.0.1", "/x")).isEqualTo(Decision.ALLOW);
    assertThat(decision(limited, "10.0.0.1", "/x")).isEqualTo(Decision.LIMIT);
    ActionConfig ofConnections =
        new ActionConfig.Limit(
            new LimitConfig(List.of(new KeyPart.Ip()), Rate.parse("1/min")).perConnection());
    Firewall connections =
        compile(config(new RuleConfig("busy", MatchConfig.ALWAYS, ofConnections)), limited);
    ClientAddress client = ClientAddress.parse("10.0.0.1");
    assertThat(connections.checkConnection(client, 0, connections.newHits(), 0, 0))
        .as("connections are not requests")
        .isNull();
    assertThat(connections.checkConnection(client, 0, connections.newHits(), 0, 0)).isNotNull();
  }

  @Test
  void anyLineOfAHeaderCounts() {
    Firewall firewall =
        firewall(
            new RuleConfig("bots", header("User-Agent", new StringPattern.Contains("bot")), DENY));
    TestRequest request =
        TestRequest.get("10.0.0.1", "/").with("user-agent", "fine").with("USER-AGENT", "a bot");
    assertThat(check(firewall, request).decision()).isEqualTo(Decision.DENY);
    assertThat(check(firewall, TestRequest.get("10.0.0.1", "/")).decision())
        .isEqualTo(Decision.ALLOW);
  }

  @Test
  void theAbsenceOfAHeaderIsACondition() {
    Firewall firewall =
        firewall(new RuleConfig("r", header("user-agent", new StringPattern.Present(false)), DENY));
    TestRequest without = TestRequest.get("10.0.0.1", "/");
    assertThat(check(firewall, without).decision()).isEqualTo(Decision.DENY);
    assertThat(check(firewall, without.with("User-Agent", "")).decision())
        .isEqualTo(Decision.ALLOW);
  }

  @Test
  void theKelvinSignIsAKForAnExpressionThatIgnoresCase() {
    Firewall firewall =
        firewall(new RuleConfig("r", header("x", new StringPattern.Regex("(?i)bank")), DENY));
    TestRequest request = TestRequest.get("10.0.0.1", "/").with("x", "ban\u00e2\u0084\u00aa");
    assertThat(check(firewall, request).decision()).isEqualTo(Decision.DENY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"q=evil", "a=b&q=evil", "q=fine&q=evil", "%71=%65vil", "q=evil&", "&&q=evil"})
  void anyOccurrenceOfAParameterCountsDecoded(String query) {
    Firewall firewall =
        firewall(
            new RuleConfig(
                "r", new MatchConfig.Query("q", List.of(new StringPattern.Exact("evil"))), DENY));
    assertThat(decision(firewall, "10.0.0.1", "/?" + query)).isEqualTo(Decision.DENY);
    assertThat(decision(firewall, "10.0.0.1", "/?q=evi&x=l")).isEqualTo(Decision.ALLOW);
  }

  @Test
  void hostsAreComparedInAnyCaseAndAStarIsAnyNameBelow() {
    Firewall firewall =
        firewall(
            new RuleConfig(
                "r", new MatchConfig.Host(List.of(StringPattern.ofHost("*.Foobar.com"))), DENY));
    for (String host : List.of("www.foobar.com", "a.b.foobar.com")) {
      TestRequest request = TestRequest.of("10.0.0.1", "GET", host, "/", List.of());
      assertThat(check(firewall, request).decision()).isEqualTo(Decision.DENY);
    }
    for (String host : List.of("foobar.com", "notfoobar.com", "foobar.com.org", "")) {
      TestRequest request = TestRequest.of("10.0.0.1", "GET", host, "/", List.of());
      assertThat(check(firewall, request).decision()).as(host).isEqualTo(Decision.ALLOW);
    }
  }

  @Test
  void aStarAndADotAloneNameNoHost() {
    Firewall firewall =
        firewall(
            new RuleConfig("r", new MatchConfig.Host(List.of(StringPattern.ofHost("*."))), DENY));
    for (String host : List.of("www.foobar.com", "localhost", "")) {
      TestRequest request = TestRequest.of("10.0.0.1", "GET", host, "/", List.of());
      assertThat(check(firewall, request).decision()).as(host).isEqualTo(Decision.ALLOW);
    }
  }

  @Test
  void listenersAreNumberedAsTheirNamesCame() {
    Firewall firewall =
        firewall(new RuleConfig("r", new MatchConfig.Listener(Set.of("internal")), DENY));
    TestRequest request = TestRequest.get("10.0.0.1", "/");
    assertThat(check(firewall, request).decision()).isEqualTo(Decision.ALLOW);
    assertThat(check(firewall, request.onListener(1)).decision()).isEqualTo(Decision.DENY);
  }

  @Test
  void addressesAreDroppedWhenTheyConnect() {
    Firewall firewall =
        firewall(
            new RuleConfig("office", ip("192.0.2.0/24"), ALLOW),
            new RuleConfig("blocked", ip("192.0.2.7", "203.0.113.0/24"), DROP));
    RuleHits hits = firewall.newHits();
    assertThat(connect(firewall, "203.0.113.5", hits).rule().name()).isEqualTo("blocked");
    assertThat(matched(hits)).containsExactly(1);
    assertThat(connect(firewall, "192.0.2.7", hits)).as("allowed before").isNull();
    assertThat(matched(hits)).isEmpty();
    assertThat(connect(firewall, "10.0.0.1", hits)).isNull();
  }

  private static Refusal connect(Firewall firewall, String client, RuleHits hits) {
    return firewall.checkConnection(ClientAddress.parse(client), 0, hits, 0, 0);
  }

  @Test
  void aDropBehindARuleThatNeedsTheRequestWaitsForIt() {
    Firewall firewall =
        firewall(
            new RuleConfig("health", path("/healthz"), ALLOW),
            new RuleConfig("blocked", ip("203.0.113.0/24"), DROP));
    assertThat(connect(firewall, "203.0.113.5", firewall.newHits())).isNull();
    assertThat(decision(firewall, "203.0.113.5", "/healthz")).isEqualTo(Decision.ALLOW);
    assertThat(decision(firewall, "203.0.113.5", "/")).isEqualTo(Decision.DROP);
  }

  @Test
  void aDropBehindAReportedRuleDoesNotWait() {
    Firewall firewall =
        firewall(
            new RuleConfig("health", path("/healthz"), ALLOW, RuleMode.REPORT),
            new RuleConfig("blocked", ip("203.0.113.0/24"), DROP));
    assertThat(connect(firewall, "203.0.113.5", firewall.newHits())).isNotNull();
  }

  @Test
  void aClientToBeAnsweredIsNotDropped() {
    Firewall firewall =
        firewall(
            new RuleConfig("answered", ip("203.0.113.5"), DENY),
            new RuleConfig("blocked", ip("203.0.113.0/24"), DROP));
    assertThat(connect(firewall, "203.0.113.5", firewall.newHits())).isNull();
    assertThat(connect(firewall, "203.0.113.6", firewall.newHits())).isNotNull();
    assertThat(decision(firewall, "203.0.113.5", "/")).isEqualTo(Decision.DENY);
  }

  @Test
  void onTcpAnyRefusalClosesAndRulesOfRequestsDoNotApply() {
    FirewallConfig config =
        new FirewallConfig(
            new DefaultAction.Deny(403),
            PathMode.COMPATIBLE,
            List.of(
                new RuleConfig("web", new MatchConfig.Not(path("/x")), ALLOW),
                new RuleConfig("few", ip("10.0.0.0/8"), limit("1/s", 1, new KeyPart.Ip())),
                new RuleConfig("known", ip("10.0.0.0/8"), ALLOW)),
            Map.of());
    Firewall firewall = compile(config, null);
    RuleHits hits = firewall.newHits();
    ClientAddress known = ClientAddress.parse("10.0.0.1");
    ClientAddress unknown = ClientAddress.parse("192.0.2.1");
    assertThat(firewall.checkTcpConnection(known, 0, hits, 0, 0)).isInstanceOf(Permit.class);
    assertThat(firewall.checkTcpConnection(known, 0, hits, 0, 0).decision())
        .isEqualTo(Decision.LIMIT);
    assertThat(firewall.checkTcpConnection(unknown, 0, hits, 0, 0).decision())
        .isEqualTo(Decision.DENY);
  }

  @Test
  void fieldsThatNoRuleAsksForAreNotRead() {
    Firewall firewall =
        firewall(
            new RuleConfig("blocked", ip("203.0.113.0/24"), DENY),
            new RuleConfig("bots", header("user-agent", new StringPattern.Contains("bot")), DENY));
    RequestTarget unread = null;
    TestRequest request =
        new TestRequest(ClientAddress.parse("203.0.113.1"), 0, null, null, unread, null, null);
    assertThat(check(firewall, request).decision()).isEqualTo(Decision.DENY);
  }

  @Test
  void looksAllocateNothing() {
    List<RuleConfig> rules = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      rules.add(new RuleConfig("path" + i, path("/p" + i + "/*"), DENY));
      rules.add(new RuleConfig("ip" + i, ip("192.0.2." + i), DROP));
      StringPattern bot = new StringPattern.Contains("bot" + i);
      rules.add(new RuleConfig("agent" + i, header("user-agent", bot), DENY));
      StringPattern value = new StringPattern.Suffix("v" + i);
      rules.add(new RuleConfig("header" + i, header("x-" + i, value), DENY));
      rules.add(new RuleConfig("query" + i, new MatchConfig.Query("q" + i, List.of(value)), DENY));
    }
    ActionConfig limit =
        limit("1/h", 5, new KeyPart.Ip(), new KeyPart.Path(), new KeyPart.Header("user-agent"));
    rules.add(new RuleConfig("limit", MatchConfig.ALWAYS, limit));
    Firewall firewall = firewall(rules.toArray(RuleConfig[]::new));
    RuleHits hits = firewall.newHits();
    TestRequest request =
        TestRequest.get("10.0.0.1", "/p7000/x;y?q1=v2&q2=a%20b").with("User-Agent", "Mozilla/5.0");
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 50; round++) { // the first ones link and warm up
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 200; i++) {
        firewall.checkRequest(request, hits, i);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isZero();
  }

  @Test
  void whoSendsSeveralCookiesOfANameSharesAKeyWithTheOthersOfItsAddressOnly() {
    Firewall firewall =
        firewall(
            new RuleConfig("per", MatchConfig.ALWAYS, limit("1/h", 1, new KeyPart.Cookie("sid"))));
    for (String client : List.of("192.0.2.1", "192.0.2.2", "2001:db8::1")) {
      TestRequest first = TestRequest.get(client, "/").with("Cookie", "sid=1; sid=2");
      TestRequest next = TestRequest.get(client, "/").with("Cookie", "sid=3; sid=4");
      assertThat(check(firewall, first).decision()).as(client).isEqualTo(Decision.ALLOW);
      assertThat(check(firewall, next).decision()).as(client).isEqualTo(Decision.LIMIT);
    }
    TestRequest same = TestRequest.get("2001:db8::ffff", "/").with("Cookie", "sid=5; sid=6");
    assertThat(check(firewall, same).decision()).isEqualTo(Decision.LIMIT);
  }

  @Test
  void fingerprintsAreReadOnlyWhereARuleThatAsksForThemCanMatch() {
    MatchConfig script = new MatchConfig.Ja4(List.of(StringPattern.ofText("t12*")));
    MatchConfig inside = new MatchConfig.Listener(Set.of("internal"));
    assertThat(readsJa4(new MatchConfig.All(List.of(inside, script)))).containsExactly(false, true);
    assertThat(readsJa4(new MatchConfig.All(List.of(new MatchConfig.Not(inside), script))))
        .containsExactly(true, false);
    assertThat(readsJa4(new MatchConfig.Not(new MatchConfig.Any(List.of(inside, script)))))
        .containsExactly(true, false);
    assertThat(readsJa4(new MatchConfig.Any(List.of(inside, script)))).containsExactly(true, true);
    assertThat(readsJa4(script)).containsExactly(true, true);
    assertThat(readsJa4(inside)).containsExactly(false, false);
  }

  private static List<Boolean> readsJa4(MatchConfig match) {
    Firewall firewall = firewall(new RuleConfig("rule", match, DENY));
    assertThat(List.of(firewall.readsJa4OfHellos(0), firewall.readsJa4OfHellos(1)))
        .isEqualTo(List.of(firewall.readsJa4(0), firewall.readsJa4(1)));
    return List.of(firewall.readsJa4(0), firewall.readsJa4(1));
  }

  @Test
  void verdictsAreMadeOnce() {
    Firewall firewall = firewall(new RuleConfig("admin", path("/admin/*"), DENY));
    TestRequest request = TestRequest.get("10.0.0.1", "/admin");
    assertThat(check(firewall, request)).isSameAs(check(firewall, request));
  }

  @Test
  void manyLooksDoNotWearTheMemoryOut() {
    Firewall firewall = firewall(new RuleConfig("admin", path("/admin/*"), DENY));
    RuleHits hits = firewall.newHits();
    hits.evaluation().skipLooks(Integer.MAX_VALUE / 2 - 200);
    for (int i = 0; i < 300; i++) {
      TestRequest request = TestRequest.get("10.0.0.1", i % 2 == 0 ? "/admin;x" : "/other");
      assertThat(firewall.checkRequest(request, hits, 0).decision())
          .isEqualTo(i % 2 == 0 ? Decision.DENY : Decision.ALLOW);
    }
  }
}
