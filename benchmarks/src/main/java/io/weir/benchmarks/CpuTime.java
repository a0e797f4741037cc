package io.weir.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * What a call costs in CPU time of its thread: time as it passes would also count the turns of
 * whatever else the machine is doing.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar -prof io.weir.benchmarks.CpuTime</pre>
 */
public final class CpuTime implements InternalProfiler {
  /** Part of the names of the threads that run benchmarks. */
  static final String THREADS = "jmh-worker";

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private long before;

  @Override
  public String getDescription() {
    return "CPU time of the benchmark's threads for each call";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    before = spentNanos();
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    double perCall = (double) (spentNanos() - before) / result.getMetadata().getAllOps();
    return List.of(new ScalarResult("cpu", perCall, "ns/op", AggregationPolicy.AVG));
  }

  /** Of all threads that run benchmarks; they live as long as the fork. */
  private long spentNanos() {
    long sum = 0;
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().contains(THREADS)) {
        sum += threads.getThreadCpuTime(thread.threadId());
      }
    }
    return sum;
  }
}
