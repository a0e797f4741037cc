package io.weir.core.meter;

import io.weir.firewall.RuleInfo;
import io.weir.metrics.MetricName;
import io.weir.metrics.MetricsGeneration;
import io.weir.metrics.WorkerCounters;

/** The metrics of one rule. Raised on workers' loops. */
public final class RuleMeter {
  private final int matches;
  private final int passed;
  private final int limited;
  private final int sent;
  private final int held;

  /** Wall-clock milliseconds; written by any worker, the last one wins. */
  private volatile long lastMatchMillis;

  /** Registers the metrics of a rule. */
  public RuleMeter(MetricsGeneration generation, RuleInfo rule, boolean isLimit) {
    matches =
        generation.counter(
            MetricName.FIREWALL_RULE_MATCHES, rule.name(), rule.action(), rule.mode().label());
    generation.gauge(
        MetricName.FIREWALL_RULE_LAST_MATCH_TIMESTAMP, () -> lastMatchMillis / 1000.0, rule.name());
    passed =
        isLimit ? generation.counter(MetricName.RATE_LIMIT_REQUESTS, rule.name(), "passed") : 0;
    limited =
        isLimit ? generation.counter(MetricName.RATE_LIMIT_REQUESTS, rule.name(), "limited") : 0;
    boolean paces = rule.paces();
    sent = paces ? generation.counter(MetricName.BANDWIDTH_BYTES, rule.name()) : 0;
    held = paces ? generation.level(MetricName.BANDWIDTH_HELD, rule.name()) : 0;
  }

  /** The slot that counts matches. */
  public int matches() {
    return matches;
  }

  /** When it last matched, since the epoch, to the second; 0: never. Any thread. */
  public long lastMatchMillis() {
    return lastMatchMillis;
  }

  /** The rule acted, or would have in report mode. */
  public void matched(WorkerCounters counters, long epochMillis) {
    counters.increment(matches);
    if (limited != 0) {
      counters.increment(limited);
    }
    if (lastMatchMillis / 1000 != epochMillis / 1000) {
      lastMatchMillis = epochMillis; // once a second: the line is shared by all workers
    }
  }

  /** What the rule counts was asked and not exceeded. */
  public void passed(WorkerCounters counters) {
    if (passed != 0) {
      counters.increment(passed);
    }
  }

  /** So many bytes were sent that a bandwidth rule counts. */
  public void sent(WorkerCounters counters, int bytes) {
    counters.add(sent, bytes);
  }

  /** One more, or less, is held back by a bandwidth rule. */
  public void held(WorkerCounters counters, int change) {
    counters.add(held, change);
  }

  /** Goes on from where the rule of that name was in the last configuration. */
  public void continueFrom(RuleMeter previous) {
    lastMatchMillis = previous.lastMatchMillis;
  }
}
