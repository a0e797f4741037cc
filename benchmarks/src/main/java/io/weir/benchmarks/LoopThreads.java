package io.weir.benchmarks;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs benchmarks on threads such as event loops have: on others Netty recycles less. JMH makes it,
 * being told by {@code jmh.executor.class}.
 */
public final class LoopThreads extends ThreadPoolExecutor {
  /** As JMH calls it. */
  public LoopThreads(int threads, String prefix) {
    super(
        threads,
        threads,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        new DefaultThreadFactory(prefix + CpuTime.THREADS, true));
  }
}
