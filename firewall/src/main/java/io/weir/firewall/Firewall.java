package io.weir.firewall;

import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.limit.Limiter;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The compiled rules; immutable but for the state of limits, shared by all workers.
 *
 * <p>Times are of a monotonic clock, in nanoseconds.
 */
public final class Firewall {
  private static final long SECOND = 1_000_000_000L;

  private final List<CompiledRule> compiled;
  private final List<RuleInfo> rules;
  private final Conditions conditions;
  private final RuleProgram atAccept;
  private final RuleProgram ofTcp;
  private final RuleProgram ofRequests;
  private final Verdict byDefault;
  private final Map<String, Integer> listEntries;
  private final boolean connectionRules;
  private final boolean open;

  Firewall(
      List<CompiledRule> compiled,
      Conditions conditions,
      RuleStages stages,
      DefaultAction defaultAction,
      Map<String, Integer> listEntries) {
    this.listEntries = Collections.unmodifiableMap(listEntries);
    this.compiled = compiled;
    this.conditions = conditions;
    rules = compiled.stream().map(CompiledRule::info).toList();
    atAccept = stages.atAccept();
    ofTcp = stages.ofTcp();
    ofRequests = stages.ofRequests();
    connectionRules = stages.refuseAtAccept();
    open = compiled.isEmpty() && defaultAction instanceof DefaultAction.Allow;
    byDefault =
        switch (defaultAction) {
          case DefaultAction.Allow() -> new Permit(null);
          case DefaultAction.Deny(int status) -> new Refusal(null, Decision.DENY, status);
        };
  }

  /** Whether there is nothing to ask: no rules, and the default is allow. */
  public boolean isOpen() {
    return open;
  }

  /** Whether {@link #checkConnection} can refuse anything at all. */
  public boolean hasConnectionRules() {
    return connectionRules;
  }

  /**
   * Asks, when an http listener accepted a connection and before TLS, the rules that can already
   * act; null: the connection goes on to {@link #checkRequest}. This is no permit: requests are
   * judged by all rules, also by those that were asked here, with the same result. Hits are only
   * recorded with a refusal; otherwise the requests will record them.
   *
   * @param client the client's address, known for sure: behind a trusted proxy do not ask
   * @param listener its place in the names that the firewall was compiled with, from 0
   */
  public @Nullable Refusal checkConnection(
      ClientAddress client, int listener, RuleHits hits, long nanos) {
    hits.clear();
    if (!connectionRules) {
      return null;
    }
    Evaluation evaluation = hits.evaluation();
    evaluation.begin(atAccept, client, listener);
    Refusal refusal = refusalAtAccept(evaluation, hits);
    evaluation.end();
    if (refusal == null) {
      hits.clear();
    }
    return refusal;
  }

  private @Nullable Refusal refusalAtAccept(Evaluation evaluation, RuleHits hits) {
    Candidates candidates = evaluation.candidates();
    int probed = atAccept.start(evaluation);
    while (true) {
      probed = atAccept.probe(probed, evaluation);
      int index = candidates.first();
      if (index == Candidates.NONE) {
        return null;
      }
      candidates.remove(index);
      CompiledRule rule = atAccept.rule(index);
      if (!evaluation.matches(rule)) {
        continue;
      }
      hits.addMatched(index);
      if (!rule.enforces() || rule.action() instanceof ActionConfig.Log) {
        continue;
      }
      // An allow ends the list; what answers a request ends the stage and will act on the request.
      return rule.verdict() instanceof Refusal refusal && refusal.decision() == Decision.DROP
          ? refusal
          : null;
    }
  }

  /**
   * Judges a connection of a tcp listener, for good: every rule that names no field of a request
   * applies, and any refusal closes.
   */
  public Verdict checkTcpConnection(ClientAddress client, int listener, RuleHits hits, long nanos) {
    hits.clear();
    if (open) {
      return byDefault;
    }
    Evaluation evaluation = hits.evaluation();
    evaluation.begin(ofTcp, client, listener);
    return judge(ofTcp, evaluation, hits, nanos);
  }

  /** Judges a request. */
  public Verdict checkRequest(RequestView request, RuleHits hits, long nanos) {
    hits.clear();
    if (open) {
      return byDefault;
    }
    Evaluation evaluation = hits.evaluation();
    evaluation.begin(ofRequests, request);
    return judge(ofRequests, evaluation, hits, nanos);
  }

  private Verdict judge(RuleProgram program, Evaluation evaluation, RuleHits hits, long nanos) {
    Candidates candidates = evaluation.candidates();
    Verdict verdict = null;
    int probed = program.start(evaluation);
    while (verdict == null) {
      probed = program.probe(probed, evaluation);
      int index = candidates.first();
      if (index == Candidates.NONE) {
        verdict = byDefault;
        break;
      }
      candidates.remove(index);
      CompiledRule rule = program.rule(index);
      if (evaluation.matches(rule)) {
        verdict = act(rule, evaluation, hits, nanos);
      }
    }
    evaluation.end();
    return verdict;
  }

  /** What a rule that matches decides; null: go on. */
  private static @Nullable Verdict act(
      CompiledRule rule, Evaluation evaluation, RuleHits hits, long nanos) {
    LimitRule limit = rule.limit();
    long wait = 0;
    if (limit != null) {
      wait = limit.tryTake(evaluation, nanos);
      if (wait == 0) {
        hits.addPassed(rule.index());
        return null;
      }
    }
    hits.addMatched(rule.index());
    if (!rule.enforces()) {
      return null;
    }
    if (limit != null) {
      hits.retryAfterSeconds((int) Math.min(Math.ceilDiv(wait, SECOND), Integer.MAX_VALUE));
    }
    return rule.verdict();
  }

  /** All rules, in the order of the file. */
  public List<RuleInfo> rules() {
    return rules;
  }

  /** How many entries each list has, by name in the order of the file. */
  public Map<String, Integer> listEntries() {
    return listEntries;
  }

  /** The counters of a limit rule; null for the other rules. */
  public @Nullable Limiter limiter(int rule) {
    LimitRule limit = compiled.get(rule).limit();
    return limit == null ? null : limit.limiter();
  }

  /** Memory for the evaluations of one worker; it belongs to this firewall only. */
  public RuleHits newHits() {
    return new RuleHits(new Evaluation(conditions, compiled.size()));
  }

  /** The limiter of the rule of that name, if it counts by the same key. */
  @Nullable Limiter limiterOf(String name, List<KeyPart> key, RuleMode mode) {
    for (CompiledRule rule : compiled) {
      LimitRule limit = rule.limit();
      if (limit != null && rule.info().name().equals(name) && limit.countsLike(key, mode)) {
        return limit.limiter();
      }
    }
    return null;
  }
}
