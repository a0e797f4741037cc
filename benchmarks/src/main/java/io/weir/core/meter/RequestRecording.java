package io.weir.core.meter;

import io.weir.benchmarks.ShortRuns;
import io.weir.core.http.HttpVersion;
import io.weir.firewall.Decision;
import io.weir.metrics.Metrics;
import io.weir.metrics.MetricsGeneration;
import io.weir.metrics.WorkerCounters;
import io.weir.metrics.WorkerLatency;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Everything that one forwarded request records: 16 counters, 6 histograms, 4 percentile recorders.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar RequestRecording -prof gc</pre>
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by the setup
public class RequestRecording extends ShortRuns {
  private static final int DURATIONS = 1 << 10; // power of two

  private WorkerCounters counters;
  private WorkerLatency latency;
  private ListenerMeter listener;
  private FirewallMeter firewall;
  private RouteMeter route;
  private PoolMeter pool;
  private BackendMeter backend;
  private final long[] durations = new long[DURATIONS];
  private int next;

  @Setup
  public void register() {
    Metrics metrics = new Metrics(1);
    MetricsGeneration generation = metrics.nextGeneration();
    listener = new ListenerMeter(generation, "web");
    firewall = new FirewallMeter(generation);
    route = new RouteMeter(generation, "web", "shop");
    pool = new PoolMeter(generation, "shop");
    backend = new BackendMeter(generation, "shop", "127.0.0.1:9000");
    metrics.publish(generation);
    counters = metrics.worker(0);
    latency = metrics.latency(0);
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < DURATIONS; i++) {
      durations[i] = (long) (200_000 * Math.exp(random.nextGaussian())); // 0.2 ms, long tail
    }
  }

  @Benchmark
  public void request() {
    long nanos = durations[next++ & (DURATIONS - 1)];
    listener.requestBegan(counters, HttpVersion.HTTP_1_1);
    firewall.requestJudged(counters, nanos / 100);
    listener.decided(counters, Decision.ALLOW);
    backend.idle(counters, -1);
    backend.requestBegan(counters);
    pool.firstByte(counters, nanos - 100_000);
    backend.idle(counters, 1);
    backend.answered(counters, 200, nanos - 50_000);
    backend.bytes(counters, 1024, 0);
    backend.requestEnded(counters);
    pool.responseEnded(counters, latency, nanos - 50_000);
    route.requestEnded(counters, latency, "GET", 200, nanos, 0, 1024);
    listener.requestEnded(counters, latency, nanos, 50_000);
  }
}
