package io.weir.firewall;

import io.weir.firewall.limit.Limiter;
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

  private static final int TOO_MANY_REQUESTS = 429;

  private final FirewallConfig config;
  private final @Nullable Firewall previous;
  private final RandomGenerator random;
  private final Problems problems = new Problems();
  private final CompiledLists lists;
  private final MatchCompiler matches;
  private final int entries;

  private FirewallCompiler(
      FirewallConfig config,
      List<String> listeners,
      @Nullable Firewall previous,
      RandomGenerator random) {
    this.config = config;
    this.previous = previous;
    this.random = random;
    lists = new CompiledLists(config.lists(), problems);
    PatternCompiler patterns = new PatternCompiler(lists, config.pathMode(), problems);
    matches = new MatchCompiler(lists, patterns, listeners, problems);
    long limits =
        config.rules().stream().filter(r -> r.action() instanceof ActionConfig.Limit).count();
    entries = Math.clamp(ALL_ENTRIES / Math.max(1, limits), FEWEST_ENTRIES, ENTRIES);
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
    return new FirewallCompiler(config, List.copyOf(listenerNames), previous, random).compile();
  }

  private Compilation compile() {
    List<Matcher> matchers = new ArrayList<>();
    for (int i = 0; i < config.rules().size(); i++) {
      RuleConfig rule = config.rules().get(i);
      String path = "firewall.rules[" + i + "]";
      matchers.add(matches.compileRule(rule.match(), path + ".match"));
      checkLimit(rule.action(), path);
    }
    checkNames();
    if (!problems.isEmpty()) {
      return new Compilation.Rejected(problems.found());
    }
    List<CompiledRule> rules = new ArrayList<>();
    for (int i = 0; i < matchers.size(); i++) {
      rules.add(rule(i, config.rules().get(i), matchers.get(i)));
    }
    Conditions conditions = matches.conditions();
    RuleStages stages = RuleStages.of(rules, conditions.count(), matches.queryNameCount());
    Firewall firewall =
        new Firewall(rules, conditions, stages, config.defaultAction(), lists.sizes());
    return new Compilation.Compiled(firewall, RuleWarnings.of(config.rules(), rules));
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

  private void checkLimit(ActionConfig action, String path) {
    if (action instanceof ActionConfig.Limit(var limit) && limit.key().isEmpty()) {
      problems.add(
          path + ".action.limit.key",
          "key: [] (expected: what to count by, like ip or [ip, host])");
    }
  }

  private CompiledRule rule(int index, RuleConfig rule, Matcher matcher) {
    ActionConfig action = rule.action();
    RuleInfo info = new RuleInfo(index, rule.name(), action.label(), rule.mode());
    Verdict verdict =
        switch (action) {
          case ActionConfig.Allow() -> new Permit(info);
          case ActionConfig.Deny(int status) -> new Refusal(info, Decision.DENY, status);
          case ActionConfig.Drop() -> new Refusal(info, Decision.DROP, 0);
          case ActionConfig.Limit ignored -> new Refusal(info, Decision.LIMIT, TOO_MANY_REQUESTS);
          case ActionConfig.Log() -> null;
        };
    LimitRule limit =
        action instanceof ActionConfig.Limit(var of)
            ? new LimitRule(of.key(), rule.mode(), limiter(rule, of))
            : null;
    return new CompiledRule(info, action, matcher, verdict, limit);
  }

  private Limiter limiter(RuleConfig rule, LimitConfig limit) {
    Rate rate = limit.rate();
    Limiter known =
        previous == null ? null : previous.limiterOf(rule.name(), limit.key(), rule.mode());
    return known == null
        ? Limiter.of(rate.count(), rate.per(), limit.burst(), entries, random)
        : known.withRate(rate.count(), rate.per(), limit.burst());
  }
}
