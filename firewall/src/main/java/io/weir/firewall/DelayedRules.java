package io.weir.firewall;

import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.FirewallConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.problem.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds rules that could act when a connection is accepted, if it were not for an earlier rule. */
final class DelayedRules {
  /*
   * Two kinds of enforcing rules keep later ones from acting at accept, see RuleStages and Firewall:
   * those of which only a request tells whether they match, and, where they match, those that let
   * requests pass up to a limit. On tcp listeners neither does: the former are not asked there, and
   * the latter count connections.
   */
  private final FirewallConfig config;
  private final boolean compares;

  /**
   * For rules.
   *
   * @param compares whether rules that count are compared with those behind them, each with each
   */
  DelayedRules(FirewallConfig config, boolean compares) {
    this.config = config;
    this.compares = compares;
  }

  /** Says once of each rule in the way what it delays. */
  void find(List<CompiledRule> rules, Problems warnings) {
    Map<CompiledRule, List<CompiledRule>> delayed = new LinkedHashMap<>();
    List<CompiledRule> inTheWay = new ArrayList<>();
    boolean over = false; // a rule is in the way of all behind it
    for (CompiledRule rule : rules) {
      CompiledRule before =
          isOfAccept(rule) && !isOfTcp(match(rule)) ? firstThatDelays(rule, inTheWay) : null;
      if (before != null) {
        delayed.computeIfAbsent(before, _ -> new ArrayList<>()).add(rule);
      }
      if (!over && mayDelay(rule) && (compares || rule.needsRequest())) {
        inTheWay.add(rule);
        over = rule.needsRequest();
      }
    }
    delayed.forEach((before, those) -> warn(before, those, warnings));
  }

  private static boolean isOfAccept(CompiledRule rule) {
    return rule.enforces()
        && !rule.needsRequest()
        && !rule.perConnection()
        && (rule.refusesAtAccept()
            || (rule.action() instanceof ActionConfig.Allow
                && !rule.matcher().equals(Matcher.ALWAYS)));
  }

  private boolean isOfTcp(MatchConfig match) {
    Set<String> tcp = config.tcpListeners();
    return !tcp.isEmpty() && MatchCover.covers(new MatchConfig.Listener(tcp), match);
  }

  /** Whether rules behind this one may have to wait for the request. */
  static boolean mayDelay(CompiledRule rule) {
    return rule.enforces()
        && (rule.needsRequest() || (rule.verdict() instanceof Refusal && !rule.refusesAtAccept()));
  }

  private @Nullable CompiledRule firstThatDelays(CompiledRule rule, List<CompiledRule> inTheWay) {
    for (CompiledRule before : inTheWay) {
      if (before.needsRequest() || (before.counts() && holdsToo(match(before), match(rule)))) {
        return before;
      }
    }
    return null;
  }

  /** Whether a match, as far as its text tells, holds for what another one holds for. */
  private static boolean holdsToo(MatchConfig match, MatchConfig other) {
    return switch (match) {
      case MatchConfig.All(var parts) -> parts.stream().allMatch(part -> holdsToo(part, other));
      case MatchConfig.Not(var part) when !readsList(part) && !readsList(other) ->
          !MatchCover.covers(part, other);
      default -> MatchCover.covers(match, other);
    };
  }

  /** Whether the text of a match does not tell which addresses it is about. */
  private static boolean readsList(MatchConfig match) {
    return switch (match) {
      case MatchConfig.All(var parts) -> parts.stream().anyMatch(DelayedRules::readsList);
      case MatchConfig.Any(var parts) -> parts.stream().anyMatch(DelayedRules::readsList);
      case MatchConfig.Not(var part) -> readsList(part);
      case MatchConfig.Ip(var ignored, var lists) -> !lists.isEmpty();
      default -> false;
    };
  }

  private MatchConfig match(CompiledRule rule) {
    return config.rules().get(rule.index()).match();
  }

  private static void warn(CompiledRule before, List<CompiledRule> those, Problems warnings) {
    CompiledRule first = those.getFirst();
    String more =
        switch (those.size()) {
          case 1 -> "";
          case 2 -> ", and so does \"" + those.get(1).info().name() + "\"";
          default ->
              ", and so do \"%s\" and %s behind it"
                  .formatted(
                      those.get(1).info().name(),
                      those.size() == 3 ? "1 more" : those.size() - 2 + " more");
        };
    warnings.add(
        "firewall.rules[" + first.index() + "]",
        "rule \"%s\" needs no request, but acts when one has arrived%s: rule \"%s\" before it %s"
            .formatted(
                first.info().name(),
                more,
                before.info().name(),
                before.needsRequest() ? "needs the request" : "counts requests"),
        "move "
            + (those.size() == 1 ? "it" : "them")
            + " before \""
            + before.info().name()
            + "\" to act when a connection is accepted",
        "firewall.rules[" + before.index() + "]");
  }
}
