package io.weir.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.address.Cidr;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.DefaultAction;
import io.weir.firewall.config.FirewallConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.StringPattern;
import io.weir.firewall.path.PathMode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvidenceTest {
  private static final MatchConfig ADMIN =
      new MatchConfig.Path(List.of(StringPattern.ofPath("/admin/*")));
  private static final MatchConfig POST = new MatchConfig.Method(Set.of("POST"));

  private static String evidence(MatchConfig match, TestRequest request) {
    FirewallConfig config =
        new FirewallConfig(
            new DefaultAction.Allow(),
            PathMode.COMPATIBLE,
            List.of(new RuleConfig("rule", match, new ActionConfig.Deny(403))),
            Map.of());
    Firewall firewall =
        ((Compilation.Compiled)
                FirewallCompiler.compile(config, Set.of("web"), null, new SplittableRandom(1)))
            .firewall();
    RuleHits hits = firewall.newHits();
    assertThat(firewall.checkRequest(request, hits, 0)).isInstanceOf(Refusal.class);
    Evidence evidence = new Evidence();
    firewall.evidence(0, request, hits, evidence);
    CharSequence excerpt = evidence.excerpt();
    return evidence.field() + " = " + (excerpt == null ? null : excerpt.toString());
  }

  private static MatchConfig header(String name, StringPattern pattern) {
    return new MatchConfig.Header(name, List.of(pattern));
  }

  private static TestRequest with(String name, String value) {
    return TestRequest.of(
        "192.0.2.1", "POST", "foobar.com", "/", List.of(new String[][] {{name, value}}));
  }

  @Test
  void ofConditionsThatAllHoldTheRarestTells() {
    MatchConfig both = new MatchConfig.All(List.of(POST, ADMIN));
    TestRequest request =
        TestRequest.of("192.0.2.1", "POST", "foobar.com", "/admin/users", List.of());
    assertThat(evidence(both, request)).isEqualTo("path = /admin/users");
  }

  @Test
  void ofSeveralThatMayHoldTheOneThatDoesTells() {
    MatchConfig any = new MatchConfig.Any(List.of(ADMIN, POST));
    assertThat(evidence(any, with("a", "b"))).isEqualTo("method = POST");
  }

  @Test
  void anAddressThatIsNotWhereItShouldBeTells() {
    MatchConfig office = new MatchConfig.Ip(List.of(Cidr.parse("10.0.0.0/8")), List.of());
    TestRequest request = TestRequest.get("192.0.2.1", "/");
    assertThat(evidence(new MatchConfig.Not(office), request)).isEqualTo("ip = 192.0.2.1");
  }

  @Test
  void theReadingOfThePathThatMatchedIsShown() {
    assertThat(evidence(ADMIN, TestRequest.get("192.0.2.1", "/x%2F..%2fadmin")))
        .isEqualTo("path = /admin");
  }

  @Test
  void aRuleThatAsksNothingHasNoField() {
    assertThat(evidence(MatchConfig.ALWAYS, TestRequest.get("192.0.2.1", "/")))
        .isEqualTo("null = null");
  }

  @Test
  void ofALongTextThePartIsShownThatMatched() {
    String agent = "x".repeat(300) + "sqlmap/1.7 (https://sqlmap.org)" + "y".repeat(300);
    String shown =
        evidence(
            header("user-agent", new StringPattern.Contains("sqlmap")), with("User-Agent", agent));
    assertThat(shown).startsWith("header.user-agent = xxxx").contains("sqlmap/1.7 (https");
    assertThat(shown.length()).isEqualTo("header.user-agent = ".length() + Evidence.MOST);
    assertThat(
            evidence(
                header("user-agent", new StringPattern.Regex("(?i)SQLMAP")),
                with("User-Agent", agent)))
        .isEqualTo(shown);
  }

  @Test
  void ofALongFindItsBeginningIsShown() {
    String agent = "x".repeat(300) + "sqlmap" + "y".repeat(300);
    assertThat(
            evidence(
                header("user-agent", new StringPattern.Regex("sqlmap.*")),
                with("User-Agent", agent)))
        .contains("sqlmapyyyy");
    assertThat(
            evidence(
                header("user-agent", new StringPattern.Regex("sqlmap")),
                with("User-Agent", "\u00c3\u00bc".repeat(200) + agent)))
        .contains("sqlmapyyyy");
  }

  @Test
  void ofALongTextThePartIsShownInWhichItWasFound() {
    String agent = "x".repeat(4990) + "found here" + "y".repeat(10_000);
    assertThat(
            evidence(
                header("user-agent", new StringPattern.Contains("found here")),
                with("User-Agent", agent)))
        .contains("x".repeat(38) + "found here" + "y".repeat(16));
  }

  @Test
  void aHeaderThatIsMissingTellsItsName() {
    assertThat(
            evidence(header("user-agent", new StringPattern.Present(false)), with("accept", "*/*")))
        .isEqualTo("header.user-agent = null");
  }

  @ParameterizedTest
  @CsvSource({
    "authorization, [redacted]",
    "x-api-key, [redacted]",
    "X-Auth-Token, [redacted]",
    "x-session-id, [redacted]",
    "x-color, Basic c2VjcmV0"
  })
  void whatOpensSomethingIsNotShown(String name, String shown) {
    MatchConfig match =
        header(name.toLowerCase(java.util.Locale.ROOT), new StringPattern.Contains("c2VjcmV0"));
    assertThat(evidence(match, with(name, "Basic c2VjcmV0"))).endsWith(" = " + shown);
  }

  @Test
  void cookiesAreNeverShownAndParametersByTheirName() {
    List<StringPattern> one = List.of(new StringPattern.Exact("1"));
    TestRequest request =
        TestRequest.of(
            "192.0.2.1",
            "GET",
            "foobar.com",
            "/?debug=1&access_token=1",
            List.of(new String[][] {{"cookie", "a=1"}}));
    assertThat(evidence(new MatchConfig.Cookie("a", one), request))
        .isEqualTo("cookie.a = [redacted]");
    assertThat(evidence(new MatchConfig.Query("debug", one), request)).isEqualTo("query.debug = 1");
    assertThat(evidence(new MatchConfig.Query("access_token", one), request))
        .isEqualTo("query.access_token = [redacted]");
  }
}
