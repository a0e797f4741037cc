package io.weir.firewall;

import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.ban.BanTable;
import io.weir.firewall.config.DefaultAction;
import io.weir.firewall.limit.Limiter;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The compiled rules; immutable but for the state of limits and bans, shared by all workers.
 *
 * <p>Times in nanoseconds are of a monotonic clock, those in milliseconds of the calendar.
 */
public final class Firewall {
  static final int FORBIDDEN = 403; // to who is banned

  private final List<CompiledRule> compiled;
  private final List<RuleInfo> rules;
  private final Conditions conditions;
  private final RuleProgram atAccept;
  private final RuleProgram ofTcp;
  private final @Nullable HelloStages ofHellos;
  private final RuleProgram ofRequests;
  private final Verdict byDefault;
  private final BanTable bans;
  private final Refusal banned = new Refusal(null, Decision.BAN, FORBIDDEN);
  private final Refusal bannedAtAccept = new Refusal(null, Decision.BAN, 0);
  private final Map<String, Integer> listEntries;
  private final RuleActs acts;
  private final FirewallInquiry inquiry;
  private final boolean connectionRules;
  private final boolean open;
  private final boolean[] readsJa4; // by listener
  private final boolean[] readsJa4OfHellos;

  Firewall(
      List<CompiledRule> compiled,
      Conditions conditions,
      RuleStages stages,
      DefaultAction defaultAction,
      Map<String, Integer> listEntries,
      BanTable bans,
      int listeners) {
    this.bans = bans;
    this.listEntries = Collections.unmodifiableMap(listEntries);
    this.compiled = compiled;
    this.conditions = conditions;
    rules = compiled.stream().map(CompiledRule::info).toList();
    atAccept = stages.atAccept();
    ofTcp = stages.ofTcp();
    ofHellos = stages.ofHellos();
    ofRequests = stages.ofRequests();
    connectionRules = stages.refuseAtAccept();
    readsJa4 = readingJa4(compiled, listeners);
    readsJa4OfHellos = readingJa4(ofHellos == null ? List.of() : ofHellos.asked(), listeners);
    open = compiled.isEmpty() && defaultAction instanceof DefaultAction.Allow;
    byDefault =
        switch (defaultAction) {
          case DefaultAction.Allow() -> new Permit(null);
          case DefaultAction.Deny(int status) -> new Refusal(null, Decision.DENY, status);
        };
    acts = new RuleActs(bans);
    inquiry = new FirewallInquiry(compiled, stages, byDefault, bans);
  }

  private static boolean[] readingJa4(List<CompiledRule> asked, int listeners) {
    return ListenerReach.of(asked.stream().filter(CompiledRule::readsJa4).toList(), listeners);
  }

  /**
   * Whether a rule that can match there asks for {@link RequestView#ja4}, so that it has to be
   * found out.
   *
   * @param listener its place in the names that the firewall was compiled with, from 0
   */
  public boolean readsJa4(int listener) {
    return readsJa4[listener];
  }

  /**
   * Asks, when an http listener accepted a connection and before TLS, bans and the rules that can
   * already act; null: the connection goes on to {@link #checkRequest}. This is no permit: requests
   * are judged by all rules that do not count connections, also by those that were asked here, with
   * the same result. Without a refusal only the hits of rules that count connections are recorded;
   * the requests will record the others.
   *
   * @param client the client's address, known for sure: behind a trusted proxy do not ask
   * @param listener its place in the names that the firewall was compiled with, from 0
   */
  public @Nullable Refusal checkConnection(
      ClientAddress client, int listener, RuleHits hits, long nanos, long epochMillis) {
    hits.clear();
    boolean isBanned = bans.isBanned(client, epochMillis);
    if (!connectionRules && !isBanned) {
      return null;
    }
    if (isBanned && !Exemption.holds(atAccept, client, listener, hits, epochMillis)) {
      return bannedAtAccept;
    }
    if (!connectionRules) {
      return null;
    }
    Evaluation evaluation = hits.evaluation();
    evaluation.begin(atAccept, client, listener, epochMillis);
    Verdict verdict = judgeAtAccept(evaluation, hits, nanos);
    evaluation.end();
    if (verdict instanceof Refusal refusal) {
      return refusal;
    }
    hits.keepConnectionLimits(compiled);
    return null;
  }

  /** A refusal, a permit if a rule allows, or null: only requests can tell. */
  private @Nullable Verdict judgeAtAccept(Evaluation evaluation, RuleHits hits, long nanos) {
    RuleCandidates candidates = evaluation.candidates();
    int probed = atAccept.start(evaluation);
    boolean over = false; // a rule matched that will act on the request
    while (true) {
      probed = atAccept.probe(probed, evaluation);
      int index = candidates.first();
      if (index == RuleCandidates.NONE) {
        return null;
      }
      candidates.remove(index);
      CompiledRule rule = atAccept.rule(index);
      if ((over && !rule.perConnection()) || !evaluation.matches(rule)) {
        continue;
      }
      if (rule.enforces() && !rule.refusesAtAccept() && rule.verdict() instanceof Refusal) {
        over = true;
        continue;
      }
      Verdict verdict = acts.act(rule, evaluation, hits, nanos);
      if (verdict != null) {
        return verdict;
      }
    }
  }

  /**
   * Judges a connection of a tcp listener that reads no ClientHello, for good: every rule that
   * names no field of a request applies, and any refusal closes.
   */
  public Verdict checkTcpConnection(
      ClientAddress client, int listener, RuleHits hits, long nanos, long epochMillis) {
    Verdict verdict = judgeTcp(ofTcp, client, listener, hits, nanos, epochMillis);
    return verdict == null ? byDefault : verdict;
  }

  /**
   * Judges a connection of a tcp listener that reads the ClientHello by the rules that come before
   * the first one that asks for it; null: {@link #checkHello} will decide.
   */
  public @Nullable Verdict checkBeforeHello(
      ClientAddress client, int listener, RuleHits hits, long nanos, long epochMillis) {
    HelloStages stages = ofHellos;
    return stages == null
        ? checkTcpConnection(client, listener, hits, nanos, epochMillis)
        : judgeTcp(stages.beforeHello(), client, listener, hits, nanos, epochMillis);
  }

  /** Judges, for good, a connection that {@link #checkBeforeHello} left to it. */
  public Verdict checkHello(TlsHello hello, RuleHits hits, long nanos) {
    hits.clear();
    HelloStages stages = ofHellos;
    if (stages == null) {
      return byDefault;
    }
    long epochMillis = hello.epochMillis();
    if (bans.isBanned(hello.client(), epochMillis)
        && !Exemption.holds(
            stages.beforeHello(), hello.client(), hello.listener(), hits, epochMillis)) {
      return bannedAtAccept;
    }
    Evaluation evaluation = hits.evaluation();
    evaluation.begin(stages.ofHello(), hello);
    Verdict verdict = judge(stages.ofHello(), evaluation, hits, nanos);
    return verdict == null ? byDefault : verdict;
  }

  /** Whether a rule of {@link #checkHello} that can match there asks for {@link TlsHello#ja4}. */
  public boolean readsJa4OfHellos(int listener) {
    return readsJa4OfHellos[listener];
  }

  private @Nullable Verdict judgeTcp(
      RuleProgram program,
      ClientAddress client,
      int listener,
      RuleHits hits,
      long nanos,
      long epochMillis) {
    hits.clear();
    if (bans.isBanned(client, epochMillis)
        && !Exemption.holds(program, client, listener, hits, epochMillis)) {
      return bannedAtAccept;
    }
    if (open) {
      return byDefault;
    }
    Evaluation evaluation = hits.evaluation();
    evaluation.begin(program, client, listener, epochMillis);
    return judge(program, evaluation, hits, nanos);
  }

  /**
   * Judges a request. Then {@link RuleHits#followUp} tells whether some rule wants to know how it
   * goes on.
   */
  public Verdict checkRequest(RequestView request, RuleHits hits, long nanos) {
    hits.clear();
    long epochMillis = request.epochMillis();
    if (bans.isBanned(request.client(), epochMillis)
        && !Exemption.holds(atAccept, request.client(), request.listener(), hits, epochMillis)) {
      return banned;
    }
    if (open) {
      return byDefault;
    }
    Evaluation evaluation = hits.evaluation();
    evaluation.begin(ofRequests, request);
    Verdict verdict = judge(ofRequests, evaluation, hits, nanos);
    return verdict == null ? byDefault : verdict;
  }

  /** What the rules of a program decide; null if none does. */
  private @Nullable Verdict judge(
      RuleProgram program, Evaluation evaluation, RuleHits hits, long nanos) {
    RuleCandidates candidates = evaluation.candidates();
    Verdict verdict = null;
    int probed = program.start(evaluation);
    while (verdict == null) {
      probed = program.probe(probed, evaluation);
      int index = candidates.first();
      if (index == RuleCandidates.NONE) {
        break;
      }
      candidates.remove(index);
      CompiledRule rule = program.rule(index);
      if (evaluation.matches(rule)) {
        verdict = acts.act(rule, evaluation, hits, nanos);
      }
    }
    evaluation.end();
    return verdict;
  }

  /**
   * What would become of a request now, and why: each rule that is tried. Takes no tokens, counts
   * nothing, bans nobody. Not for workers: it allocates, and looks at rules one by one.
   *
   * @param unknown fields of which nobody knows what they are, in the words of the configuration,
   *     like {@code tls.ja4}; what the request says of them counts for nothing
   * @param hits of its own, from {@link #newHits}
   */
  public Explanation explain(RequestView request, Set<String> unknown, RuleHits hits, long nanos) {
    return inquiry.explain(request, unknown, hits, nanos);
  }

  /**
   * The same of a connection of a tcp listener, where any refusal closes.
   *
   * @param isRead whether the listener reads the ClientHello; else only the client matters
   */
  public Explanation explain(
      TlsHello hello, boolean isRead, Set<String> unknown, RuleHits hits, long nanos) {
    return inquiry.explain(hello, isRead, unknown, hits, nanos);
  }

  /**
   * By which field a rule matched a request that was just judged; for logs of refusals.
   *
   * @param rule its index
   */
  public void evidence(int rule, RequestView request, RuleHits hits, Evidence into) {
    inquiry.evidence(rule, request, hits, into);
  }

  /** The same for a rule that matched a connection by its hello. */
  public void evidence(int rule, TlsHello hello, RuleHits hits, Evidence into) {
    inquiry.evidence(rule, hello, hits, into);
  }

  /** The same for a rule that matched a connection at accept. */
  public void evidence(
      int rule,
      ClientAddress client,
      int listener,
      long epochMillis,
      RuleHits hits,
      Evidence into) {
    inquiry.evidence(rule, client, listener, epochMillis, hits, into);
  }

  /** The clients that are banned; the same through all generations of the rules. */
  public BanTable bans() {
    return bans;
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

  /** The rules as they were compiled, for the next generation to take their counts over. */
  List<CompiledRule> compiled() {
    return compiled;
  }
}
