package io.weir.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time per call in nanoseconds, in runs that are short enough to be made often; options of the
 * command line go before these.
 *
 * <p>Collector, object headers and heap are those of the launcher, so that figures compare.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "-Djmh.executor=CUSTOM",
      "-Djmh.executor.class=io.weir.benchmarks.LoopThreads",
      "-XX:+UseParallelGC",
      "-Xmx1g",
      "-XX:+UseCompactObjectHeaders",
      "--enable-native-access=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow"
    })
public abstract class ShortRuns {
  /** Every run measures the same work. */
  public static final long SEED = 20_260_714;
}
