package io.weir.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.address.Cidr;
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
import io.weir.firewall.list.ListConfig;
import io.weir.firewall.list.ListSource;
import io.weir.firewall.list.ListType;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.testing.Luck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RuleWarningsTest {
  private final Map<String, ListConfig> lists = new LinkedHashMap<>();
  private Set<String> tcp = Set.of();

  private PathMode paths = PathMode.COMPATIBLE;

  private List<String> warnings(RuleConfig... rules) {
    FirewallConfig config =
        new FirewallConfig(new DefaultAction.Allow(), paths, List.of(rules), lists)
            .withTcpListeners(tcp);
    Set<String> all = new TreeSet<>(tcp);
    all.add("web");
    Compilation compilation = FirewallCompiler.compile(config, all, null, new SplittableRandom(1));
    return ((Compilation.Compiled) compilation)
        .warnings().stream().map(w -> w.path() + ": " + w.message()).toList();
  }

  private static RuleConfig deny(String name, MatchConfig... matches) {
    return new RuleConfig(name, new MatchConfig.All(List.of(matches)), new ActionConfig.Deny(403));
  }

  private static RuleConfig limit(String name, MatchConfig match, String rate, long burst) {
    return new RuleConfig(
        name,
        match,
        new ActionConfig.Limit(
            new LimitConfig(List.of(new KeyPart.Ip()), Rate.parse(rate), burst)));
  }

  private static MatchConfig path(String... patterns) {
    return new MatchConfig.Path(List.of(patterns).stream().map(StringPattern::ofPath).toList());
  }

  private static MatchConfig ip(String... prefixes) {
    return new MatchConfig.Ip(List.of(prefixes).stream().map(Cidr::parse).toList(), List.of());
  }

  private static MatchConfig post() {
    return new MatchConfig.Method(Set.of("POST"));
  }

  @Test
  void aNarrowerRuleBehindAWiderOneIsNamed() {
    assertThat(warnings(deny("wide", path("/a*")), deny("narrow", path("/admin/*"), post())))
        .containsExactly(
            "firewall.rules[1]: rule \"narrow\" is never reached: rule \"wide\" before it decides"
                + " for all that it matches");
    assertThat(warnings(deny("narrow", path("/admin/*"), post()), deny("wide", path("/a*"))))
        .isEmpty();
    assertThat(warnings(deny("wide", ip("10.0.0.0/8")), deny("narrow", ip("10.1.2.3")))).hasSize(1);
    assertThat(warnings(deny("a", path("/a/*")), deny("b", path("/a/*", "/b")))).isEmpty();
  }

  @Test
  void aRuleOnTrialBehindOneThatDecidesSeesNothing() {
    RuleConfig trial =
        new RuleConfig("trial", path("/x/y"), new ActionConfig.Drop(), RuleMode.REPORT);
    assertThat(warnings(deny("all", path("/x/*")), trial))
        .singleElement()
        .asString()
        .contains("rule \"trial\", in report mode, is never reached");
  }

  @Test
  void whatOnlyCountsTakesNothingFromLaterRules() {
    RuleConfig counts =
        new RuleConfig(
            "few", path("/x"), new ActionConfig.Concurrency(List.of(new KeyPart.Ip()), 2));
    assertThat(warnings(counts, deny("b", path("/x")))).isEmpty();
    assertThat(warnings(limit("l", path("/x"), "1/s", 1), deny("b", path("/x")))).isEmpty();
  }

  @Test
  void connectionsAreCountedWhateverIsRefusedLater() {
    RuleConfig floods =
        new RuleConfig(
            "floods",
            MatchConfig.ALWAYS,
            new ActionConfig.Limit(
                new LimitConfig(List.of(new KeyPart.Ip()), Rate.parse("9/s")).perConnection()));
    assertThat(warnings(deny("all"), floods)).isEmpty();
    RuleConfig open = new RuleConfig("all", MatchConfig.ALWAYS, new ActionConfig.Allow());
    assertThat(warnings(open, floods)).hasSize(1);
  }

  @Test
  void aLimitThatAStricterOneKeepsFromActingIsNamed() {
    assertThat(
            warnings(
                limit("strict", MatchConfig.ALWAYS, "10/s", 10),
                limit("idle", post(), "1000/min", 20)))
        .containsExactly(
            "firewall.rules[1]: rule \"idle\" never refuses anything: rule \"strict\" before it"
                + " counts the same and refuses earlier");
    assertThat(warnings(limit("a", MatchConfig.ALWAYS, "10/s", 10), limit("b", post(), "5/s", 20)))
        .as("slower in the long run")
        .isEmpty();
    assertThat(warnings(limit("a", post(), "10/s", 10), limit("b", path("/x"), "20/s", 20)))
        .isEmpty();
  }

  @Test
  void prefixesThatOthersHoldAreNamed() {
    assertThat(warnings(deny("a", ip("10.1.0.0/16", "10.0.0.0/8", "192.0.2.1"))))
        .containsExactly("firewall.rules[0].match.ip: ip: 10.1.0.0/16 is part of 10.0.0.0/8");
    lists.put(
        "office",
        new ListConfig(
            ListType.ADDRESSES,
            new ListSource.Inline(List.of("2001:db8::/32", "2001:db8::/32", "2001:db8:1::/48"))));
    assertThat(warnings())
        .containsExactly(
            "lists.office: list \"office\": 2001:db8::/32 is there twice, and 1 more like it");
  }

  private static RuleConfig drop(String name, MatchConfig match) {
    return new RuleConfig(name, match, new ActionConfig.Drop());
  }

  private static RuleConfig redirect(String name, MatchConfig match, String to, int status) {
    return new RuleConfig(name, match, new ActionConfig.Redirect(to, status));
  }

  private static MatchConfig all(MatchConfig... parts) {
    return new MatchConfig.All(List.of(parts));
  }

  private static MatchConfig not(MatchConfig part) {
    return new MatchConfig.Not(part);
  }

  @Test
  void whatARuleDelaysIsSaidOnce() {
    assertThat(
            warnings(
                deny("admin", path("/admin/*")),
                drop("a", ip("10.0.0.0/8")),
                deny("b", ip("192.0.2.0/24")),
                drop("c", ip("198.51.100.0/24")),
                drop("d", ip("203.0.113.0/24"))))
        .containsExactly(
            "firewall.rules[1]: rule \"a\" needs no request, but acts when one has arrived,"
                + " and so do \"c\" and 1 more behind it: rule \"admin\" before it needs"
                + " the request");
  }

  @Test
  void aLimitOfRequestsDelaysWhatItCounts() {
    RuleConfig blocked = drop("blocked", ip("10.0.0.0/8"));
    assertThat(warnings(limit("all", MatchConfig.ALWAYS, "10/s", 10), blocked))
        .containsExactly(
            "firewall.rules[1]: rule \"blocked\" needs no request, but acts when one has"
                + " arrived: rule \"all\" before it counts requests");
    assertThat(warnings(limit("others", not(ip("192.0.2.0/24")), "10/s", 10), blocked)).hasSize(1);
    assertThat(warnings(limit("inner", not(ip("10.0.0.0/7")), "10/s", 10), blocked)).isEmpty();
    assertThat(warnings(limit("few", ip("192.0.2.0/24"), "10/s", 10), blocked)).isEmpty();
    assertThat(warnings(blocked, limit("all", MatchConfig.ALWAYS, "10/s", 10))).isEmpty();
  }

  @Test
  void whereNoRuleAllowsAtAcceptConnectionsAreCounted() {
    RuleConfig floods =
        new RuleConfig(
            "floods",
            MatchConfig.ALWAYS,
            new ActionConfig.Limit(
                new LimitConfig(List.of(new KeyPart.Ip()), Rate.parse("9/s")).perConnection()));
    RuleConfig open = new RuleConfig("all", MatchConfig.ALWAYS, new ActionConfig.Allow());
    assertThat(warnings(deny("admin", path("/admin/*")), open, floods)).isEmpty();
    assertThat(warnings(limit("some", ip("10.0.0.0/8"), "9/s", 9), open, floods)).isEmpty();
    MatchConfig health = new MatchConfig.Any(List.of(path("/health"), ip("10.0.0.0/8")));
    RuleConfig inner = new RuleConfig("inner", health, new ActionConfig.Allow());
    RuleConfig fromInside = new RuleConfig("inside", ip("10.0.0.0/8"), floods.action());
    assertThat(warnings(inner, fromInside)).isEmpty();
    assertThat(warnings(drop("x", ip("192.0.2.1")), open, floods)).hasSize(1);
  }

  @Test
  void aRedirectToWhatItRedirectsIsNamed() {
    assertThat(warnings(redirect("moved", path("/old/*"), "/old/new", 302)))
        .containsExactly(
            "firewall.rules[0].action: rule \"moved\" redirects to /old/new, which it redirects"
                + " again: clients go round for ever");
    assertThat(warnings(redirect("moved", path("/old/*"), "/new", 302))).isEmpty();
    assertThat(warnings(redirect("moved", all(path("/*"), not(path("/new"))), "/new#x", 302)))
        .isEmpty();
    assertThat(warnings(redirect("x", not(ip("10.0.0.0/8")), "/closed?why=ip", 307))).hasSize(1);
    assertThat(warnings(redirect("out", path("/*"), "https://other.test/", 302))).isEmpty();
    assertThat(warnings(redirect("out", path("/*"), "//other.test/", 302))).isEmpty();
    assertThat(warnings(redirect("dots", path("/old/*"), "/new/../old/%6Eew", 302))).hasSize(1);
    MatchConfig again = new MatchConfig.Query("again", List.of(new StringPattern.Present(true)));
    assertThat(warnings(redirect("once", not(again), "/x?again=1", 302))).isEmpty();
    assertThat(warnings(redirect("ever", again, "/x?again=1", 302))).hasSize(1);
  }

  @Test
  void aRedirectToWhatIs400OnMostRoutesIsNotSaidToGoOn() {
    RuleConfig moved = redirect("moved", path("/old/*"), "/old/a%2Fb", 302);
    assertThat(warnings(moved)).hasSize(1);
    paths = PathMode.STRICT;
    assertThat(warnings(moved)).isEmpty();
    assertThat(warnings(redirect("moved", path("/old/*"), "/old/a/b", 302))).hasSize(1);
  }

  @Test
  void aRedirectThatChangesTheMethodIsFollowedByGet() {
    assertThat(warnings(redirect("thanks", all(post(), path("/form")), "/form", 303))).isEmpty();
    assertThat(warnings(redirect("again", all(post(), path("/form")), "/form", 307))).hasSize(1);
  }

  @Test
  void whereAnEarlierRuleDecidesARedirectEnds() {
    RuleConfig open = new RuleConfig("open", path("/closed"), new ActionConfig.Allow());
    RuleConfig closed = redirect("closed", MatchConfig.ALWAYS, "/closed", 302);
    assertThat(warnings(open, closed)).isEmpty();
    assertThat(warnings(closed)).hasSize(1);
    RuleConfig office =
        new RuleConfig("office", all(path("/closed"), ip("10.0.0.0/8")), new ActionConfig.Allow());
    assertThat(warnings(office, closed)).as("others go round").hasSize(1);
  }

  private static MatchConfig host(String... patterns) {
    return new MatchConfig.Host(List.of(patterns).stream().map(StringPattern::ofHost).toList());
  }

  private static RuleConfig allow(String name, MatchConfig match) {
    return new RuleConfig(name, match, new ActionConfig.Allow());
  }

  @Test
  void whatBothRulesAskForHoldsWhenTheRedirectIsFollowed() {
    RuleConfig closed = redirect("closed", host("a.test"), "/closed", 302);
    assertThat(warnings(allow("open", all(host("a.test"), path("/closed"))), closed)).isEmpty();
    assertThat(warnings(allow("open", all(host("*.test"), path("/closed"))), closed)).isEmpty();
    assertThat(warnings(allow("open", all(host("b.test"), path("/closed"))), closed)).hasSize(1);
    assertThat(warnings(allow("open", all(host("a.test"), path("/else"))), closed)).hasSize(1);
    assertThat(warnings(allow("open", all(host("a.test"), post(), path("/closed"))), closed))
        .as("a redirect with 302 is followed by GET")
        .hasSize(1);
  }

  @Test
  void aRuleOnTrialRedirectsNobody() {
    RuleConfig trial =
        new RuleConfig(
            "trial", path("/old/*"), new ActionConfig.Redirect("/old/new", 302), RuleMode.REPORT);
    assertThat(warnings(trial)).isEmpty();
  }

  @Test
  void ofListsThatAreLeftOutNobodyKnowsWhomTheyHold() {
    ListConfig office =
        new ListConfig(ListType.ADDRESSES, new ListSource.Inline(List.of("10.0.0.0/8")));
    lists.put("office", office);
    lists.put("bad", office);
    MatchConfig listed = new MatchConfig.Ip(List.of(), List.of("office"));
    MatchConfig bad = new MatchConfig.Ip(List.of(), List.of("bad"));
    RuleConfig others = limit("others", not(listed), "10/s", 10);
    assertThat(warnings(others, drop("blocked", ip("10.0.0.0/8")))).isEmpty();
    assertThat(warnings(others, drop("blocked", bad))).isEmpty();
    assertThat(warnings(limit("some", not(ip("10.0.0.0/8")), "10/s", 10), drop("x", bad)))
        .isEmpty();
    assertThat(warnings(others, drop("blocked", not(listed)))).hasSize(1);
  }

  private static MatchConfig listeners(String... names) {
    return new MatchConfig.Listener(Set.of(names));
  }

  @Test
  void noRequestDelaysWhatIsAskedOnTcpListenersOnly() {
    RuleConfig admin = deny("admin", path("/admin/*"));
    tcp = Set.of("db", "mail");
    MatchConfig inside = ip("10.0.0.0/8");
    assertThat(warnings(admin, drop("x", all(listeners("db"), inside)))).isEmpty();
    assertThat(warnings(admin, drop("x", listeners("db", "mail")))).isEmpty();
    assertThat(warnings(admin, drop("x", all(listeners("db", "web"), inside)))).hasSize(1);
    assertThat(warnings(admin, drop("x", not(listeners("db"))))).hasSize(1);
  }

  private static MatchConfig inOrAgent(MatchConfig inside) {
    StringPattern bot = new StringPattern.Contains("bot");
    return new MatchConfig.Any(List.of(inside, new MatchConfig.Header("user-agent", List.of(bot))));
  }

  @Test
  void whatARuleOfRequestsCoversIsStillReachedOnTcpListeners() {
    MatchConfig inside = ip("10.0.0.0/8");
    RuleConfig web = drop("web", inOrAgent(inside));
    assertThat(warnings(web, drop("db", inside)))
        .anyMatch(warning -> warning.contains("never reached"));
    tcp = Set.of("db");
    assertThat(warnings(web, drop("db", all(listeners("db"), inside)))).isEmpty();
    assertThat(warnings(web, drop("everywhere", inside)))
        .noneMatch(warning -> warning.contains("never reached"));
    assertThat(warnings(web, drop("other", all(listeners("web"), inside))))
        .anyMatch(warning -> warning.contains("never reached"));
    assertThat(warnings(web, deny("agents", all(inside, path("/x"))))).hasSize(1);
    assertThat(warnings(drop("all", ip("10.0.0.0/7")), drop("db", inside))).hasSize(1);
  }

  @Test
  void whatAHelloTellsIsAskedOnTcpListenersThatReadIt() {
    tcp = Set.of("mail");
    MatchConfig inside = ip("10.0.0.0/8");
    MatchConfig imap = new MatchConfig.ServerName(List.of(StringPattern.ofHost("imap.test")));
    MatchConfig either = new MatchConfig.Any(List.of(inside, imap));
    assertThat(warnings(deny("a", inOrAgent(imap)), deny("b", imap))).isEmpty();
    assertThat(warnings(deny("a", either), deny("b", imap))).hasSize(1);
    assertThat(warnings(deny("a", either), deny("b", inside)))
        .as("who sends no hello, or is not asked for one")
        .isEmpty();
  }

  @Test
  void aLimitOfRequestsKeepsNoneFromActingOnTcpListeners() {
    MatchConfig inside = ip("10.0.0.0/8");
    RuleConfig strict = limit("strict", inOrAgent(inside), "10/s", 10);
    RuleConfig idle = limit("idle", inside, "20/s", 20);
    assertThat(warnings(strict, idle)).hasSize(1);
    tcp = Set.of("db");
    assertThat(warnings(strict, idle)).isEmpty();
  }

  @Test
  void amongManyRulesOnlyThoseThatNeedTheRequestAreSaidToDelay() {
    List<RuleConfig> many = new ArrayList<>();
    many.add(limit("all", MatchConfig.ALWAYS, "10/s", 10));
    for (int i = 0; i < 1000; i++) {
      many.add(drop("d" + i, ip("10.0.%d.%d/32".formatted(i / 250, i % 250))));
    }
    assertThat(warnings(many.toArray(RuleConfig[]::new))).isEmpty();
    assertThat(warnings(many.subList(0, 1000).toArray(RuleConfig[]::new))).hasSize(1);
    many.set(0, deny("admin", path("/admin/*")));
    assertThat(warnings(many.toArray(RuleConfig[]::new))).hasSize(1);
  }

  @Test
  void amongTenThousandRulesThoseThatAreNeverReachedAreNamed() {
    List<RuleConfig> many = new ArrayList<>();
    many.add(deny("shop", path("/shop-17/*")));
    many.add(deny("net", ip("10.0.1.0/24")));
    for (int i = 0; i < 10_000; i++) {
      int n = i;
      many.add(
          i % 2 == 0
              ? deny("p" + i, all(post(), path("/shop-%d/cart/*".formatted(n))))
              : deny("d" + i, ip("10.%d.%d.7/32".formatted(n / 250, n % 250))));
    }
    many.add(deny("late", path("/shop-17/a/*")));
    assertThat(warnings(many.toArray(RuleConfig[]::new)))
        .hasSize(2)
        .anyMatch(warning -> warning.contains("\"d1\" is never reached: rule \"net\""))
        .anyMatch(warning -> warning.contains("\"late\" is never reached: rule \"shop\""));
  }

  @Test
  void whereTooManyWouldHaveToBeComparedNothingIsSaid() {
    List<RuleConfig> many = new ArrayList<>();
    for (int i = 0; i < 6000; i++) {
      StringPattern bot = new StringPattern.Contains("bot" + i + ".");
      many.add(deny("b" + i, new MatchConfig.Header("user-agent", List.of(bot))));
    }
    assertThat(warnings(many.toArray(RuleConfig[]::new))).isEmpty();
  }

  @Test
  void noMatchCoversAnotherOneOfAnotherShape() {
    long seed = Luck.seed();
    int covered = 0;
    int apart = 0;
    for (int round = 0; round < 100; round++) {
      List<RuleConfig> rules =
          new RandomRules(new SplittableRandom(seed + round)).config(60).rules();
      for (RuleConfig wide : rules) {
        for (RuleConfig narrow : rules) {
          boolean mayCover =
              MatchShape.mayCover(
                  MatchShape.needs(wide.match()), MatchShape.offers(narrow.match()));
          boolean covers = MatchCover.covers(wide.match(), narrow.match());
          assertThat(mayCover || !covers)
              .as("seed %d, round %d: %s covers %s", seed, round, wide, narrow)
              .isTrue();
          covered += covers && wide != narrow ? 1 : 0;
          apart += mayCover ? 0 : 1;
        }
      }
    }
    assertThat(covered).as("seed %d", seed).isPositive();
    assertThat(apart).as("seed %d", seed).isPositive();
  }
}
