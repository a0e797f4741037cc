package io.weir.core.meter;

import io.weir.metrics.Buckets;
import io.weir.metrics.LatencyScope;
import io.weir.metrics.MetricName;
import io.weir.metrics.MetricsGeneration;
import io.weir.metrics.WorkerCounters;
import io.weir.metrics.WorkerLatency;

/** The metrics of one pool. Raised on workers' loops. */
public final class PoolMeter {
  private final int duration;
  private final int firstByte;
  private final int connect;
  private final int retriedOk;
  private final int retriedFailed;
  private final int latency;
  private final int checkDuration;

  /** Registers the metrics of a pool. */
  public PoolMeter(MetricsGeneration generation, String pool) {
    duration = generation.histogram(MetricName.POOL_REQUEST_DURATION, pool);
    firstByte = generation.histogram(MetricName.POOL_FIRST_BYTE, pool);
    connect = generation.histogram(MetricName.POOL_CONNECT_DURATION, pool);
    retriedOk = generation.counter(MetricName.POOL_RETRIES, pool, "ok");
    retriedFailed = generation.counter(MetricName.POOL_RETRIES, pool, "failed");
    latency = generation.latency(LatencyScope.POOL, pool);
    checkDuration = generation.histogram(MetricName.POOL_HEALTH_CHECK_DURATION, pool);
  }

  public void connected(WorkerCounters counters, long nanos) {
    counters.observe(Buckets.DURATION, connect, nanos);
  }

  public void firstByte(WorkerCounters counters, long nanos) {
    counters.observe(Buckets.DURATION, firstByte, nanos);
  }

  public void responseEnded(WorkerCounters counters, WorkerLatency latencies, long nanos) {
    counters.observe(Buckets.DURATION, duration, nanos);
    latencies.record(latency, nanos);
  }

  /** A request that had to be tried again came to its end. */
  public void retried(WorkerCounters counters, boolean ok) {
    counters.increment(ok ? retriedOk : retriedFailed);
  }

  /** Control loop only. */
  public void checked(WorkerCounters control, long nanos) {
    control.observe(Buckets.DURATION, checkDuration, nanos);
  }
}
