package io.weir.firewall;

import io.weir.firewall.ban.BanTable;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.BanTime;
import io.weir.firewall.limit.Concurrency;
import io.weir.firewall.limit.Limiter;
import org.jspecify.annotations.Nullable;

/** What rules that match do: they count, ban, and decide; for workers. */
final class RuleActs {
  private static final long SECOND = 1_000_000_000L;

  private final BanTable bans;

  RuleActs(BanTable bans) {
    this.bans = bans;
  }

  /** What a rule that matches decides; null: go on. */
  @Nullable Verdict act(CompiledRule rule, Evaluation evaluation, RuleHits hits, long nanos) {
    LimitRule limit = rule.limit();
    ConcurrencyRule concurrency = rule.concurrency();
    if (limit != null && !exceeds(limit, rule, evaluation, hits, nanos)) {
      return null;
    }
    if (concurrency != null && !exceeds(concurrency, rule, evaluation, hits)) {
      return null;
    }
    BandwidthRule bandwidth = rule.bandwidth();
    if (bandwidth != null && !exceeds(bandwidth, rule, evaluation, hits, nanos)) {
      return null;
    }
    hits.addMatched(rule.index());
    if (!rule.enforces()) {
      return null;
    }
    if (rule.action() instanceof ActionConfig.Ban(BanTime time)) {
      Bans.ban(evaluation, time, rule.info().name(), bans);
    }
    return rule.verdict();
  }

  private boolean exceeds(
      LimitRule limit, CompiledRule rule, Evaluation evaluation, RuleHits hits, long nanos) {
    long key = limit.key(evaluation);
    long wait = limit.ask(key, nanos);
    if (limit.countsResponses() && wait == 0) {
      hits.addAwaiting(limit, key);
    }
    QuotaText told = limit.told();
    if (told != null && rule.enforces()) {
      Limiter limiter = limit.limiter();
      hits.addQuota(told, limiter.remaining(key, nanos), limiter.untilMore(key, nanos));
    }
    if (wait == 0) {
      hits.addPassed(rule.index());
      return false;
    }
    if (rule.enforces()) {
      hits.retryAfterSeconds((int) Math.min(Math.ceilDiv(wait, SECOND), Integer.MAX_VALUE));
      limit.refused(key, evaluation, rule.info().name(), bans, nanos);
    }
    return true;
  }

  private static boolean exceeds(
      ConcurrencyRule concurrency, CompiledRule rule, Evaluation evaluation, RuleHits hits) {
    int place = concurrency.underWay().enter(concurrency.key(evaluation));
    if (place == Concurrency.FULL) {
      return true;
    }
    hits.addEntered(concurrency.underWay(), place);
    hits.addPassed(rule.index());
    return false;
  }

  /** Whether what was sent before makes this one wait; it will be paced in any case. */
  private static boolean exceeds(
      BandwidthRule bandwidth,
      CompiledRule rule,
      Evaluation evaluation,
      RuleHits hits,
      long nanos) {
    long key = bandwidth.key(evaluation);
    boolean over = bandwidth.bandwidth().untilNext(key, nanos) > 0;
    hits.addPaced(bandwidth, key, over);
    if (!over) {
      hits.addPassed(rule.index());
    }
    return over;
  }
}
