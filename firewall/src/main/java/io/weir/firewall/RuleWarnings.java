package io.weir.firewall;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds rules that do less than they seem to. */
final class RuleWarnings {
  private final List<RuleConfig> configs;
  private final List<CompiledRule> rules;
  private final Problems warnings = new Problems();

  private RuleWarnings(List<RuleConfig> configs, List<CompiledRule> rules) {
    this.configs = configs;
    this.rules = rules;
  }

  static List<FirewallProblem> of(List<RuleConfig> configs, List<CompiledRule> rules) {
    RuleWarnings finder = new RuleWarnings(configs, rules);
    finder.findUnreachable();
    finder.findDelayed();
    return finder.warnings.found();
  }

  /** Rules behind one that always decides, or behind one that decides for the same match. */
  private void findUnreachable() {
    Map<MatchConfig, CompiledRule> decided = new HashMap<>();
    CompiledRule last = null;
    for (int i = 0; i < rules.size(); i++) {
      CompiledRule rule = rules.get(i);
      MatchConfig match = configs.get(i).match();
      CompiledRule before = last != null ? last : decided.get(match);
      if (before != null && covers(before, rule)) {
        warnings.add(
            path(rule),
            "rule \"%s\" is never reached: rule \"%s\" before it decides for all that it matches"
                .formatted(rule.info().name(), before.info().name()),
            "move it up, or remove it");
        continue;
      }
      boolean decides = rule.enforces() && rule.verdict() != null && rule.limit() == null;
      if (decides) {
        decided.putIfAbsent(match, rule);
        if (last == null && match.equals(MatchConfig.ALWAYS)) {
          last = rule;
        }
      }
    }
  }

  /** Where a path has several readings, a rule that allows may match less than one that refuses. */
  private static boolean covers(CompiledRule before, CompiledRule rule) {
    return !before.readsPath() || !before.needsAllReadings() || rule.needsAllReadings();
  }

  /** Rules for addresses that could act at accept, if it were not for an earlier rule. */
  private void findDelayed() {
    CompiledRule blocking = null;
    for (CompiledRule rule : rules) {
      if (!rule.enforces()) {
        continue;
      }
      if (rule.needsRequest()) {
        blocking = blocking == null ? rule : blocking;
        continue;
      }
      boolean ofAccept =
          rule.action() instanceof ActionConfig.Drop
              || (rule.action() instanceof ActionConfig.Allow
                  && !rule.matcher().equals(Matcher.ALWAYS));
      if (blocking != null && ofAccept) {
        warnings.add(
            path(rule),
            "rule \"%s\" needs only the address, but acts when a request has arrived: rule \"%s\" before it needs the request"
                .formatted(rule.info().name(), blocking.info().name()),
            "move it before \""
                + blocking.info().name()
                + "\" to act when a connection is accepted");
      }
    }
  }

  private static String path(CompiledRule rule) {
    return "firewall.rules[" + rule.index() + "]";
  }
}
