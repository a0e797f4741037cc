package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class AllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Metrics metrics = new Metrics(1);
  private final MetricsGeneration all = metrics.permanent();
  private final int counter = all.counter(MetricName.CONNECTIONS_ACCEPTED, "web");
  private final int requests = all.requests("web", "shop");
  private final int duration = all.histogram(MetricName.HTTP_REQUEST_DURATION, "shop");
  private final int overhead = all.histogram(MetricName.HTTP_OVERHEAD, "web");
  private final int latency = all.latency(LatencyScope.ROUTE, "shop");

  @Test
  void recordingAllocatesNothingOnceItsMemoryIsThere() {
    StringBuilder method = new StringBuilder("OPTIONS"); // not a String, like Netty's
    for (int i = 0; i < 100; i++) {
      recordOneRequest(i, method);
    }
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 100_000; i++) {
      recordOneRequest(i, method);
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).as("bytes for 100,000 requests").isLessThan(1_000);
    assertThat(metrics.sum(counter)).isEqualTo(100_100);
  }

  @Test
  void theMeasureSeesAnAllocation() {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    new Metrics(1).worker(0).increment(0); // its first chunk
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isGreaterThan(4_096);
  }

  private void recordOneRequest(int i, CharSequence method) {
    WorkerCounters counters = metrics.worker(0);
    counters.increment(counter);
    counters.request(requests, MethodLabel.index(method), CodeLabel.index(100 + i % 500));
    counters.observe(Buckets.DURATION, duration, i * 10_000L);
    counters.observe(Buckets.FAST, overhead, i);
    metrics.latency(0).record(latency, i * 10_000L);
  }
}
