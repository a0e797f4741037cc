package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Response;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.BanAfter;
import io.weir.firewall.config.BanTime;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.LimitConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.Rate;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.RuleMode;
import io.weir.firewall.config.StatusRange;
import io.weir.firewall.config.StringPattern;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What rules do beside refusing: hold, send elsewhere, ban, and count what goes on. */
class FirewallActionStories extends Stories {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final String NONE = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
  private static final KeyPart IP = new KeyPart.Ip();
  private static final Duration DAY = Duration.ofDays(1);
  private static final ClientAddress ME = ClientAddress.parse("127.0.0.1");

  private static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  private static String from(String client, String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: " + client + "\r\n\r\n";
  }

  private static MatchConfig path(String pattern) {
    return new MatchConfig.Path(List.of(StringPattern.ofPath(pattern)));
  }

  private static MatchConfig here() {
    return new MatchConfig.Ip(List.of(Cidr.parse("127.0.0.0/8")), List.of());
  }

  private static RuleConfig rule(String name, MatchConfig match, ActionConfig action) {
    return new RuleConfig(name, match, action);
  }

  private static LimitConfig perDay(long count) {
    return new LimitConfig(List.of(IP), new Rate(count, DAY));
  }

  @Test
  void aTarpitHoldsTheConnectionAndThenClosesItWithoutAnAnswer() {
    ByteBackend backend = backend(Script.answers(OK));
    ActionConfig action = new ActionConfig.Tarpit(Duration.ofMillis(700));
    WeirUnderTest weir = starts(proxy().app(backend).rules(rule("slow", path("/x"), action)));
    ByteClient client = client(weir);
    client.sends(get("/x")).receivesNothingFor(Duration.ofMillis(400));
    client.receivesClose();
    backend.receivedNothing();
    weir.eventually("weir_firewall_requests_total", 1, "tarpit");
    client(weir).sends(get("/")).receives(200);
  }

  @Test
  void aTrustedProxyIsAnsweredForOneClientAndGoesOnForTheOthers() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir =
        starts(
            proxy()
                .app(backend)
                .trusts("127.0.0.0/8")
                .rules(
                    rule("away", path("/x"), new ActionConfig.Drop()),
                    rule("slow", path("/y"), new ActionConfig.Tarpit(Duration.ofMillis(100))),
                    rule("trap", path("/z"), new ActionConfig.Ban(new BanTime(DAY)))));
    ByteClient proxy = client(weir);
    proxy.sends(from("192.0.2.1", "/x")).receives(403);
    proxy.sends(from("192.0.2.2", "/y")).receives(403);
    proxy.sends(from("192.0.2.3", "/z")).receives(403);
    proxy.sends(from("192.0.2.4", "/")).receives(200);
  }

  @Test
  void aStreamThatIsDroppedTakesItsConnectionWithIt() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir =
        starts(
            proxy()
                .listensH2c(ProxySetup.WEB)
                .app(backend)
                .rules(rule("away", path("/x"), new ActionConfig.Drop())));
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    client.asks(1).receives(1, 200);
    client.asksFor(3, "/x").receivesEnd();
    assertThat(client.on(3).status()).isZero();
    assertThat(client.goAway()).isNull();
    weir.eventually("weir_connections", 0);
    weir.eventually("weir_http_requests_in_flight", 0);
  }

  @Test
  void whoLeavesTheTarpitLeavesNothingBehind() {
    ByteBackend backend = backend(Script.answers(OK));
    ActionConfig action = new ActionConfig.Tarpit(Duration.ofMinutes(5));
    WeirUnderTest weir = starts(proxy().app(backend).rules(rule("slow", path("/x"), action)));
    ByteClient client = client(weir);
    client.sends(get("/x"));
    weir.eventually("weir_firewall_requests_total", 1, "tarpit");
    client.close();
    weir.eventually("weir_connections", 0);
    weir.eventually("weir_http_requests_in_flight", 0);
  }

  @Test
  void aRedirectNamesAnotherPlace() {
    ByteBackend backend = backend(Script.answers(OK));
    ActionConfig action = new ActionConfig.Redirect("https://status.test/", 307);
    WeirUnderTest weir = starts(proxy().app(backend).rules(rule("away", path("/x"), action)));
    ByteClient client = client(weir);
    assertThat(client.sends(get("/x")).receives(307).headers().first("location"))
        .contains("https://status.test/");
    client.sends(get("/")).receives(200);
    weir.eventually("weir_firewall_requests_total", 1, "redirect");
  }

  @Test
  void aBannedClientDoesNotGetInAgainUntilItIsLetIn() {
    ByteBackend backend = backend(Script.answers(OK));
    ActionConfig action = new ActionConfig.Ban(new BanTime(DAY));
    WeirUnderTest weir = starts(proxy().app(backend).rules(rule("trap", path("/trap"), action)));
    ByteClient before = client(weir);
    before.sends(get("/")).receives(200);
    client(weir).sends(get("/trap")).receivesClose();
    assertThat(ByteClient.isSentAwayFrom(weir.address(ProxySetup.WEB))).isTrue();
    before.sends(get("/")).receives(403);
    weir.eventually("weir_bans", 1, "trap");
    assertThat(weir.figure("weir_bans", "(other)")).isZero();
    weir.eventually("weir_connections_rejected_total", 1, "ban");
    weir.eventually("weir_bans_added_total", 1, "trap");
    assertThat(weir.apply(proxy().app(backend).config())).as("a reload is no amnesty").isEmpty();
    before.sends(get("/")).receives(403);
    assertThat(weir.figure("weir_bans", "(other)")).as("the rule is gone").isEqualTo(1);
    assertThat(weir.bans().remove(Cidr.ofClient(ME), 0)).isTrue();
    before.sends(get("/")).receives(200);
    client(weir).sends(get("/")).receives(200);
    assertThat(weir.figure("weir_bans_added_total", "(other)")).isZero();
  }

  @Test
  void whomARuleAllowsAtAcceptNoBanConcerns() {
    ByteBackend backend = backend(Script.answers(OK));
    RuleConfig office = rule("office", here(), new ActionConfig.Allow());
    WeirUnderTest weir = starts(proxy().app(backend).rules(office));
    weir.bans().ban(ME, DAY, "by mistake", System.currentTimeMillis());
    client(weir).sends(get("/")).receives(200);
  }

  @Test
  void behindATrustedProxyClientsAreBannedOneByOne() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(proxy().app(backend).trusts("127.0.0.1/32"));
    weir.bans().ban(ClientAddress.parse("192.0.2.7"), DAY, "api", System.currentTimeMillis());
    ByteClient proxy = client(weir);
    proxy.sends(from("192.0.2.7", "/")).receives(403);
    proxy.sends(from("192.0.2.8", "/")).receives(200);
  }

  @Test
  void whoGoesOnAfterALimitIsBannedAtLast() {
    ByteBackend backend = backend(Script.answers(OK));
    LimitConfig limit = perDay(2).then(new BanAfter(new BanTime(DAY), 3));
    RuleConfig login = rule("login", path("/login"), new ActionConfig.Limit(limit));
    WeirUnderTest weir = starts(proxy().app(backend).rules(login));
    ByteClient client = client(weir);
    client.sends(get("/login")).receives(200);
    client.sends(get("/login")).receives(200);
    client.sends(get("/login")).receives(429);
    client.sends(get("/login")).receives(429);
    client.sends(get("/")).receives(200);
    client.sends(get("/login")).receives(429);
    client.sends(get("/")).receives(403);
    assertThat(ByteClient.isSentAwayFrom(weir.address(ProxySetup.WEB))).isTrue();
  }

  @Test
  void aReportedLimitNeverBans() {
    ByteBackend backend = backend(Script.answers(OK));
    LimitConfig limit = perDay(1).then(new BanAfter(new BanTime(DAY), 1));
    RuleConfig trial =
        new RuleConfig("trial", MatchConfig.ALWAYS, new ActionConfig.Limit(limit), RuleMode.REPORT);
    WeirUnderTest weir = starts(proxy().app(backend).rules(trial));
    ByteClient client = client(weir);
    for (int i = 0; i < 4; i++) {
      client.sends(get("/")).receives(200);
    }
    weir.eventually("weir_firewall_rule_matches_total", 3, "trial");
    assertThat(weir.figure("weir_bans")).isZero();
  }

  @Test
  void scannersAreFoundByWhatTheBackendsAnswer() {
    ByteBackend backend =
        backend(
            Script.answers(
                (on, request) -> on.sends(request.target().equals("/there") ? OK : NONE)));
    MatchConfig match = new MatchConfig.ResponseStatus(List.of(new StatusRange(401, 404)));
    RuleConfig scanners = rule("scanners", match, new ActionConfig.Limit(perDay(3)));
    WeirUnderTest weir = starts(proxy().app(backend).trusts("127.0.0.1/32").rules(scanners));
    ByteClient client = client(weir);
    for (int i = 0; i < 10; i++) {
      client.sends(from("192.0.2.1", "/there")).receives(200);
    }
    for (int i = 0; i < 3; i++) {
      client.sends(from("192.0.2.7", "/" + i)).receives(404);
    }
    client.sends(from("192.0.2.7", "/there")).receives(429);
    client.sends(from("192.0.2.1", "/there")).receives(200);
  }

  @Test
  void whoAsksInParallelMakesUpForAllThatWasAnswered() {
    CountDownLatch gate = new CountDownLatch(1);
    ByteBackend backend =
        backend(
            Script.answers((on, request) -> {
              try {
                on.waitsFor(gate);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              on.sends(NONE);
            }));
    MatchConfig match = new MatchConfig.ResponseStatus(List.of(new StatusRange(404, 404)));
    RuleConfig scanners = rule("scanners", match, new ActionConfig.Limit(perDay(3)));
    WeirUnderTest weir = starts(proxy().app(backend).rules(scanners));
    List<ByteClient> clients = IntStream.range(0, 9).mapToObj(i -> client(weir)).toList();
    clients.forEach(client -> client.sends(get("/")));
    backend.receivesRequests(9);
    gate.countDown();
    clients.forEach(client -> client.receives(404));
    Response refused = client(weir).sends(get("/")).receives(429);
    assertThat(Integer.parseInt(refused.headers().first("retry-after").orElse("0")))
        .as("seconds, six of nine answers were beyond the three of a day")
        .isBetween(6 * 28_800, 7 * 28_800);
  }

  @Test
  void whoIsHeldInTheTarpitKeepsNobodyOut() {
    ByteBackend backend = backend(Script.answers(OK));
    RuleConfig one = rule("one", path("/x"), new ActionConfig.Concurrency(List.of(IP), 1));
    RuleConfig held =
        rule(
            "held",
            new MatchConfig.Query("held", List.of(new StringPattern.Present(true))),
            new ActionConfig.Tarpit(Duration.ofMinutes(5)));
    WeirUnderTest weir = starts(proxy().app(backend).rules(one, held));
    client(weir).sends(get("/x?held=1"));
    weir.eventually("weir_firewall_requests_total", 1, "tarpit");
    client(weir).sends(get("/x")).receives(200);
  }

  @Test
  void onlySoManyAtOnceAndTheNextWhenOneIsOver() {
    CountDownLatch gate = new CountDownLatch(1);
    ByteBackend backend =
        backend(
            Script.answers((on, request) -> {
              if (request.target().equals("/report/slow")) {
                try {
                  on.waitsFor(gate);
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              }
              on.sends(OK);
            }));
    RuleConfig one = rule("one", path("/report/*"), new ActionConfig.Concurrency(List.of(IP), 1));
    WeirUnderTest weir = starts(proxy().app(backend).rules(one));
    ByteClient first = client(weir);
    first.sends(get("/report/slow"));
    backend.receivesRequests(1);
    ByteClient second = client(weir);
    second.sends(get("/report/x")).receives(429);
    second.sends(get("/")).receives(200);
    gate.countDown();
    first.receives(200);
    second.sends(get("/report/x")).receives(200);
    weir.eventually("weir_firewall_requests_total", 1, "concurrency");
  }

  @Test
  void whoHangsUpMakesRoomForTheNext() {
    ByteBackend backend = backend(Script.stalls(), Script.answers(OK));
    RuleConfig one = rule("one", MatchConfig.ALWAYS, new ActionConfig.Concurrency(List.of(IP), 1));
    WeirUnderTest weir = starts(proxy().app(backend).rules(one));
    ByteClient first = client(weir);
    first.sends(get("/"));
    backend.receivesRequests(1);
    client(weir).sends(get("/")).receives(429);
    first.close();
    weir.eventually("weir_http_requests_in_flight", 0);
    client(weir).sends(get("/")).receives(200);
  }

  @Test
  void connectionsAreCountedWhenTheyAreAccepted() {
    ByteBackend backend = backend(Script.answers(OK));
    LimitConfig limit = perDay(2).perConnection();
    WeirUnderTest weir =
        starts(
            proxy()
                .app(backend)
                .rules(rule("flood", MatchConfig.ALWAYS, new ActionConfig.Limit(limit))));
    ByteClient client = client(weir);
    for (int i = 0; i < 5; i++) {
      client.sends(get("/")).receives(200);
    }
    client(weir).sends(get("/")).receives(200);
    assertThat(ByteClient.isSentAwayFrom(weir.address(ProxySetup.WEB))).isTrue();
    weir.eventually("weir_connections_rejected_total", 1, "firewall");
    weir.eventually("weir_firewall_rule_matches_total", 1, "flood");
  }
}
