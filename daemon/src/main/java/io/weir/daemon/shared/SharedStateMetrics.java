package io.weir.daemon.shared;

import io.netty.channel.EventLoop;
import io.weir.metrics.Buckets;
import io.weir.metrics.MetricName;
import io.weir.metrics.Metrics;
import io.weir.metrics.MetricsGeneration;
import io.weir.metrics.WorkerCounters;

/** What the shared state counts; written on the control loop. */
final class SharedStateMetrics {
  private final EventLoop controlLoop;
  private final WorkerCounters counters;
  private final int ok;
  private final int failed;
  private final int dropped;
  private final int missed;
  private final int duration;
  private volatile boolean up;
  private long droppedBefore; // the thread that exchanges

  SharedStateMetrics(Metrics metrics, EventLoop controlLoop) {
    this.controlLoop = controlLoop;
    counters = metrics.control();
    MetricsGeneration permanent = metrics.permanent();
    ok = permanent.counter(MetricName.SHARED_STATE_OPERATIONS, "ok");
    failed = permanent.counter(MetricName.SHARED_STATE_OPERATIONS, "failed");
    dropped = permanent.counter(MetricName.SHARED_STATE_OPERATIONS, "dropped");
    missed = permanent.counter(MetricName.SHARED_STATE_OPERATIONS, "missed");
    duration = permanent.histogram(MetricName.SHARED_STATE_DURATION);
    permanent.gauge(MetricName.SHARED_STATE_UP, () -> up ? 1 : 0);
  }

  void up(boolean isUp) {
    up = isUp;
  }

  /** So many commands were answered, together in that time. */
  void answered(int commands, long nanos) {
    controlLoop.execute(() -> {
      counters.add(ok, commands);
      counters.observe(Buckets.DURATION, duration, nanos);
    });
  }

  /** So many commands were not answered, or not in time. */
  void failed(int commands) {
    controlLoop.execute(() -> counters.add(failed, commands));
  }

  /** Changes of bans were gone before they were read. */
  void missed() {
    controlLoop.execute(() -> counters.add(missed, 1));
  }

  /** So many changes were not told to anybody since the start. */
  void dropped(long all) {
    long more = all - droppedBefore;
    if (more > 0) {
      droppedBefore = all;
      controlLoop.execute(() -> counters.add(dropped, more));
    }
  }
}
