package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LatencyWindowsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Percentage TWO_DIGITS = Percentage.withPercentage(1);

  private final Metrics metrics = new Metrics(2);
  private final LatencyWindows windows = new LatencyWindows(metrics);

  @Test
  void percentilesOfAllWorkersAreThoseOfASortedList() {
    int id = metrics.permanent().latency(LatencyScope.ROUTE, "shop");
    SplittableRandom random = Seed.random();
    List<Long> naive = new ArrayList<>();
    for (int second = 1; second <= 10; second++) {
      for (int i = 0; i < 2_000; i++) {
        long nanos = random.nextLong(200_000, 1L << random.nextInt(20, 36));
        metrics.latency(random.nextInt(2)).record(id, nanos);
        naive.add(nanos);
      }
      windows.tick(second * SECOND);
    }
    naive.sort(null);
    LatencySummary summary = windows.summary(only());
    assertThat(summary.count()).isEqualTo(naive.size());
    assertPercentile(summary.p50(), naive, 0.5);
    assertPercentile(summary.p90(), naive, 0.9);
    assertPercentile(summary.p99(), naive, 0.99);
    assertPercentile(summary.p999(), naive, 0.999);
    assertPercentile(summary.max(), naive, 1);
  }

  private static void assertPercentile(long actual, List<Long> sorted, double q) {
    long expected = sorted.get((int) Math.ceil(q * sorted.size()) - 1);
    assertThat(actual).as("%s, q %s", Seed.message(), q).isCloseTo(expected, TWO_DIGITS);
  }

  @Test
  void aSecondIsForgottenAfterTen() {
    int id = metrics.permanent().latency(LatencyScope.TOTAL);
    metrics.latency(0).record(id, 5 * SECOND);
    windows.tick(SECOND);
    metrics.latency(1).record(id, SECOND);
    for (int second = 2; second <= 10; second++) {
      windows.tick(second * SECOND);
      assertThat(windows.summary(only()).count()).as("second %d", second).isEqualTo(2);
    }
    windows.tick(11 * SECOND);
    assertThat(windows.summary(only()).count()).isOne();
    assertThat(windows.summary(only()).max()).isCloseTo(SECOND, TWO_DIGITS);
    windows.tick(12 * SECOND);
    assertThat(windows.summary(only())).isEqualTo(LatencySummary.NOTHING);
  }

  @Test
  void aReaderThatSleptForgetsWhatIsOld() {
    int id = metrics.permanent().latency(LatencyScope.TOTAL);
    metrics.latency(0).record(id, 1_000_000);
    windows.tick(SECOND);
    windows.tick(100 * SECOND);
    assertThat(windows.summary(only())).isEqualTo(LatencySummary.NOTHING);
  }

  @Test
  void whatIsOutOfRangeIsClampedAndNeverThrown() {
    int id = metrics.permanent().latency(LatencyScope.TOTAL);
    WorkerLatency latency = metrics.latency(0);
    latency.record(id, Long.MIN_VALUE);
    latency.record(id, -1);
    latency.record(id, 0);
    latency.record(id, Long.MAX_VALUE);
    windows.tick(SECOND);
    LatencySummary summary = windows.summary(only());
    assertThat(summary.count()).isEqualTo(4);
    assertThat(summary.p50()).as("below a microsecond").isLessThan(1_000);
    assertThat(summary.max()).isCloseTo(3600 * SECOND, TWO_DIGITS);
  }

  @Test
  void recordersGrowWithTheIds() {
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ids.add(metrics.permanent().latency(LatencyScope.ROUTE, "route-" + i));
    }
    assertThat(ids).doesNotHaveDuplicates();
    for (int i = 99; i >= 0; i -= 3) {
      metrics.latency(0).record(ids.get(i), (i + 1) * 1_000_000L);
    }
    windows.tick(SECOND);
    for (LatencyTrack track : metrics.tracks()) {
      int i = ids.indexOf(track.id());
      assertThat(windows.summary(track).count()).isEqualTo(i % 3 == 0 ? 1 : 0);
    }
  }

  @Test
  void aBackendIsReadFromItsBuckets() {
    int base = metrics.permanent().latency(LatencyScope.BACKEND, "web", "a");
    windows.tick(0);
    metrics.worker(0).observe(Buckets.DURATION, base, 7_000_000);
    windows.tick(SECOND);
    LatencySummary summary = windows.summary(only());
    assertThat(summary.count()).isOne();
    assertThat(summary.p50()).isCloseTo(7_500_000, within(1L));
  }

  @Test
  void aRecorderIsForgottenWithItsRouteAndTheRouteReturnsEmpty() {
    MetricsGeneration withRoute = metrics.nextGeneration();
    int id = withRoute.latency(LatencyScope.ROUTE, "shop");
    metrics.publish(withRoute);
    LatencyTrack track = only();
    metrics.latency(0).record(id, SECOND);
    windows.tick(SECOND);
    assertThat(windows.summary(track).count()).isOne();

    metrics.publish(metrics.nextGeneration());
    windows.tick(2 * SECOND);
    assertThat(metrics.latency(0).seen(id)).isNull();
    assertThat(windows.summary(track)).isEqualTo(LatencySummary.NOTHING);

    metrics.latency(0).record(id, SECOND); // an exchange that pinned the old snapshot
    assertThat(metrics.latency(0).seen(id)).isNotNull();
    windows.tick(3 * SECOND);
    assertThat(metrics.latency(0).seen(id)).isNull();

    metrics.publish(withRoute);
    windows.tick(4 * SECOND);
    assertThat(windows.summary(track)).isEqualTo(LatencySummary.NOTHING);
    metrics.latency(0).record(id, SECOND);
    windows.tick(5 * SECOND);
    assertThat(windows.summary(track).count()).isOne();
  }

  @Test
  void noValueIsLostOrCountedTwiceWhileTheReaderSwaps() throws Exception {
    int id = metrics.permanent().latency(LatencyScope.TOTAL);
    int each = 500_000;
    try (ExecutorService workers = Executors.newFixedThreadPool(2)) {
      List<Future<?>> running = new ArrayList<>();
      for (int worker = 0; worker < 2; worker++) {
        WorkerLatency latency = metrics.latency(worker);
        running.add(workers.submit(() -> record(latency, id, each)));
      }
      // The clock stands still, so that nothing leaves the window.
      while (!running.stream().allMatch(Future::isDone)) {
        windows.tick(SECOND);
      }
      for (Future<?> done : running) {
        done.get();
      }
    }
    windows.tick(SECOND);
    assertThat(windows.summary(only()).count()).isEqualTo(2L * each);
  }

  private static void record(WorkerLatency latency, int id, int times) {
    for (int i = 0; i < times; i++) {
      latency.record(id, 1_000_000 + i);
    }
  }

  private LatencyTrack only() {
    assertThat(metrics.tracks()).hasSize(1);
    return metrics.tracks().getFirst();
  }
}
