package io.weir.core.worker;

import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.weir.metrics.Buckets;
import io.weir.metrics.MetricName;
import io.weir.metrics.MetricsGeneration;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;

/** Asks one loop, again and again, how late and how busy it is. */
final class LoopProbe {
  /** Often enough to see a stall, rarely enough to cost nothing. */
  static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private static final long UNKNOWN = Long.MIN_VALUE;

  private final Worker worker;
  private final int lag;
  private final Runnable task = this::answer;

  /** Written by whoever asks, before the loop has the task; read by the loop. */
  private long asked;

  /** Whether the loop was asked, and has not answered yet. */
  private volatile boolean waiting;

  // Of the loop.
  private long lastNanos;
  private long lastCpu = UNKNOWN;

  /** Written by the loop, read by any thread. */
  private volatile double busy;

  LoopProbe(Worker worker, MetricsGeneration metrics) {
    this.worker = worker;
    this.lag = metrics.histogram(MetricName.EVENT_LOOP_LAG);
    String loop = String.valueOf(worker.index());
    metrics.gauge(MetricName.EVENT_LOOP_BUSY, () -> busy, loop);
    if (worker.loop() instanceof SingleThreadEventExecutor executor) {
      metrics.gauge(MetricName.EVENT_LOOP_PENDING_TASKS, executor::pendingTasks, loop);
    }
  }

  /** Has the loop answer, unless it still owes the last answer. Called by one other thread. */
  void ask() {
    if (!waiting) {
      waiting = true;
      asked = worker.clock().nanos();
      worker.loop().execute(task);
    }
  }

  private void answer() {
    long now = worker.clock().nanos();
    long cpu = THREADS.getCurrentThreadCpuTime();
    worker.counters().observe(Buckets.FAST, lag, Math.max(0, now - asked));
    if (lastCpu != UNKNOWN) {
      // A loop that waits uses no processor, and one that works does nothing but use it.
      double used = cpu - lastCpu;
      busy = Math.clamp(used / Math.max(1, now - lastNanos), 0, 1);
    }
    lastNanos = now;
    lastCpu = cpu;
    waiting = false;
  }
}
