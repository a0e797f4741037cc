package io.weir.core.exchange;

import io.weir.core.meter.RuleMeter;
import io.weir.core.snapshot.Snapshot;
import io.weir.core.worker.Worker;
import io.weir.firewall.RuleHits;
import java.util.List;

/** Counts what the rules did with one request or connection. */
public final class RuleCounts {
  private RuleCounts() {}

  /** Counts the last evaluation of {@code hits}. On the worker's loop. */
  public static void count(Snapshot snapshot, RuleHits hits, Worker worker) {
    int matched = hits.matchedCount();
    int passed = hits.passedCount();
    if (matched + passed == 0) {
      return;
    }
    List<RuleMeter> meters = snapshot.ruleMeters();
    if (matched > 0) {
      long now = worker.clock().epochMillis();
      for (int i = 0; i < matched; i++) {
        meters.get(hits.matched(i)).matched(worker.counters(), now);
      }
    }
    for (int i = 0; i < passed; i++) {
      meters.get(hits.passed(i)).passed(worker.counters());
    }
  }
}
