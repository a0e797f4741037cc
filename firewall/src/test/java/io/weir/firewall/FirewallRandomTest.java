package io.weir.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.NaiveFirewall.Result;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.FirewallConfig;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.LimitConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.testing.Luck;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Compares the compiled rules with the naive ones on random rules and requests: 100,000 pairs, and
 * with {@code -Drounds=10000} five million. {@code ./test fuzz} takes 20 rounds for each of its
 * seconds.
 */
class FirewallRandomTest {
  private static final int ROUNDS = Integer.getInteger("rounds", 200);
  private static final int REQUESTS = 500; // of each set of rules
  private static final Set<String> LISTENERS = new LinkedHashSet<>(RandomRules.LISTENERS);

  private static Firewall compile(FirewallConfig config) {
    Compilation compilation =
        FirewallCompiler.compile(config, LISTENERS, null, new SplittableRandom(1));
    assertThat(compilation).isInstanceOf(Compilation.Compiled.class);
    return ((Compilation.Compiled) compilation).firewall();
  }

  private static Result result(Verdict verdict, RuleHits hits) {
    List<Integer> matched = new ArrayList<>();
    for (int i = 0; i < hits.matchedCount(); i++) {
      matched.add(hits.matched(i));
    }
    List<Integer> passed = new ArrayList<>();
    for (int i = 0; i < hits.passedCount(); i++) {
      passed.add(hits.passed(i));
    }
    return new Result(
        verdict.decision(),
        verdict instanceof Refusal refusal ? refusal.status() : 0,
        verdict.rule() == null ? -1 : verdict.rule().index(),
        matched,
        passed,
        hits.retryAfterSeconds());
  }

  private static List<Integer> rulesOf(Explanation explained, Explanation.Outcome outcome) {
    return explained.steps().stream()
        .filter(step -> step.outcome() == outcome)
        .map(step -> step.rule().index())
        .toList();
  }

  /** What both want to know of a request. */
  private record Pair(NaiveFirewall.Pending naive, FollowUp compiled) {}

  /** Some requests are answered, some end. */
  private static void goOn(
      List<Pair> underWay, NaiveFirewall naive, SplittableRandom random, long now) {
    for (int i = underWay.size() - 1; i >= 0; i--) {
      Pair request = underWay.get(i);
      assertThat(request.compiled == null)
          .isEqualTo(
              request.naive.awaiting().isEmpty()
                  && request.naive.entered().isEmpty()
                  && request.naive.paced().isEmpty());
      if (random.nextBoolean()) {
        continue;
      }
      underWay.remove(i);
      if (request.compiled == null) {
        continue;
      }
      if (random.nextInt(4) > 0) {
        int status = new int[] {200, 401, 404, 500, 503}[random.nextInt(5)];
        naive.answered(request.naive, status, now);
        request.compiled.onResponse(status, now);
        int bytes = random.nextInt(2 << 20);
        Pacing pacing = request.compiled.pacing();
        assertThat(pacing == null ? 0 : pacing.onSent(bytes, now))
            .isEqualTo(naive.sent(request.naive, bytes, now));
        List<Integer> held = new ArrayList<>();
        for (int rule = next(pacing); rule >= 0; rule = next(pacing)) {
          held.add(rule);
        }
        assertThat(held).isEqualTo(naive.held());
      }
      naive.ended(request.naive);
      request.compiled.onEnd();
    }
  }

  /** Mostly soon, now and then at another time of the day. */
  private static long later(SplittableRandom random, int millis) {
    return random.nextInt(20) == 0 ? random.nextLong(100_000_000) : millis;
  }

  private static int next(Pacing pacing) {
    return pacing == null ? -1 : pacing.nextHeld();
  }

  /** How many of something at random. */
  @FunctionalInterface
  private interface Count {
    int of(SplittableRandom random);
  }

  @Test
  void judgesEveryRequestAsTheRulesSay() {
    Count few = random -> random.nextInt(1, random.nextInt(12) == 0 ? 300 : 12);
    judges(ROUNDS, REQUESTS, few);
  }

  @Test
  void judgesByThousandsOfRulesAsByFew() {
    judges(Math.max(ROUNDS / 20, 1), 40, random -> 2000);
  }

  private static void judges(int rounds, int requests, Count count) {
    long seed = Luck.seed();
    int[] decisions = new int[Decision.values().length];
    int[] modes = new int[PathMode.values().length];
    for (int round = 0; round < rounds; round++) {
      SplittableRandom random = new SplittableRandom(seed + round);
      RandomRules rules = new RandomRules(random);
      modes[rules.mode().ordinal()]++;
      FirewallConfig config = rules.config(count.of(random));
      Firewall firewall = compile(config);
      NaiveFirewall naive = new NaiveFirewall(config, RandomRules.LISTENERS);
      RuleHits hits = firewall.newHits();
      RuleHits asker = firewall.newHits();
      long now = random.nextLong() >> 2;
      long wall = random.nextLong(4_000_000_000_000L);
      List<Pair> underWay = new ArrayList<>();
      for (int i = 0; i < requests; i++) {
        long step = random.nextLong(100_000_000);
        now += step;
        wall += random.nextInt(20) == 0 ? random.nextLong(100_000_000) : step / 1_000_000;
        TestRequest request = rules.request().at(wall);
        Explanation explained = firewall.explain(request, Set.of(), asker, now);
        leavesOpenWhatDependsOnIt(firewall, request, explained, asker, now, seed + round);
        Result expected = naive.checkRequest(request, now);
        boolean readsJa4 = firewall.readsJa4(request.listener());
        TestRequest told = readsJa4 ? request : request.withoutJa4();
        Result result = result(firewall.checkRequest(told, hits, now), hits);
        assertThat(
                new Result(
                    explained.decision(),
                    explained.status(),
                    explained.rule() == null ? -1 : explained.rule().index(),
                    rulesOf(explained, Explanation.Outcome.MATCHED),
                    rulesOf(explained, Explanation.Outcome.PASSED),
                    expected.retryAfter()))
            .as("-Dseed=%d -Drounds=1, request %d is explained as it is judged", seed + round, i)
            .isEqualTo(expected);
        if (!result.equals(expected)) {
          assertThat(result)
              .as("-Dseed=%d -Drounds=1, request %d: %s%n%s", seed + round, i, request, config)
              .isEqualTo(expected);
        }
        decisions[result.decision().ordinal()]++;
        underWay.add(new Pair(naive.pending(), hits.followUp()));
        goOn(underWay, naive, random, now);
      }
    }
    if (rounds >= 200) {
      assertThat(decisions).as("seed %d: every decision occurs", seed).doesNotContain(0);
      assertThat(modes).as("seed %d: every mode of paths occurs", seed).doesNotContain(0);
    }
    System.out.printf("%,d requests judged as by naive rules, seed %d%n", rounds * requests, seed);
  }

  private static final Set<String> OF_TLS =
      Set.of("tls.version", "tls.sni", "tls.client_subject", "tls.ja4");

  /** What is said of a rule while nobody knows of TLS is what is said when somebody does. */
  private static void leavesOpenWhatDependsOnIt(
      Firewall firewall,
      TestRequest request,
      Explanation known,
      RuleHits asker,
      long now,
      long seed) {
    TestRequest bare = request.over(TestRequest.Tls.NONE, request.protocol());
    Explanation open = firewall.explain(bare, OF_TLS, asker, now);
    List<Explanation.Step> steps = open.steps();
    assertThat(steps).hasSizeGreaterThanOrEqualTo(known.steps().size());
    for (int i = 0; i < known.steps().size(); i++) {
      Explanation.Step step = steps.get(i);
      if (step.outcome() == Explanation.Outcome.UNDECIDED) {
        assertThat(step.unknown()).as("-Dseed=%d -Drounds=1", seed).isNotEmpty();
      } else {
        assertThat(step.outcome())
            .as("-Dseed=%d -Drounds=1, rule %d: %s", seed, i, request)
            .isEqualTo(known.steps().get(i).outcome());
      }
    }
  }

  @Test
  void whatIsDecidedAtAcceptIsWhatAllTheRulesWouldDecide() {
    long seed = Luck.seed();
    int dropped = 0;
    for (int round = 0; round < 4 * ROUNDS; round++) {
      SplittableRandom random = new SplittableRandom(seed + round);
      RandomRules rules = new RandomRules(random);
      FirewallConfig config = rules.config(random.nextInt(1, 11));
      Firewall firewall = compile(config);
      RuleHits hits = firewall.newHits();
      NaiveFirewall naive = new NaiveFirewall(config, RandomRules.LISTENERS);
      long wall = random.nextLong(4_000_000_000_000L);
      for (int i = 0; i < 20; i++) {
        long now = 50_000_000L * i;
        wall += later(random, 50);
        TestRequest request = rules.request().at(wall);
        Refusal refusal =
            firewall.checkConnection(request.client(), request.listener(), hits, now, wall);
        assertThat(refusal == null ? null : refusal.decision())
            .as("-Dseed=%d, %d: %s%n%s", seed + round, i, request, config)
            .isEqualTo(naive.checkConnection(request, now));
        if (refusal == null || refusal.rule() == null || refusal.decision() == Decision.LIMIT) {
          continue;
        }
        dropped++;
        Result whole = new NaiveFirewall(config, RandomRules.LISTENERS).checkRequest(request, now);
        assertThat(whole.decision()).as("-Dseed=%d", seed + round).isEqualTo(refusal.decision());
        assertThat(refusal.rule().index()).as("-Dseed=%d", seed + round).isEqualTo(whole.rule());
      }
    }
    assertThat(dropped).as("seed %d", seed).isGreaterThan(10);
  }

  @Test
  void whereAMatchCoversAnotherItHoldsWheneverThatDoes() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    RandomRules rules = new RandomRules(random);
    int covered = 0;
    for (int round = 0; round < 200 * ROUNDS; round++) {
      FirewallConfig config = rules.config(2);
      MatchConfig wide = StatusSplit.of(config.rules().get(0).match()).rest();
      MatchConfig narrow = StatusSplit.of(config.rules().get(1).match()).rest();
      if (wide.equals(narrow)
          || wide.equals(MatchConfig.ALWAYS)
          || !MatchCover.covers(wide, narrow)) {
        continue;
      }
      covered++;
      NaiveFirewall naive = new NaiveFirewall(config, RandomRules.LISTENERS);
      for (int i = 0; i < 40; i++) {
        TestRequest request = rules.request().at(random.nextLong(4_000_000_000_000L));
        String path = request.target().path();
        assertThat(naive.matches(wide, request, path) || !naive.matches(narrow, request, path))
            .as("seed %d: %s covers %s, %s", seed, wide, narrow, request)
            .isTrue();
      }
    }
    assertThat(covered).as("seed %d", seed).isGreaterThan(20);
  }

  @Test
  void tcpConnectionsMeetTheRulesThatNameNoRequest() {
    long seed = Luck.seed();
    for (int round = 0; round < ROUNDS; round++) {
      SplittableRandom random = new SplittableRandom(seed + round);
      RandomRules rules = new RandomRules(random);
      FirewallConfig config = rules.config(random.nextInt(1, 12));
      List<RuleConfig> applying =
          config.rules().stream()
              .filter(rule -> !NaiveFirewall.namesRequest(rule.match()))
              .filter(rule ->
                  switch (rule.action()) {
                    case ActionConfig.Bandwidth ignored -> false;
                    case ActionConfig.Limit(var limit) -> countsAddresses(limit.key());
                    case ActionConfig.Concurrency(var key, int atMost) -> countsAddresses(key);
                    default -> true;
                  })
              .toList();
      NaiveFirewall naive =
          new NaiveFirewall(
              new FirewallConfig(
                  config.defaultAction(), config.pathMode(), applying, config.lists()),
              RandomRules.LISTENERS);
      Firewall firewall = compile(config);
      RuleHits hits = firewall.newHits();
      long wall = random.nextLong(4_000_000_000_000L);
      List<Pair> underWay = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        wall += later(random, 1);
        TestRequest request = rules.request().at(wall);
        Verdict verdict =
            firewall.checkTcpConnection(request.client(), request.listener(), hits, i, wall);
        Result expected = naive.checkTcp(request, i);
        String decided = expected.rule() < 0 ? null : applying.get(expected.rule()).name();
        assertThat(verdict.decision()).as("-Dseed=%d", seed + round).isEqualTo(expected.decision());
        assertThat(verdict.rule() == null ? null : verdict.rule().name())
            .as("-Dseed=%d", seed + round)
            .isEqualTo(decided);
        underWay.add(new Pair(naive.pending(), hits.followUp()));
        goOn(underWay, naive, random, i);
      }
    }
  }

  private static boolean countsAddresses(List<KeyPart> key) {
    return key.stream().allMatch(part -> part instanceof KeyPart.Ip);
  }

  private static TlsHello withoutJa4(TlsHello hello) {
    return new TlsHello(
        hello.client(), hello.listener(), hello.serverName(), null, hello.epochMillis());
  }

  private static boolean isWaiting(Result beforeHello) {
    return beforeHello.rule() < 0 && beforeHello.decision() != Decision.BAN;
  }

  /** The numbers of rules among others. */
  private static List<Integer> places(List<Integer> of, List<RuleConfig> some, FirewallConfig all) {
    return of.stream().map(index -> all.rules().indexOf(some.get(index))).toList();
  }

  /** A connection that is under way, for those who count such. */
  private static final class Relayed {
    private final List<Runnable> ends = new ArrayList<>();

    void under(NaiveFirewall naive, FollowUp compiled) {
      NaiveFirewall.Pending pending = naive.pending();
      ends.add(() -> naive.ended(pending));
      if (compiled != null) {
        assertThat(pending.entered()).isNotEmpty();
        ends.add(compiled::onEnd);
      }
    }

    void ended() {
      ends.forEach(Runnable::run);
    }
  }

  @Test
  void tcpConnectionsMeetTheRulesThatAHelloSufficesForInTheirOrder() {
    long seed = Luck.seed();
    int[] decidedAt = new int[2];
    for (int round = 0; round < 4 * ROUNDS; round++) {
      SplittableRandom random = new SplittableRandom(seed + round);
      RandomRules rules = new RandomRules(random).ofHellos();
      FirewallConfig config = rules.config(random.nextInt(1, 12));
      List<RuleConfig> applying =
          config.rules().stream().filter(NaiveFirewall::isToldByHello).toList();
      FirewallConfig told =
          new FirewallConfig(config.defaultAction(), config.pathMode(), applying, config.lists());
      boolean anyAsks = applying.stream().anyMatch(NaiveFirewall::asksHello);
      boolean inOrder = // rules that count connections are asked first
          applying.stream()
              .noneMatch(rule ->
                  rule.action() instanceof ActionConfig.Limit(var limit)
                      && limit.per() == LimitConfig.Per.CONNECTION);
      NaiveFirewall naive = new NaiveFirewall(told, RandomRules.LISTENERS).readingHellos();
      NaiveFirewall atOnce = new NaiveFirewall(told, RandomRules.LISTENERS).readingHellos();
      Firewall firewall = compile(config);
      RuleHits hits = firewall.newHits();
      RuleHits asker = firewall.newHits();
      long wall = random.nextLong(4_000_000_000_000L);
      List<Relayed> relayed = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        long now = 30_000_000L * i;
        wall += later(random, 30);
        TestRequest request = rules.request().at(wall);
        String what =
            "-Dseed=%d, %d: %s %s%n%s".formatted(seed + round, i, request, request.tls(), told);
        TlsHello hello =
            new TlsHello(
                request.client(), request.listener(), request.serverName(), request.ja4(), wall);
        Explanation explained = firewall.explain(hello, true, Set.of(), asker, now);
        Verdict verdict =
            firewall.checkBeforeHello(request.client(), request.listener(), hits, now, wall);
        Result expected = naive.checkBeforeHello(request, now);
        Relayed connection = new Relayed();
        connection.under(naive, hits.followUp());
        assertThat(verdict == null).as(what).isEqualTo(anyAsks && isWaiting(expected));
        int stage = 0;
        if (verdict == null) {
          Result counted = result(new Permit(null), hits);
          assertThat(counted.matched())
              .as(what)
              .isEqualTo(places(expected.matched(), applying, config));
          assertThat(counted.passed())
              .as(what)
              .isEqualTo(places(expected.passed(), applying, config));
          boolean readsJa4 = firewall.readsJa4OfHellos(hello.listener());
          verdict = firewall.checkHello(readsJa4 ? hello : withoutJa4(hello), hits, now);
          expected = naive.checkHello(request, now);
          connection.under(naive, hits.followUp());
          stage = 1;
        }
        Result judged = result(verdict, hits);
        assertThat(judged.matched())
            .as(what)
            .isEqualTo(places(expected.matched(), applying, config));
        assertThat(judged.passed()).as(what).isEqualTo(places(expected.passed(), applying, config));
        assertThat(judged.decision()).as(what).isEqualTo(expected.decision());
        assertThat(judged.rule())
            .as(what)
            .isEqualTo(
                expected.rule() < 0
                    ? -1
                    : places(List.of(expected.rule()), applying, config).getFirst());
        assertThat(explained.decision()).as(what).isEqualTo(verdict.decision());
        assertThat(explained.rule()).as(what).isEqualTo(verdict.rule());
        if (inOrder) {
          Result whole = atOnce.checkTcp(request, now);
          connection.under(atOnce, null);
          assertThat(expected.decision()).as(what).isEqualTo(whole.decision());
          assertThat(expected.rule()).as(what).isEqualTo(whole.rule());
        }
        decidedAt[stage] += judged.rule() >= 0 ? 1 : 0;
        relayed.add(connection);
        if (random.nextBoolean()) {
          relayed.remove(random.nextInt(relayed.size())).ended();
        }
      }
    }
    assertThat(Math.min(decidedAt[0], decidedAt[1]))
        .as("seed %d: rules decide at both times", seed)
        .isGreaterThan(ROUNDS);
  }
}
