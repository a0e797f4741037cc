package io.weir.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.weir.firewall.problem.FirewallProblem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FirewallCompilerTest {
  private static final ActionConfig ALLOW = new ActionConfig.Allow();
  private static final ActionConfig DENY = new ActionConfig.Deny(403);
  private static final ActionConfig DROP = new ActionConfig.Drop();

  private final Map<String, ListConfig> lists = new LinkedHashMap<>();

  private Compilation compile(RuleConfig... rules) {
    FirewallConfig config =
        new FirewallConfig(new DefaultAction.Allow(), PathMode.COMPATIBLE, List.of(rules), lists);
    return FirewallCompiler.compile(config, Set.of("web"), null, new SplittableRandom(1));
  }

  private List<FirewallProblem> problems(RuleConfig... rules) {
    return ((Compilation.Rejected) compile(rules)).problems();
  }

  private List<String> warnings(RuleConfig... rules) {
    return ((Compilation.Compiled) compile(rules))
        .warnings().stream().map(w -> w.path() + ": " + w.message()).toList();
  }

  private static RuleConfig deny(String name, MatchConfig match) {
    return new RuleConfig(name, match, DENY);
  }

  private static MatchConfig path(StringPattern pattern) {
    return new MatchConfig.Path(List.of(pattern));
  }

  private static MatchConfig inLists(String... names) {
    return new MatchConfig.Ip(List.of(), List.of(names));
  }

  private static ListConfig file(ListType type, String content) {
    return new ListConfig(
        type, new ListSource.Lines("lists/x.txt", content.getBytes(StandardCharsets.UTF_8)));
  }

  private static MatchConfig ja4(String text) {
    return new MatchConfig.Ja4(List.of(StringPattern.ofText(text)));
  }

  private boolean readsJa4(RuleConfig... rules) {
    return ((Compilation.Compiled) compile(rules)).firewall().readsJa4(0);
  }

  @Test
  void fingerprintsAreAskedForByMatchesAndKeysOnly() {
    MatchConfig chrome = ja4("t13d1516h2_8daaf6152771_e5627efa2ab1");
    assertThat(readsJa4()).isFalse();
    assertThat(readsJa4(deny("tls", new MatchConfig.TlsVersion(Set.of("1.2"))))).isFalse();
    assertThat(readsJa4(deny("direct", chrome))).isTrue();
    lists.put("office", new ListConfig(ListType.ADDRESSES, new ListSource.Inline(List.of())));
    MatchConfig deep = new MatchConfig.Any(List.of(inLists("office"), new MatchConfig.Not(chrome)));
    assertThat(readsJa4(deny("deep", deep))).isTrue();
    List<KeyPart> key = List.of(new KeyPart.Ip(), new KeyPart.Ja4());
    LimitConfig limit = new LimitConfig(key, Rate.parse("1/s"));
    assertThat(readsJa4(new RuleConfig("a", MatchConfig.ALWAYS, new ActionConfig.Limit(limit))))
        .isTrue();
    assertThat(
            readsJa4(new RuleConfig("a", MatchConfig.ALWAYS, new ActionConfig.Concurrency(key, 5))))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cd08e31494f9531f560d64c695473da9", // JA3
        "T13D1516H2_8DAAF6152771_E5627EFA2AB1",
        "t13d1516h2_8daaf6152771",
        "ge11cn0200_7e33b58890ac"
      })
  void whatIsNoFingerprintIsNone(String text) {
    assertThatThrownBy(() -> ja4(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("ja4: \"" + text + "\" (expected: a fingerprint like t13d");
    assertThat(ja4(text + "*")).isNotNull(); // the beginning of one, as far as anybody knows
  }

  @Test
  void anEarlierRuleForMoreFingerprintsIsNamed() {
    assertThat(
            warnings(
                deny("all-chromes", ja4("t13d1516h2_*")),
                deny("one", ja4("t13d1516h2_8daaf6152771_e5627efa2ab1"))))
        .hasSize(1)
        .first()
        .asString()
        .contains("all-chromes");
  }

  @Test
  void everythingWrongIsReportedAtOnce() {
    lists.put(
        "office", new ListConfig(ListType.ADDRESSES, new ListSource.Inline(List.of("10.0.0.1/8"))));
    lists.put("agents", file(ListType.TEXT, "bot\n"));
    List<FirewallProblem> problems =
        problems(
            deny("a", inLists("ofice")),
            deny("a", new MatchConfig.Not(inLists("agents"))),
            deny(
                "c",
                new MatchConfig.Any(
                    List.of(
                        path(new StringPattern.Regex("a(")),
                        new MatchConfig.Header(
                            "X-Y",
                            List.of(
                                new StringPattern.Exact("1"),
                                new StringPattern.InList("office")))))),
            deny("d", new MatchConfig.Listener(Set.of("wbe"))),
            new RuleConfig(
                "e",
                MatchConfig.ALWAYS,
                new ActionConfig.Limit(new LimitConfig(List.of(), Rate.parse("1/s")))));
    assertThat(problems)
        .extracting(FirewallProblem::path)
        .containsExactlyInAnyOrder(
            "lists.office[0]",
            "firewall.rules[0].match.ip",
            "firewall.rules[1].match.not.ip",
            "firewall.rules[2].match.any[0].path",
            "firewall.rules[2].match.any[1].header.x-y[1]",
            "firewall.rules[3].match.listener",
            "firewall.rules[4].action.limit.key",
            "firewall.rules[1].name");
    assertThat(problems)
        .extracting(FirewallProblem::hint)
        .contains("did you mean \"office\"?", "did you mean \"web\"?");
    assertThat(problems).anyMatch(p -> p.message().contains("expected: 10.0.0.0/8"));
    assertThat(problems).anyMatch(p -> p.message().contains("holds text"));
  }

  @ParameterizedTest
  @CsvSource({
    "a(?=b), look-around",
    "a(?!b), look-around",
    "(?<=a)b, look-around",
    "(?<!a)b, look-around",
    "(a)\\1, back-reference",
    "a(, missing",
    "[z-a], invalid",
  })
  void expressionsWithoutLinearTimeAreRefusedWithTheReason(String regex, String reason) {
    assertThat(problems(deny("r", path(new StringPattern.Regex(regex)))))
        .singleElement()
        .matches(p -> p.message().contains(reason), reason);
  }

  @Test
  void theSameMistakeInTwoRulesIsReportedForBoth() {
    MatchConfig wrong = path(new StringPattern.Regex("a("));
    assertThat(problems(deny("a", wrong), deny("b", wrong))).hasSize(2);
  }

  @Test
  void entriesOfFilesAreReportedByLine() {
    lists.put(
        "blocked",
        file(
            ListType.ADDRESSES,
            "\ufeff# head\r\n\r\n10.0.0.0/8 # ours\r\n10.0.0.1/24\n  192.0.2.1  \nnonsense"));
    assertThat(problems())
        .extracting(p -> p.path() + " " + p.message().replaceAll(": .*", ""))
        .containsExactly("lists.blocked lists/x.txt:4", "lists.blocked lists/x.txt:6");
  }

  @Test
  void aWholeFileOfNonsenseIsNotReportedLineByLine() {
    lists.put("blocked", file(ListType.ADDRESSES, "x\n".repeat(1000)));
    assertThat(problems()).hasSize(21).last().matches(p -> p.message().contains("980 more"));
  }

  private void holds(ListType type, String content, int... entries) {
    lists.put("large", file(type, content));
    if (entries.length == 0) {
      assertThat(problems()).hasSize(1);
    } else {
      Firewall firewall = ((Compilation.Compiled) compile()).firewall();
      assertThat(firewall.listEntries()).isEqualTo(Map.of("large", entries[0]));
    }
  }

  @Test
  void aListHoldsNoMoreThanThereIsRoomFor() {
    holds(ListType.TEXT, "ab\n".repeat(500_000), 500_000);
    holds(ListType.TEXT, "ab\n".repeat(500_010));
    assertThat(problems().getFirst().message())
        .isEqualTo("lists/x.txt:500001: more than 500,000 entries");
    String kilobyte = "x".repeat(1 << 10) + " \n# of these\n";
    holds(ListType.TEXT, kilobyte.repeat(8 << 10), 8 << 10);
    holds(ListType.TEXT, kilobyte.repeat(8 << 10) + "\ny\nz\n");
    assertThat(problems().getFirst().message())
        .isEqualTo("lists/x.txt:16386: more than 8,388,608 characters of text");
    holds(ListType.ADDRESSES, "1.1.1.1\n".repeat(4_000_000), 4_000_000);
    holds(ListType.ADDRESSES, "1.1.1.1\n".repeat(4_000_001));
    holds(ListType.ADDRESSES, "::1\n".repeat(1_333_333), 1_333_333);
    holds(ListType.ADDRESSES, "::1\n".repeat(1_333_334));
    lists.put(
        "large",
        new ListConfig(ListType.TEXT, new ListSource.Inline(Collections.nCopies(500_001, "word"))));
    assertThat(problems())
        .singleElement()
        .matches(p -> p.path().equals("lists.large[500000]"))
        .matches(p -> p.message().equals("more than 500,000 entries"));
  }

  @Test
  void aFewLongTextsAreLookedForLikeManyShortOnes() {
    String long1 = "a".repeat(40_000) + "x";
    String long2 = "b".repeat(40_000) + "y";
    lists.put("long", file(ListType.TEXT, long1 + "\n" + long2 + "\n"));
    for (StringPattern pattern :
        List.of(new StringPattern.InList("long"), new StringPattern.ContainsAny("long"))) {
      MatchConfig match = new MatchConfig.Header("cookie", List.of(pattern));
      Firewall firewall = ((Compilation.Compiled) compile(deny("r", match))).firewall();
      RuleHits hits = firewall.newHits();
      TestRequest request = TestRequest.get("10.0.0.1", "/").with("cookie", long2);
      assertThat(firewall.checkRequest(request, hits, 0).decision()).isEqualTo(Decision.DENY);
      TestRequest other = TestRequest.get("10.0.0.1", "/").with("cookie", long2.substring(1));
      assertThat(firewall.checkRequest(other, hits, 0).decision()).isEqualTo(Decision.ALLOW);
    }
  }

  @Test
  void aFileThatIsNotTextIsSaidToBe() {
    lists.put(
        "blocked",
        new ListConfig(
            ListType.TEXT, new ListSource.Lines("lists/x.txt", new byte[] {'a', (byte) 0xff})));
    assertThat(problems()).singleElement().matches(p -> p.message().contains("UTF-8"));
  }

  @Test
  void entriesOfListsAreCounted() {
    lists.put("one", file(ListType.ADDRESSES, "10.0.0.0/8\n# none\n192.0.2.1\n"));
    lists.put("two", new ListConfig(ListType.TEXT, new ListSource.Inline(List.of("a"))));
    Firewall firewall = ((Compilation.Compiled) compile()).firewall();
    assertThat(firewall.listEntries()).isEqualTo(Map.of("one", 2, "two", 1));
  }

  @Test
  void commentsAreNotPartOfEntries() {
    lists.put("agents", file(ListType.TEXT, "# all\nbad bot # note\nc#\n"));
    MatchConfig match =
        new MatchConfig.Header("user-agent", List.of(new StringPattern.InList("agents")));
    Firewall firewall = ((Compilation.Compiled) compile(deny("r", match))).firewall();
    RuleHits hits = firewall.newHits();
    for (String agent : List.of("bad bot", "c#")) {
      TestRequest request = TestRequest.get("10.0.0.1", "/").with("user-agent", agent);
      assertThat(firewall.checkRequest(request, hits, 0).decision()).isEqualTo(Decision.DENY);
    }
  }

  @Test
  void rulesThatAreNeverReachedAreNamed() {
    MatchConfig admin = path(StringPattern.ofPath("/admin/*"));
    assertThat(warnings(deny("a", admin), new RuleConfig("b", admin, ALLOW)))
        .singleElement()
        .asString()
        .startsWith("firewall.rules[1]: rule \"b\" is never reached");
    assertThat(
            warnings(
                deny("all", MatchConfig.ALWAYS), deny("b", admin), deny("c", MatchConfig.ALWAYS)))
        .hasSize(2);
    assertThat(warnings(new RuleConfig("a", admin, DENY, RuleMode.REPORT), deny("b", admin)))
        .isEmpty();
    assertThat(warnings(new RuleConfig("a", admin, ALLOW), deny("b", admin)))
        .as("a second reading of the path may be refused")
        .isEmpty();
    assertThat(warnings(new RuleConfig("a", admin, new ActionConfig.Log()), deny("b", admin)))
        .isEmpty();
  }

  @Test
  void addressRulesThatHaveToWaitAreNamed() {
    MatchConfig address = new MatchConfig.Ip(List.of(Cidr.parse("10.0.0.0/8")), List.of());
    MatchConfig admin = path(StringPattern.ofPath("/admin/*"));
    assertThat(warnings(deny("a", admin), new RuleConfig("b", address, DROP)))
        .singleElement()
        .asString()
        .contains("rule \"b\" needs no request");
    assertThat(warnings(new RuleConfig("b", address, DROP), deny("a", admin))).isEmpty();
    assertThat(warnings(deny("a", admin), deny("b", address))).as("answers requests").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"100/s, 100, 1", "5/min, 5, 60", "1000/h, 1000, 3600", "7 / d, 7, 86400"})
  void ratesAreReadAsPeopleWriteThem(String text, long count, long seconds) {
    assertThat(Rate.parse(text)).isEqualTo(new Rate(count, Duration.ofSeconds(seconds)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"100", "fast", "0/s", "-1/s", "1/week", "1.5/s", "1/", "/s", "10/ms"})
  void otherRatesAreRefused(String text) {
    assertThatThrownBy(() -> Rate.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("rate: ")
        .hasMessageContaining("expected: ");
  }

  @Test
  void shorthandsOfPatterns() {
    assertThat(StringPattern.ofPath("/admin/*")).isEqualTo(new StringPattern.Below("/admin"));
    assertThat(StringPattern.ofPath("/*")).isEqualTo(new StringPattern.Below(""));
    assertThat(StringPattern.ofPath("/admin*")).isEqualTo(new StringPattern.Prefix("/admin"));
    assertThat(StringPattern.ofPath("/admin")).isEqualTo(new StringPattern.Exact("/admin"));
    assertThat(StringPattern.ofText("curl/*")).isEqualTo(new StringPattern.Prefix("curl/"));
    assertThat(StringPattern.ofHost("*.Foobar.com"))
        .isEqualTo(new StringPattern.Suffix(".foobar.com"));
    assertThat(StringPattern.ofHost("Foobar.com")).isEqualTo(new StringPattern.Exact("foobar.com"));
  }
}
