package io.weir.firewall;

import io.weir.firewall.address.ClientAddress;

/** Whether a rule that acts at accept allows a client, which then no ban concerns. */
final class Exemption {
  /*
   * A limit before such a rule that may refuse the client's requests keeps it from acting at accept,
   * and so from exempting: else the bans of that very limit would hold for nobody whom the rule
   * allows. Limits of connections do not delay it, so only those that ban stand in its way.
   */

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
      if (rule.enforces() && mayBeLast(rule) && evaluation.matches(rule)) {
        exempt = rule.verdict() instanceof Permit;
        break;
      }
    }
    evaluation.end();
    return exempt;
  }

  private static boolean mayBeLast(CompiledRule rule) {
    LimitRule limit = rule.limit();
    boolean delaysNothing = limit != null && limit.perConnection() && !limit.bans();
    return rule.verdict() != null && !delaysNothing;
  }
}
