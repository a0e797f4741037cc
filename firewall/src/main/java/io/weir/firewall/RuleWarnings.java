package io.weir.firewall;

import io.weir.firewall.address.Cidr;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.FirewallConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.Rate;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.list.ListSource;
import io.weir.firewall.list.ListType;
import io.weir.firewall.problem.FirewallProblem;
import io.weir.firewall.problem.Problems;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds rules that do less than they seem to. */
final class RuleWarnings {
  /**
   * With more rules it is not looked for redirects in circles, nor named which rules wait behind
   * others that need a request.
   */
  private static final int MOST_COMPARED = 1000;

  /**
   * Texts and prefixes compared with each other, some 50 ns each: half a second of a reload, after
   * which no more warnings of this kind are looked for. Most pairs of matches differ by their
   * shapes already, of which {@link #SHAPES_AT_ONCE} take as long.
   */
  private static final long MOST_WORK = 10_000_000;

  private static final int SHAPES_AT_ONCE = 32;

  private static final String WIDER = "the wider one is enough";

  private final FirewallConfig config;
  private final List<RuleConfig> configs;
  private final List<CompiledRule> rules;
  private final int firstDelay; // the place of the first rule behind which others may have to wait
  private final Problems warnings = new Problems();
  private final long[] needs; // the shape of each rule's match
  private final long[] offers;
  private final long[] deciding; // the needs of those that decide, side by side
  private final int[] sizes; // how much there is to compare of each
  private long work;

  private RuleWarnings(FirewallConfig config, List<CompiledRule> rules) {
    this.config = config;
    this.configs = config.rules();
    this.rules = rules;
    needs = configs.stream().mapToLong(rule -> MatchShape.needs(rule.match())).toArray();
    offers = configs.stream().mapToLong(rule -> MatchShape.offers(rule.match())).toArray();
    sizes = configs.stream().mapToInt(rule -> MatchShape.size(rule.match())).toArray();
    deciding = new long[needs.length];
    firstDelay =
        rules.stream()
            .filter(DelayedRules::mayDelay)
            .mapToInt(CompiledRule::index)
            .findFirst()
            .orElse(rules.size());
  }

  static List<FirewallProblem> of(
      FirewallConfig config, List<CompiledRule> rules, Conditions conditions) {
    RuleWarnings finder = new RuleWarnings(config, rules);
    finder.findUnreachable();
    finder.findIdleLimits();
    finder.findOverlaps();
    new DelayedRules(config, rules.size() <= MOST_COMPARED).find(rules, finder.warnings);
    if (rules.size() <= MOST_COMPARED) {
      new RedirectLoops(config.rules(), rules, conditions, config.pathMode()).find(finder.warnings);
    }
    return finder.warnings.found();
  }

  /** Rules behind one that decides for all that they match. */
  private void findUnreachable() {
    Map<MatchConfig, CompiledRule> decided = new HashMap<>();
    List<CompiledRule> all = new ArrayList<>();
    for (CompiledRule rule : rules) {
      CompiledRule before = deciderBefore(rule, decided, all);
      if (before != null) {
        boolean isReport = !rule.enforces();
        warnings.add(
            path(rule),
            "rule \"%s\"%s is never reached: rule \"%s\" before it decides for all that it matches"
                .formatted(
                    rule.info().name(), isReport ? ", in report mode," : "", before.info().name()),
            isReport
                ? "put it before \"" + before.info().name() + "\" to see what it would do"
                : "move it up, or remove it",
            path(before));
        continue;
      }
      if (rule.enforces() && rule.verdict() != null && !rule.counts()) {
        if (decided.putIfAbsent(match(rule), rule) == null) {
          deciding[all.size()] = needs[rule.index()];
          all.add(rule);
        }
      }
    }
  }

  private @Nullable CompiledRule deciderBefore(
      CompiledRule rule, Map<MatchConfig, CompiledRule> decided, List<CompiledRule> all) {
    MatchConfig match = match(rule);
    CompiledRule same = decided.get(match);
    if (same != null && takesFrom(same, rule)) {
      return same;
    }
    CompiledRule always = decided.get(MatchConfig.ALWAYS);
    if (always != null && takesFrom(always, rule)) {
      return always;
    }
    long offered = offers[rule.index()];
    work += all.size() / SHAPES_AT_ONCE;
    for (int i = 0; i < all.size() && work < MOST_WORK; i++) {
      if (!MatchShape.mayCover(deciding[i], offered)) {
        continue;
      }
      CompiledRule before = all.get(i);
      if (takesFrom(before, rule) && covers(before, rule)) {
        return before;
      }
    }
    return null;
  }

  /** Whether a match holds wherever another one does; no, where too much was compared already. */
  private boolean covers(CompiledRule wide, CompiledRule narrow) {
    work += (long) sizes[wide.index()] * sizes[narrow.index()];
    return work < MOST_WORK && MatchCover.covers(match(wide), match(narrow));
  }

  /**
   * Whether a rule that decides leaves nothing to a later one that matches less. Connections are
   * counted at accept, wherever the rule stands, unless one that acts there allows the client.
   */
  private boolean takesFrom(CompiledRule before, CompiledRule rule) {
    boolean asked =
        !rule.perConnection()
            || (before.action() instanceof ActionConfig.Allow && before.index() < firstDelay);
    return asked && coversReadings(before, rule) && isThereToo(before, rule);
  }

  /**
   * Whether a rule is asked wherever the other one is. At a tcp listener it is not if it asks for
   * more than there is: at some of them the ClientHello, at others not even that.
   */
  private boolean isThereToo(CompiledRule before, CompiledRule rule) {
    boolean onTcp = RuleStages.appliesToTcp(before) || !RuleStages.appliesToTcp(rule);
    boolean onHello = !before.needsMoreThanHello() || rule.needsMoreThanHello();
    return (onTcp && onHello) || isOfRequests(match(rule));
  }

  /** Whether a match holds at no tcp listener, by the listeners that it names. */
  private boolean isOfRequests(MatchConfig match) {
    if (config.tcpListeners().isEmpty()) {
      return true;
    }
    return switch (match) {
      case MatchConfig.All(var parts) -> parts.stream().anyMatch(this::isOfRequests);
      case MatchConfig.Any(var parts) -> parts.stream().allMatch(this::isOfRequests);
      case MatchConfig.Listener(var names) -> Collections.disjoint(names, config.tcpListeners());
      default -> false;
    };
  }

  /** Limits that a stricter one before them keeps from ever being exceeded. */
  private void findIdleLimits() {
    List<CompiledRule> limits = rules.stream().filter(RuleWarnings::countsRequests).toList();
    for (int i = 0; i < limits.size(); i++) {
      CompiledRule rule = limits.get(i);
      for (CompiledRule before : limits.subList(0, i)) {
        if (before.enforces()
            && MatchShape.mayCover(needs[before.index()], offers[rule.index()])
            && isStricter(before, rule)
            && isThereToo(before, rule)
            && covers(before, rule)) {
          warnings.add(
              path(rule),
              "rule \"%s\" never refuses anything: rule \"%s\" before it counts the same and refuses earlier"
                  .formatted(rule.info().name(), before.info().name()),
              "remove it, or make it the stricter one",
              path(before));
          break;
        }
      }
    }
  }

  private static boolean countsRequests(CompiledRule rule) {
    LimitRule limit = rule.limit();
    return limit != null && !limit.countsResponses() && !limit.perConnection();
  }

  private static boolean isStricter(CompiledRule before, CompiledRule rule) {
    LimitRule one = before.limit();
    LimitRule other = rule.limit();
    if (one == null || other == null || !one.config().key().equals(other.config().key())) {
      return false;
    }
    Rate slower = one.config().rate();
    Rate faster = other.config().rate();
    return one.config().burst() <= other.config().burst() && interval(slower) >= interval(faster);
  }

  /** Nanoseconds from one to the next. */
  private static double interval(Rate rate) {
    return (double) rate.per().toNanos() / rate.count();
  }

  /**
   * Prefixes that others of the same rule or list hold. Lists from files are made by programs, and
   * nobody would shorten them.
   */
  private void findOverlaps() {
    config
        .lists()
        .forEach((name, list) -> {
          if (list.type() == ListType.ADDRESSES
              && list.source() instanceof ListSource.Inline(var entries)) {
            String found =
                PrefixOverlaps.find(entries.stream().map(e -> Cidr.parse(e.strip())).toList());
            if (found != null) {
              warnings.add("lists." + name, "list \"" + name + "\": " + found, WIDER);
            }
          }
        });
    for (CompiledRule rule : rules) {
      findOverlaps(match(rule), path(rule) + ".match");
    }
  }

  private void findOverlaps(MatchConfig match, String path) {
    switch (match) {
      case MatchConfig.All(var parts) -> parts.forEach(part -> findOverlaps(part, path));
      case MatchConfig.Any(var parts) -> {
        for (int i = 0; i < parts.size(); i++) {
          findOverlaps(parts.get(i), path + ".any[" + i + "]");
        }
      }
      case MatchConfig.Not(var part) -> findOverlaps(part, path + ".not");
      case MatchConfig.Ip(var prefixes, var ignored) -> {
        String found = PrefixOverlaps.find(prefixes);
        if (found != null) {
          warnings.add(path + ".ip", "ip: " + found, WIDER);
        }
      }
      default -> {}
    }
  }

  private MatchConfig match(CompiledRule rule) {
    return configs.get(rule.index()).match();
  }

  /** Where a path has several readings, a rule that allows may match less than one that refuses. */
  private static boolean coversReadings(CompiledRule before, CompiledRule rule) {
    return !before.readsPath() || !before.needsAllReadings() || rule.needsAllReadings();
  }

  private static String path(CompiledRule rule) {
    return "firewall.rules[" + rule.index() + "]";
  }
}
