package io.weir.firewall;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules by when they are asked.
 *
 * @param ofHellos null if no rule of a tcp listener asks for the ClientHello
 * @param refuseAtAccept whether anything can be refused at accept
 */
record RuleStages(
    RuleProgram atAccept,
    RuleProgram ofTcp,
    @Nullable HelloStages ofHellos,
    RuleProgram ofRequests,
    boolean refuseAtAccept) {

  static RuleStages of(
      List<CompiledRule> rules, int conditions, RuleProgramBuilder.NameCounts names) {
    List<CompiledRule> accept = atAccept(rules);
    List<CompiledRule> tcp = rules.stream().filter(RuleStages::appliesToTcp).toList();
    List<CompiledRule> requests = rules.stream().filter(rule -> !rule.perConnection()).toList();
    int count = rules.size();
    return new RuleStages(
        RuleProgramBuilder.build(accept, count, conditions, names),
        RuleProgramBuilder.build(tcp, count, conditions, names),
        HelloStages.of(rules, conditions, names),
        RuleProgramBuilder.build(requests, count, conditions, names),
        accept.stream()
            .anyMatch(rule -> rule.perConnection() || (rule.enforces() && rule.refusesAtAccept())));
  }

  /**
   * The rules up to the first enforcing one that needs the request to know whether it matches, and
   * those behind it that count connections. Rules that only answer requests are among them: where
   * one matches, only connections are counted from there on.
   */
  private static List<CompiledRule> atAccept(List<CompiledRule> rules) {
    List<CompiledRule> stage = new ArrayList<>();
    boolean over = false;
    for (CompiledRule rule : rules) {
      if (rule.needsRequest()) {
        over |= rule.enforces();
      } else if (rule.perConnection()) {
        stage.add(rule);
      } else if (rule.bandwidth() == null && !over && (rule.enforces() || !rule.counts())) {
        stage.add(rule); // what is counted is counted with the request
      }
    }
    return stage;
  }

  static boolean appliesToTcp(CompiledRule rule) {
    LimitRule limit = rule.limit();
    ConcurrencyRule concurrency = rule.concurrency();
    return !rule.needsRequest()
        && rule.bandwidth() == null
        && (concurrency == null || !concurrency.needsRequest())
        && (limit == null || !limit.needsRequest());
  }
}
