package io.weir.firewall;

import java.util.ArrayList;
import java.util.List;

/**
 * The rules by when they are asked.
 *
 * @param refuseAtAccept whether anything can be refused at accept
 */
record RuleStages(
    RuleProgram atAccept, RuleProgram ofTcp, RuleProgram ofRequests, boolean refuseAtAccept) {

  static RuleStages of(List<CompiledRule> rules, int conditions, int queryNames) {
    List<CompiledRule> accept = atAccept(rules);
    List<CompiledRule> tcp = rules.stream().filter(RuleStages::appliesToTcp).toList();
    int count = rules.size();
    return new RuleStages(
        RuleProgramBuilder.build(accept, count, conditions, queryNames),
        RuleProgramBuilder.build(tcp, count, conditions, queryNames),
        RuleProgramBuilder.build(rules, count, conditions, queryNames),
        accept.stream().anyMatch(RuleStages::drops));
  }

  /**
   * The rules up to the first enforcing one that needs the request to know whether it matches.
   * Those that only answer requests are among them: where one matches, the stage is over.
   */
  private static List<CompiledRule> atAccept(List<CompiledRule> rules) {
    List<CompiledRule> stage = new ArrayList<>();
    for (CompiledRule rule : rules) {
      if (rule.needsRequest()) {
        if (rule.enforces()) {
          break;
        }
        continue;
      }
      boolean counts = rule.limit() != null;
      if (rule.enforces() || !counts) { // what is counted is counted with the request
        stage.add(rule);
      }
    }
    return stage;
  }

  static boolean appliesToTcp(CompiledRule rule) {
    LimitRule limit = rule.limit();
    return !rule.needsRequest() && (limit == null || !limit.needsRequest());
  }

  private static boolean drops(CompiledRule rule) {
    return rule.enforces() && rule.action() instanceof ActionConfig.Drop;
  }
}
