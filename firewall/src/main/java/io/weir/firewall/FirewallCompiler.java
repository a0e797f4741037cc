package io.weir.firewall;

import io.weir.firewall.ban.BanTable;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.BanAfter;
import io.weir.firewall.config.FirewallConfig;
import io.weir.firewall.config.LimitConfig;
import io.weir.firewall.config.Rate;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.StatusRange;
import io.weir.firewall.limit.Bandwidth;
import io.weir.firewall.limit.Concurrency;
import io.weir.firewall.limit.Limiter;
import io.weir.firewall.limit.Strikes;
import io.weir.firewall.list.CompiledLists;
import io.weir.firewall.problem.Problems;
import io.weir.firewall.share.Sharing;
import io.weir.firewall.text.PatternCompiler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Turns what the user meant into what workers ask, or says everything that is wrong with it. */
public final class FirewallCompiler {
  /*
   * How many keys the limits count apart: 2 MiB a rule, and with many rules less each, so that all
   * together stay near 64 MiB. A limiter that is taken over keeps its size.
   */
  private static final int ENTRIES = 1 << 17;
  private static final int ALL_ENTRIES = 1 << 22;
  private static final int FEWEST_ENTRIES = 1 << 8;

  /*
   * The same of requests under way: 512 KiB a rule, and all together near 8 MiB. No fewer than the
   * last, since a table that is full refuses.
   */
  private static final int KEYS_UNDER_WAY = 1 << 16;
  private static final int ALL_KEYS_UNDER_WAY = 1 << 20;
  private static final int FEWEST_KEYS_UNDER_WAY = 1 << 12;

  private static final int TOO_MANY_REQUESTS = 429;

  private final FirewallConfig config;
  private final @Nullable Firewall previous;
  private final FirewallState state;
  private final RandomGenerator random;
  private final Problems problems = new Problems();
  private final CompiledLists lists;
  private final MatchCompiler matches;
  private final Map<String, CompiledRule> counting = new HashMap<>(); // before, by name
  private final int listenerCount;
  private final int entries;
  private final int keysUnderWay;

  private FirewallCompiler(
      FirewallConfig config,
      List<String> listeners,
      @Nullable Firewall previous,
      FirewallState state,
      RandomGenerator random) {
    this.config = config;
    this.previous = previous;
    this.state = state;
    this.random = random;
    listenerCount = listeners.size();
    lists = new CompiledLists(config.lists(), problems);
    PatternCompiler patterns = new PatternCompiler(lists, config.pathMode(), problems);
    matches = new MatchCompiler(lists, patterns, listeners, problems);
    if (previous != null) {
      previous.compiled().stream()
          .filter(CompiledRule::counts)
          .forEach(rule -> counting.put(rule.info().name(), rule));
    }
    long limits =
        config.rules().stream()
            .filter(r ->
                r.action() instanceof ActionConfig.Limit
                    || r.action() instanceof ActionConfig.Bandwidth)
            .count();
    entries = Math.clamp(ALL_ENTRIES / Math.max(1, limits), FEWEST_ENTRIES, ENTRIES);
    long concurrencies =
        config.rules().stream().filter(r -> r.action() instanceof ActionConfig.Concurrency).count();
    keysUnderWay =
        Math.clamp(
            ALL_KEYS_UNDER_WAY / Math.max(1, concurrencies), FEWEST_KEYS_UNDER_WAY, KEYS_UNDER_WAY);
  }

  /**
   * Compiles.
   *
   * @param listenerNames in the order in which {@link RequestView#listener} numbers them
   * @param previous whose limits are taken over where rule name and key are the same
   * @param random for the secret keys of hashes; must not be predictable
   */
  public static Compilation compile(
      FirewallConfig config,
      Set<String> listenerNames,
      @Nullable Firewall previous,
      RandomGenerator random) {
    return compile(config, listenerNames, previous, FirewallState.empty(random), random);
  }

  /**
   * Compiles.
   *
   * @param state the same for all generations
   */
  public static Compilation compile(
      FirewallConfig config,
      Set<String> listenerNames,
      @Nullable Firewall previous,
      FirewallState state,
      RandomGenerator random) {
    return new FirewallCompiler(config, List.copyOf(listenerNames), previous, state, random)
        .compile();
  }

  private Compilation compile() {
    List<Matcher> matchers = new ArrayList<>();
    for (int i = 0; i < config.rules().size(); i++) {
      RuleConfig rule = config.rules().get(i);
      String path = "firewall.rules[" + i + "]";
      StatusSplit split = StatusSplit.of(rule.match());
      Matcher matcher = matches.compileRule(split.rest(), path + ".match");
      matchers.add(matcher);
      checkConnections(rule, matcher, path);
      ActionChecks.check(rule.action(), !split.statuses().isEmpty(), path, problems);
    }
    checkNames();
    if (!problems.isEmpty()) {
      return new Compilation.Rejected(problems.found());
    }
    List<CompiledRule> rules = new ArrayList<>();
    for (int i = 0; i < matchers.size(); i++) {
      rules.add(rule(i, config.rules().get(i), matchers.get(i)));
    }
    Conditions conditions = matches.conditions(); // after the keys of limits got their names
    BanTable bans = previous == null ? state.bans() : previous.bans();
    RuleStages stages = RuleStages.of(rules, conditions.count(), matches.nameCounts());
    Firewall firewall =
        new Firewall(
            rules, conditions, stages, config.defaultAction(), lists.sizes(), bans, listenerCount);
    return new Compilation.Compiled(firewall, RuleWarnings.of(config, rules, conditions));
  }

  private void checkNames() {
    Map<String, Integer> known = new HashMap<>();
    for (int i = 0; i < config.rules().size(); i++) {
      String name = config.rules().get(i).name();
      Integer first = known.putIfAbsent(name, i);
      if (first != null) {
        problems.add(
            "firewall.rules[" + i + "].name",
            "name: \"%s\" (expected: a name of its own, rule %d has this one)"
                .formatted(name, first + 1));
      }
    }
  }

  private void checkConnections(RuleConfig rule, Matcher matcher, String path) {
    boolean perConnection =
        rule.action() instanceof ActionConfig.Limit(var limit)
            && limit.per() == LimitConfig.Per.CONNECTION;
    if (perConnection && Matchers.anyCondition(matcher, Condition::needsRequest)) {
      problems.add(
          path + ".match",
          "match: needs a request, and connections are counted before there is one (expected: only"
              + " ip, country, asn, listener and time)",
          "leave out per: connection to count requests");
    }
  }

  private CompiledRule rule(int index, RuleConfig rule, Matcher matcher) {
    ActionConfig action = rule.action();
    RuleInfo info = new RuleInfo(index, rule.name(), action.label(), rule.mode());
    LimitRule limit =
        action instanceof ActionConfig.Limit(var of)
            ? limit(rule, of, StatusSplit.of(rule.match()).statuses())
            : null;
    ConcurrencyRule concurrency =
        action instanceof ActionConfig.Concurrency of ? concurrency(rule, of) : null;
    BandwidthRule bandwidth =
        action instanceof ActionConfig.Bandwidth of ? bandwidth(index, rule, of) : null;
    return new CompiledRule(
        info, action, matcher, verdict(info, action), limit, concurrency, bandwidth);
  }

  private static @Nullable Verdict verdict(RuleInfo info, ActionConfig action) {
    return switch (action) {
      case ActionConfig.Allow() -> new Permit(info);
      case ActionConfig.Deny(int status) -> new Refusal(info, Decision.DENY, status);
      case ActionConfig.Drop() -> new Refusal(info, Decision.DROP, 0);
      case ActionConfig.Ban ignored -> new Refusal(info, Decision.BAN, 0);
      case ActionConfig.Tarpit(var time) ->
          new Refusal(info, Decision.TARPIT, 0, null, time.toNanos());
      case ActionConfig.Redirect(var to, int status) ->
          new Refusal(info, Decision.REDIRECT, status, to, 0);
      case ActionConfig.Limit(var limit) ->
          new Refusal(
              info,
              Decision.LIMIT,
              limit.per() == LimitConfig.Per.CONNECTION ? 0 : TOO_MANY_REQUESTS);
      case ActionConfig.Concurrency ignored ->
          new Refusal(info, Decision.CONCURRENCY, TOO_MANY_REQUESTS);
      case ActionConfig.Bandwidth ignored -> null;
      case ActionConfig.Log() -> null;
    };
  }

  /** The rule of the last generation whose counts go on in this one; null if there is none. */
  private @Nullable CompiledRule countedBefore(RuleConfig rule) {
    CompiledRule same = counting.get(rule.name());
    return same != null && same.countsLike(rule) ? same : null;
  }

  private LimitRule limit(RuleConfig rule, LimitConfig limit, List<StatusRange> statuses) {
    CompiledRule before = countedBefore(rule);
    LimitRule known = before == null ? null : before.limit();
    Rate rate = limit.rate();
    Limiter limiter =
        known == null
            ? newLimiter(limit)
            : known.limiter().withRate(rate.count(), rate.per(), limit.burst());
    CompiledKey key = new CompiledKey(limit.key(), matches);
    Strikes strikes = strikes(limit.then(), known);
    return new LimitRule(rule.name(), limit, key, rule.mode(), limiter, statuses, strikes);
  }

  private Limiter newLimiter(LimitConfig limit) {
    Rate rate = limit.rate();
    Sharing sharing = state.sharing();
    return sharing == null
        ? Limiter.of(rate.count(), rate.per(), limit.burst(), entries, random)
        : Limiter.shared(rate.count(), rate.per(), limit.burst(), entries, sharing);
  }

  private @Nullable Strikes strikes(@Nullable BanAfter then, @Nullable LimitRule known) {
    if (then == null) {
      return null;
    }
    Strikes before = known == null ? null : known.strikes();
    return before == null
        ? Strikes.of(then.after(), then.time().first(), entries, random)
        : before.with(then.after(), then.time().first());
  }

  private BandwidthRule bandwidth(int index, RuleConfig rule, ActionConfig.Bandwidth of) {
    CompiledRule before = countedBefore(rule);
    BandwidthRule known = before == null ? null : before.bandwidth();
    Bandwidth sent =
        known == null
            ? Bandwidth.of(of.bytesPerSecond(), of.burst(), entries, random)
            : known.bandwidth().withRate(of.bytesPerSecond(), of.burst());
    return new BandwidthRule(index, new CompiledKey(of.key(), matches), rule.mode(), sent);
  }

  private ConcurrencyRule concurrency(RuleConfig rule, ActionConfig.Concurrency of) {
    CompiledRule before = countedBefore(rule);
    ConcurrencyRule known = before == null ? null : before.concurrency();
    Concurrency underWay =
        known == null
            ? Concurrency.of(of.atMost(), keysUnderWay, random)
            : known.underWay().withAtMost(of.atMost());
    return new ConcurrencyRule(new CompiledKey(of.key(), matches), underWay);
  }
}
