package io.weir.core.meter;

import io.weir.metrics.Buckets;
import io.weir.metrics.MetricName;
import io.weir.metrics.MetricsGeneration;
import io.weir.metrics.WorkerCounters;

/** The metrics of the rules as a whole. Raised on workers' loops. */
public final class FirewallMeter {
  private final int connection;
  private final int headers;

  /** Registers them. */
  public FirewallMeter(MetricsGeneration generation) {
    connection = generation.histogram(MetricName.FIREWALL_EVALUATION, "connection");
    headers = generation.histogram(MetricName.FIREWALL_EVALUATION, "headers");
  }

  /** A connection was judged, at accept or by its ClientHello. */
  public void connectionJudged(WorkerCounters counters, long nanos) {
    counters.observe(Buckets.FAST, connection, nanos);
  }

  /** A request was judged. */
  public void requestJudged(WorkerCounters counters, long nanos) {
    counters.observe(Buckets.FAST, headers, nanos);
  }
}
