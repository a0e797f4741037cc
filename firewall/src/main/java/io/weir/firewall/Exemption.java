package io.weir.firewall;

import io.weir.firewall.address.ClientAddress;

/** Whether a rule that needs no request allows a client, which then no ban concerns. */
final class Exemption {
  private Exemption() {}

  /** Whether the first rule of a program that decides about the client lets it pass. */
  static boolean holds(
      RuleProgram program, ClientAddress client, int listener, RuleHits hits, long epochMillis) {
    Evaluation evaluation = hits.evaluation();
    evaluation.begin(program, client, listener, epochMillis);
    RuleCandidates candidates = evaluation.candidates();
    int probed = program.start(evaluation);
    boolean exempt = false;
    while (true) {
      probed = program.probe(probed, evaluation);
      int index = candidates.first();
      if (index == RuleCandidates.NONE) {
        break;
      }
      candidates.remove(index);
      CompiledRule rule = program.rule(index);
      boolean decides = rule.enforces() && rule.verdict() != null && !rule.counts();
      if (decides && evaluation.matches(rule)) {
        exempt = rule.verdict() instanceof Permit;
        break;
      }
    }
    evaluation.end();
    return exempt;
  }
}
