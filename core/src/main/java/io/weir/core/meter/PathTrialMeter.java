package io.weir.core.meter;

import io.weir.metrics.MetricName;
import io.weir.metrics.MetricsGeneration;
import io.weir.metrics.WorkerCounters;

/** Counts what strict paths would do to requests. Raised on workers' loops. */
public final class PathTrialMeter {
  private final int refused;
  private final int changed;

  /** Registers the counters. */
  public PathTrialMeter(MetricsGeneration generation) {
    refused = generation.counter(MetricName.FIREWALL_PATHS_REPORTED, "refused");
    changed = generation.counter(MetricName.FIREWALL_PATHS_REPORTED, "changed");
  }

  /** A request would be refused. */
  public void refused(WorkerCounters counters) {
    counters.increment(refused);
  }

  /** A request would be sent on with another path. */
  public void changed(WorkerCounters counters) {
    counters.increment(changed);
  }
}
