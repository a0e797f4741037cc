package io.weir.firewall;

import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.ban.Ban;
import io.weir.firewall.ban.BanTable;
import java.util.List;
import java.util.Set;

/**
 * Tells about decisions, as {@link Firewall} does for those outside: what they would be, and by
 * which field a rule matched. Decides, counts and bans nothing.
 */
final class FirewallInquiry {
  private final List<CompiledRule> compiled;
  private final RuleStages stages;
  private final Verdict byDefault;
  private final BanTable bans;

  FirewallInquiry(
      List<CompiledRule> compiled, RuleStages stages, Verdict byDefault, BanTable bans) {
    this.compiled = compiled;
    this.stages = stages;
    this.byDefault = byDefault;
    this.bans = bans;
  }

  Explanation explain(RequestView request, Set<String> unknown, RuleHits hits, long nanos) {
    long epochMillis = request.epochMillis();
    Ban ban = bans.find(request.client(), epochMillis);
    if (ban != null
        && !Exemption.holds(
            stages.atAccept(), request.client(), request.listener(), hits, epochMillis)) {
      return new Explanation(ban, List.of(), Decision.BAN, null, Firewall.FORBIDDEN);
    }
    Evaluation evaluation = hits.evaluation();
    evaluation.begin(stages.ofRequests(), request);
    Explainer explainer = new Explainer(evaluation, unknown, false, nanos);
    Verdict decided = explainer.decide(compiled, byDefault);
    evaluation.end();
    int status = decided instanceof Refusal refusal ? refusal.status() : 0;
    return new Explanation(null, explainer.steps(), decided.decision(), decided.rule(), status);
  }

  Explanation explain(
      TlsHello hello, boolean isRead, Set<String> unknown, RuleHits hits, long nanos) {
    HelloStages hellos = isRead ? stages.ofHellos() : null;
    RuleProgram exempting = hellos == null ? stages.ofTcp() : hellos.beforeHello();
    long epochMillis = hello.epochMillis();
    Ban ban = bans.find(hello.client(), epochMillis);
    if (ban != null
        && !Exemption.holds(exempting, hello.client(), hello.listener(), hits, epochMillis)) {
      return new Explanation(ban, List.of(), Decision.BAN, null, 0);
    }
    List<CompiledRule> asked =
        hellos == null
            ? compiled.stream().filter(RuleStages::appliesToTcp).toList()
            : hellos.asked();
    Evaluation evaluation = hits.evaluation();
    evaluation.begin(hello);
    Explainer explainer = new Explainer(evaluation, unknown, true, nanos);
    Verdict decided = explainer.decide(asked, byDefault);
    evaluation.end();
    return new Explanation(null, explainer.steps(), decided.decision(), decided.rule(), 0);
  }

  void evidence(int rule, RequestView request, RuleHits hits, Evidence into) {
    Evaluation evaluation = hits.evaluation();
    evaluation.begin(stages.ofRequests(), request);
    into.find(compiled.get(rule), evaluation);
    evaluation.end();
  }

  void evidence(int rule, TlsHello hello, RuleHits hits, Evidence into) {
    Evaluation evaluation = hits.evaluation();
    evaluation.begin(hello); // no rule of these asks for the path, of which this reads one
    into.find(compiled.get(rule), evaluation);
    evaluation.end();
  }

  void evidence(
      int rule,
      ClientAddress client,
      int listener,
      long epochMillis,
      RuleHits hits,
      Evidence into) {
    Evaluation evaluation = hits.evaluation();
    evaluation.begin(stages.ofTcp(), client, listener, epochMillis);
    into.find(compiled.get(rule), evaluation);
    evaluation.end();
  }
}
