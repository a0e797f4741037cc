package io.weir.core.worker;

import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.weir.metrics.Buckets;
import io.weir.metrics.MetricName;
import io.weir.metrics.MetricsGeneration;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;

/** Asks one loop, again and again, how late and how busy it is. Confined to its loop. */
final class LoopProbe {
  /** Often enough to see a stall, rarely enough to cost nothing. */
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Worker worker;
  private final int lag;
  private final Runnable task = this::run;
  private long due;
  private long lastNanos;
  private long lastCpu;

  /** Written by the loop, read by any thread. */
  private volatile double busy;

  private LoopProbe(Worker worker, MetricsGeneration metrics) {
    this.worker = worker;
    this.lag = metrics.histogram(MetricName.EVENT_LOOP_LAG);
    String loop = String.valueOf(worker.index());
    metrics.gauge(MetricName.EVENT_LOOP_BUSY, () -> busy, loop);
    if (worker.loop() instanceof SingleThreadEventExecutor executor) {
      metrics.gauge(MetricName.EVENT_LOOP_PENDING_TASKS, executor::pendingTasks, loop);
    }
  }

  /** Begins, and goes on until the loop ends. Any thread. */
  static void start(Worker worker, MetricsGeneration metrics) {
    LoopProbe probe = new LoopProbe(worker, metrics);
    worker
        .loop()
        .execute(() -> {
          probe.remember(worker.clock().nanos());
          probe.schedule();
        });
  }

  private void remember(long now) {
    lastNanos = now;
    lastCpu = THREADS.getCurrentThreadCpuTime();
  }

  private void schedule() {
    if (worker.loop().isShuttingDown()) {
      return;
    }
    due = worker.clock().nanos() + PERIOD_NANOS;
    var _ = worker.loop().schedule(task, PERIOD_NANOS, TimeUnit.NANOSECONDS);
  }

  private void run() {
    long now = worker.clock().nanos();
    worker.counters().observe(Buckets.FAST, lag, Math.max(0, now - due));
    // A loop that waits uses no processor, and one that works does nothing but use it.
    double used = THREADS.getCurrentThreadCpuTime() - lastCpu;
    busy = Math.clamp(used / Math.max(1, now - lastNanos), 0, 1);
    remember(now);
    schedule();
  }
}
