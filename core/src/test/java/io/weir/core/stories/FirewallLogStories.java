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
import io.weir.firewall.config.BanTime;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.RuleMode;
import io.weir.firewall.config.StringPattern;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the firewall log is told. */
class FirewallLogStories extends Stories {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final MatchConfig CURL =
      new MatchConfig.Header("user-agent", List.of(new StringPattern.Contains("curl")));

  private static String get(String target, String agent) {
    return "GET %s HTTP/1.1\r\nHost: a\r\nUser-Agent: %s\r\n\r\n".formatted(target, agent);
  }

  private static MatchConfig path(String pattern) {
    return new MatchConfig.Path(List.of(StringPattern.ofPath(pattern)));
  }

  private static MatchConfig here() {
    return new MatchConfig.Ip(List.of(Cidr.parse("127.0.0.0/8")), List.of());
  }

  @Test
  void whatIsRefusedWouldBeRefusedOrIsOnlyNotedIsToldInOrder() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir =
        starts(
            proxy()
                .app(backend)
                .rules(
                    new RuleConfig("noted", CURL, new ActionConfig.Log()),
                    new RuleConfig("trial", CURL, new ActionConfig.Drop(), RuleMode.REPORT),
                    new RuleConfig("fine", path("/open/*"), new ActionConfig.Allow()),
                    new RuleConfig("closed", path("/admin/*"), new ActionConfig.Deny(403))));
    ByteClient client = client(weir);
    client.sends(get("/", "browser")).receives(200);
    client.sends(get("/open/x", "browser")).receives(200);
    client.sends(get("/open/x?a=b", "curl/8")).receives(200);
    Response refused = client.sends(get("/admin/x", "browser")).receives(403);
    assertThat(weir.firewallLog().lines(3))
        .containsExactly(
            "127.0.0.1 noted log enforce, header.user-agent = curl/8, GET a /open/x?a=b on web",
            "127.0.0.1 trial drop report, header.user-agent = curl/8, GET a /open/x?a=b on web",
            "127.0.0.1 closed deny enforce, path = /admin/x, GET a /admin/x on web");
    assertThat(refused.bodyText()).contains(weir.firewallLog().requestId(2));
    assertThat(weir.firewallLog().requestId(0)).isEqualTo(weir.firewallLog().requestId(1));
  }

  @Test
  void whatStrictPathsWouldDoIsToldAndNothingElseHappens() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(proxy().app(backend).triesStrictPaths());
    ByteClient client = client(weir);
    for (String target : List.of("/plain", "/a%2Fb", "/a/../b?c=d")) {
      client.sends(get(target, "browser")).receives(200);
    }
    assertThat(backend.receivesRequests(3).get(2).target()).isEqualTo("/a/../b?c=d");
    assertThat(weir.firewallLog().lines(2))
        .containsExactly(
            "127.0.0.1 normalize_path deny report, path = /a%2Fb, GET a /a%2Fb on web",
            "127.0.0.1 normalize_path rewrite report, path = /a/../b, GET a /a/../b?c=d on web");
    weir.eventually("weir_firewall_paths_reported_total", 1, "refused");
    weir.eventually("weir_firewall_paths_reported_total", 1, "changed");
  }

  @Test
  void aConnectionThatIsDroppedAtAcceptHasNoRequest() {
    WeirUnderTest weir =
        starts(
            proxy()
                .app(backend(Script.answers(OK)))
                .rules(
                    new RuleConfig("trial", here(), new ActionConfig.Drop(), RuleMode.REPORT),
                    new RuleConfig("blocked", here(), new ActionConfig.Drop())));
    assertThat(ByteClient.isSentAwayFrom(weir.address(ProxySetup.WEB))).isTrue();
    assertThat(weir.firewallLog().lines(2))
        .containsExactly(
            "127.0.0.1 trial drop report, ip = 127.0.0.1, null null null on web",
            "127.0.0.1 blocked drop enforce, ip = 127.0.0.1, null null null on web");
    assertThat(weir.firewallLog().requestId(1)).isEqualTo("null");
  }

  @Test
  void aBannedClientIsToldOfWithTheRuleThatBannedIt() {
    WeirUnderTest weir =
        starts(
            proxy()
                .app(backend(Script.answers(OK)))
                .rules(
                    new RuleConfig(
                        "trap",
                        path("/trap"),
                        new ActionConfig.Ban(new BanTime(Duration.ofDays(1))))));
    ByteClient before = client(weir);
    before.sends(get("/", "browser")).receives(200);
    client(weir).sends(get("/trap", "browser")).receivesClose();
    before.sends(get("/", "browser")).receives(403);
    assertThat(ByteClient.isSentAwayFrom(weir.address(ProxySetup.WEB))).isTrue();
    assertThat(weir.firewallLog().lines(3))
        .containsExactly(
            "127.0.0.1 trap ban enforce, path = /trap, GET a /trap on web",
            "127.0.0.1 null ban enforce, ip = 127.0.0.1, GET a / because of trap on web",
            "127.0.0.1 null ban enforce, ip = 127.0.0.1, null null null because of trap on web");
  }
}
