package io.weir.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.Explanation.Count;
import io.weir.firewall.Explanation.Outcome;
import io.weir.firewall.Explanation.Step;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.BanAfter;
import io.weir.firewall.config.BanTime;
import io.weir.firewall.config.DefaultAction;
import io.weir.firewall.config.FirewallConfig;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.LimitConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.Rate;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.RuleMode;
import io.weir.firewall.config.StatusRange;
import io.weir.firewall.config.StringPattern;
import io.weir.firewall.path.PathMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ExplanationTest {
  private static Firewall firewall(RuleConfig... rules) {
    FirewallConfig config =
        new FirewallConfig(
            new DefaultAction.Allow(), PathMode.COMPATIBLE, List.of(rules), Map.of());
    return ((Compilation.Compiled)
            FirewallCompiler.compile(config, Set.of("web"), null, new SplittableRandom(1)))
        .firewall();
  }

  private static MatchConfig path(String pattern) {
    return new MatchConfig.Path(List.of(StringPattern.ofPath(pattern)));
  }

  private static MatchConfig ip(String prefix) {
    return new MatchConfig.Ip(List.of(Cidr.parse(prefix)), List.of());
  }

  @Test
  void eachRuleThatWasTriedSaysWhyItDidNotMatch() {
    MatchConfig post = new MatchConfig.Method(Set.of("POST"));
    Firewall firewall =
        firewall(
            new RuleConfig(
                "login",
                new MatchConfig.All(List.of(path("/login"), post)),
                new ActionConfig.Drop()),
            new RuleConfig(
                "outside", new MatchConfig.Not(ip("10.0.0.0/8")), new ActionConfig.Deny(403)),
            new RuleConfig("trial", MatchConfig.ALWAYS, new ActionConfig.Drop(), RuleMode.REPORT),
            new RuleConfig("shop", path("/login"), new ActionConfig.Allow()),
            new RuleConfig("last", MatchConfig.ALWAYS, new ActionConfig.Drop()));
    Explanation why = explain(firewall, TestRequest.get("10.0.0.1", "/login"));
    assertThat(why.decision()).isEqualTo(Decision.ALLOW);
    assertThat(why.rule().name()).isEqualTo("shop");
    assertThat(why.steps())
        .extracting(step -> step.rule().name() + ": " + step.outcome().label() + ": " + step.why())
        .containsExactly(
            "login: no match: method: POST",
            "outside: no match: not { ip: 10.0.0.0/8 }",
            "trial: matched: everything",
            "shop: matched: path: /login");
  }

  @Test
  void theStateOfALimitIsToldAndNothingIsTaken() {
    LimitConfig limit =
        new LimitConfig(List.of(new KeyPart.Ip()), new Rate(3, Duration.ofHours(1)));
    Firewall firewall =
        firewall(new RuleConfig("few", MatchConfig.ALWAYS, new ActionConfig.Limit(limit)));
    TestRequest request = TestRequest.get("10.0.0.1", "/");
    RuleHits hits = firewall.newHits();
    for (int i = 0; i < 5; i++) {
      Step step = explain(firewall, request).steps().getFirst();
      assertThat(step.outcome()).isEqualTo(Outcome.PASSED);
      assertThat(step.count()).isEqualTo(new Count(3, 0));
    }
    for (int i = 0; i < 3; i++) {
      assertThat(firewall.checkRequest(request, hits, 0)).isInstanceOf(Permit.class);
    }
    Explanation why = explain(firewall, request);
    assertThat(why.decision()).isEqualTo(Decision.LIMIT);
    assertThat(why.status()).isEqualTo(429);
    assertThat(why.steps().getFirst().count())
        .isEqualTo(new Count(0, Duration.ofMinutes(20).toNanos()));
  }

  @Test
  void aBanIsTheWholeExplanationUnlessARuleExempts() {
    TestRequest request = TestRequest.get("10.0.0.1", "/");
    Firewall firewall = firewall();
    firewall.bans().ban(request.client(), Duration.ofHours(1), "scanner", 0);
    Explanation why = explain(firewall, request);
    assertThat(why.decision()).isEqualTo(Decision.BAN);
    assertThat(why.ban().reason()).isEqualTo("scanner");
    assertThat(why.steps()).isEmpty();
    Firewall exempting =
        firewall(new RuleConfig("office", ip("10.0.0.0/8"), new ActionConfig.Allow()));
    exempting.bans().ban(request.client(), Duration.ofHours(1), "scanner", 0);
    assertThat(explain(exempting, request).decision()).isEqualTo(Decision.ALLOW);
  }

  @Test
  void aBanByALimitBeforeARuleThatAllowsHolds() {
    TestRequest request = TestRequest.get("10.0.0.1", "/");
    LimitConfig one =
        new LimitConfig(List.of(new KeyPart.Ip()), new Rate(1, Duration.ofDays(1)), 1)
            .then(new BanAfter(new BanTime(Duration.ofHours(1)), 1));
    for (LimitConfig limit : List.of(one, one.perConnection())) {
      Firewall firewall =
          firewall(
              new RuleConfig("flood", MatchConfig.ALWAYS, new ActionConfig.Limit(limit)),
              new RuleConfig("partners", ip("10.0.0.0/8"), new ActionConfig.Allow()));
      RuleHits hits = firewall.newHits();
      for (int i = 0; i < 2; i++) {
        var _ = firewall.checkConnection(request.client(), 0, hits, 0, 0);
        var _ = firewall.checkRequest(request, hits, 0);
      }
      assertThat(firewall.bans().isBanned(request.client(), 0)).isTrue();
      assertThat(firewall.checkConnection(request.client(), 0, hits, 0, 0)).isNotNull();
      assertThat(firewall.checkRequest(request, hits, 0)).isInstanceOf(Refusal.class);
      assertThat(explain(firewall, request).decision()).isEqualTo(Decision.BAN);
    }
  }

  @Test
  void aLimitOfConnectionsThatOnlyRefusesLeavesTheRuleBehindItToExempt() {
    TestRequest request = TestRequest.get("10.0.0.1", "/");
    LimitConfig limit = new LimitConfig(List.of(new KeyPart.Ip()), new Rate(9, Duration.ofDays(1)));
    Firewall firewall =
        firewall(
            new RuleConfig(
                "flood", MatchConfig.ALWAYS, new ActionConfig.Limit(limit.perConnection())),
            new RuleConfig("partners", ip("10.0.0.0/8"), new ActionConfig.Allow()));
    firewall.bans().ban(request.client(), Duration.ofHours(1), "scanner", 0);
    assertThat(explain(firewall, request).decision()).isEqualTo(Decision.ALLOW);
  }

  @Test
  void aRuleThatCountsConnectionsIsNotAsked() {
    LimitConfig limit = new LimitConfig(List.of(new KeyPart.Ip()), new Rate(1, Duration.ofDays(1)));
    Firewall firewall =
        firewall(
            new RuleConfig(
                "floods", MatchConfig.ALWAYS, new ActionConfig.Limit(limit.perConnection())));
    Explanation why = explain(firewall, TestRequest.get("10.0.0.1", "/"));
    assertThat(why.steps().getFirst().outcome()).isEqualTo(Outcome.NOT_ASKED);
    assertThat(why.decision()).isEqualTo(Decision.ALLOW);
  }

  @Test
  void aReadingOfThePathThatDoesNotMatchIsNamedAsSuch() {
    Firewall firewall =
        firewall(new RuleConfig("public", path("/public/*"), new ActionConfig.Allow()));
    Step step =
        explain(firewall, TestRequest.get("10.0.0.1", "/public/..%2Fadmin")).steps().getFirst();
    assertThat(step.outcome()).isEqualTo(Outcome.NO_MATCH);
    assertThat(step.why()).isEqualTo("path: /public/* (in another reading of the path)");
  }

  @Test
  void aRuleThatDependsOnWhatNobodySaidIsUndecided() {
    MatchConfig scripts = new MatchConfig.Ja4(List.of(StringPattern.ofText("t13i*")));
    Firewall firewall =
        firewall(
            new RuleConfig(
                "login",
                new MatchConfig.All(List.of(scripts, path("/login"))),
                new ActionConfig.Deny(403)),
            new RuleConfig(
                "scripts",
                new MatchConfig.Any(List.of(path("/x"), scripts)),
                new ActionConfig.Deny(403)),
            new RuleConfig(
                "others", new MatchConfig.Not(scripts), new ActionConfig.Drop(), RuleMode.REPORT),
            new RuleConfig(
                "kinds",
                MatchConfig.ALWAYS,
                new ActionConfig.Limit(
                    new LimitConfig(
                        List.of(new KeyPart.Ja4()), new Rate(3, Duration.ofHours(1))))));
    TestRequest request = TestRequest.get("10.0.0.1", "/");
    Explanation why = firewall.explain(request, Set.of("tls.ja4"), firewall.newHits(), 0);
    assertThat(why.steps())
        .extracting(step -> step.rule().name() + ": " + step.outcome().label() + ": " + step.why())
        .containsExactly(
            "login: no match: path: /login",
            "scripts: undecided: tls.ja4 is not known: any of { path: /x, tls.ja4: t13i* }",
            "others: undecided: tls.ja4 is not known: not { tls.ja4: t13i* }",
            "kinds: undecided: tls.ja4 is not known: counts by it");
    assertThat(why.steps())
        .extracting(Step::leavesOpen)
        .as("a rule in mode report never decides")
        .containsExactly(false, true, false, true);
    Explanation known = explain(firewall, request);
    assertThat(known.steps())
        .extracting(Step::outcome)
        .as("a request that has none, and everybody knows it")
        .containsExactly(Outcome.NO_MATCH, Outcome.NO_MATCH, Outcome.MATCHED, Outcome.PASSED);
  }

  @Test
  void aRuleThatAllowsIsNotLeftOpenByAReadingThatItCannotMatch() {
    MatchConfig scripts = new MatchConfig.Ja4(List.of(StringPattern.ofText("t13i*")));
    Firewall firewall =
        firewall(
            new RuleConfig(
                "public",
                new MatchConfig.All(List.of(scripts, path("/public/*"))),
                new ActionConfig.Allow()));
    TestRequest request = TestRequest.get("10.0.0.1", "/public/..%2Fadmin");
    Explanation why = firewall.explain(request, Set.of("tls.ja4"), firewall.newHits(), 0);
    assertThat(why.steps().getFirst().outcome()).isEqualTo(Outcome.NO_MATCH);
    assertThat(why.steps().getFirst().why())
        .isEqualTo("path: /public/* (in another reading of the path)");
  }

  @Test
  void aRuleThatCountsAnswersSaysWhichOfThemWouldBeCounted() {
    LimitConfig limit = new LimitConfig(List.of(new KeyPart.Ip()), new Rate(1, Duration.ofDays(1)));
    Firewall firewall =
        firewall(
            new RuleConfig(
                "scanners",
                new MatchConfig.ResponseStatus(
                    List.of(StatusRange.parse("401"), StatusRange.parse("403-404"))),
                new ActionConfig.Limit(limit)));
    Step step = explain(firewall, TestRequest.get("10.0.0.1", "/")).steps().getFirst();
    assertThat(step.outcome()).isEqualTo(Outcome.PASSED);
    assertThat(step.why()).isEqualTo("everything; takes one if the answer is 401, 403-404");
  }

  private static Explanation explain(Firewall firewall, TestRequest request) {
    return firewall.explain(request, Set.of(), firewall.newHits(), 0);
  }
}
