package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class WorkerCountersTest {
  private static final int WORKERS = 3;

  private final Metrics metrics = new Metrics(WORKERS);

  @Test
  void aSlotThatNobodyTouchedIsZero() {
    assertThat(metrics.sum(0)).isZero();
    assertThat(metrics.sum(1_000_000)).isZero();
    metrics.worker(0).increment(1_000_000);
    assertThat(metrics.sum(1_000_000)).isOne();
    assertThat(metrics.sum(999_999)).isZero();
  }

  @Test
  void everyWorkerAndTheControlLoopAddUp() {
    metrics.worker(0).add(7, 1);
    metrics.worker(1).add(7, 20);
    metrics.worker(2).add(7, 300);
    metrics.control().add(7, 4000);
    assertThat(metrics.sum(7)).isEqualTo(4321);
  }

  @Test
  void neighbouringSlotsDoNotTouchAcrossTheEdgeOfAChunk() {
    WorkerCounters counters = metrics.worker(0);
    for (int slot = 0; slot < 3 * WorkerCounters.CHUNK; slot++) {
      counters.add(slot, slot);
    }
    for (int slot = 0; slot < 3 * WorkerCounters.CHUNK; slot++) {
      assertThat(metrics.sum(slot)).isEqualTo(slot);
    }
  }

  @Test
  void aCellWrapsAround() {
    metrics.worker(0).add(3, Long.MAX_VALUE);
    assertThat(metrics.sum(3)).isEqualTo(Long.MAX_VALUE);
    metrics.worker(0).increment(3);
    assertThat(metrics.sum(3)).isEqualTo(Long.MIN_VALUE);
    metrics.worker(0).add(3, Long.MAX_VALUE);
    metrics.worker(0).increment(3);
    assertThat(metrics.sum(3)).isZero();
  }

  @Test
  void aSumOverWorkersWrapsAroundToo() {
    metrics.worker(0).add(3, Long.MAX_VALUE);
    metrics.worker(1).add(3, Long.MAX_VALUE);
    metrics.worker(2).add(3, 2);
    assertThat(metrics.sum(3)).isZero();
  }

  @Test
  void aRequestIsCountedInTheCellOfItsMethodAndCode() {
    int base = metrics.permanent().requests("web", "shop");
    WorkerCounters counters = metrics.worker(0);
    String[] methods = {"GET", "HEAD", "POST", "PUT", "OPTIONS", "BREW"};
    int[] codes = {100, 200, 404, 418, 499, 511, 999};
    for (String method : methods) {
      for (int code : codes) {
        counters.request(base, MethodLabel.index(method), CodeLabel.index(code));
      }
    }
    int[] slots = metrics.slots(MetricName.HTTP_REQUESTS, List.of(), List.of());
    assertThat(metrics.sum(slots)).isEqualTo(methods.length * codes.length);
    assertThat(metrics.sum(base + MethodLabel.index("PUT") * CodeLabel.ROW + CodeLabel.index(404)))
        .isOne();
    // 418 is unused in the registry, so it is "other" like 999.
    assertThat(metrics.sum(base + MethodLabel.index("X") * CodeLabel.ROW + CodeLabel.index(0)))
        .isEqualTo(2);
  }

  @Test
  void anObservationLandsInItsBucketAndInTheSum() {
    int base = metrics.permanent().histogram(MetricName.HTTP_REQUEST_DURATION, "shop");
    WorkerCounters counters = metrics.worker(0);
    counters.observe(Buckets.DURATION, base, 500_000);
    counters.observe(Buckets.DURATION, base, 500_001);
    counters.observe(Buckets.DURATION, base, 3_600_000_000_000L);
    counters.observe(Buckets.DURATION, base, -5);
    assertThat(metrics.sum(base))
        .as("up to half a millisecond, and what went backwards")
        .isEqualTo(2);
    assertThat(metrics.sum(base + 1)).isOne();
    assertThat(metrics.sum(base + 14)).as("beyond ten seconds").isOne();
    assertThat(metrics.sum(base + 15)).isEqualTo(3_600_001_000_001L);
  }

  @Test
  void randomCountingFromAllThreadsEqualsNaiveCounting() throws Exception {
    int slots = 5_000;
    SplittableRandom random = Seed.random();
    List<Callable<Map<Integer, Long>>> jobs = new ArrayList<>();
    for (int worker = 0; worker < WORKERS; worker++) {
      WorkerCounters counters = metrics.worker(worker);
      SplittableRandom own = random.split();
      jobs.add(() -> countAtRandom(counters, slots, own));
    }
    SplittableRandom own = random.split();
    jobs.add(() -> countAtRandom(metrics.control(), slots, own));

    Map<Integer, Long> expected = new HashMap<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(jobs.size())) {
      for (Future<Map<Integer, Long>> done : threads.invokeAll(jobs)) {
        done.get().forEach((slot, n) -> expected.merge(slot, n, Long::sum));
      }
    }
    for (int slot = 0; slot < slots; slot++) {
      assertThat(metrics.sum(slot))
          .as("%s, slot %d", Seed.message(), slot)
          .isEqualTo(expected.getOrDefault(slot, 0L));
    }
  }

  private static Map<Integer, Long> countAtRandom(
      WorkerCounters counters, int slots, SplittableRandom random) {
    Map<Integer, Long> naive = new HashMap<>();
    for (int i = 0; i < 200_000; i++) {
      int slot = random.nextInt(random.nextBoolean() ? slots : 20);
      long n = random.nextLong(-1000, 1000);
      counters.add(slot, n);
      naive.merge(slot, n, Long::sum);
    }
    return naive;
  }

  @Test
  void aReaderNeverSeesACounterGoBackOrASumWithoutItsObservation() throws Exception {
    int base = metrics.permanent().histogram(MetricName.HTTP_REQUEST_DURATION, "shop");
    int sumCell = base + Buckets.DURATION.sumCell();
    int observations = 300_000;
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<?> writer =
          thread.submit(() -> {
            WorkerCounters counters = metrics.worker(0);
            for (int i = 0; i < observations; i++) {
              counters.observe(Buckets.DURATION, base, 1);
            }
          });
      long last = 0;
      while (last < observations) {
        long counted = metrics.sum(base);
        long nanos = metrics.sum(sumCell);
        assertThat(counted).isGreaterThanOrEqualTo(last);
        assertThat(nanos).as("each observation is one nanosecond").isGreaterThanOrEqualTo(counted);
        last = counted;
        if (writer.isDone()) {
          writer.get();
        }
      }
    }
  }
}
