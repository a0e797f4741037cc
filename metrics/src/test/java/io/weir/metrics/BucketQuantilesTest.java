package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BucketQuantilesTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MILLI = 1_000_000L;

  private final Metrics metrics = new Metrics(2);
  private final int base = metrics.permanent().latency(LatencyScope.BACKEND, "web", "a");
  private final BucketQuantiles quantiles = new BucketQuantiles(metrics, Buckets.DURATION, base, 0);

  @Test
  void nothingHappenedIsAllZero() {
    quantiles.tick(SECOND);
    assertThat(quantiles.summary()).isEqualTo(LatencySummary.NOTHING);
  }

  @Test
  void aPercentileIsInterpolatedInsideItsBucket() {
    observe(0, 50, 7 * MILLI); // (5 ms, 10 ms]
    observe(1, 50, 20 * MILLI); // (10 ms, 25 ms]
    quantiles.tick(SECOND);
    LatencySummary summary = quantiles.summary();
    assertThat(summary.count()).isEqualTo(100);
    assertThat(summary.p50()).isEqualTo(10 * MILLI);
    assertThat(summary.p90()).as("40 of the 50 in 10..25").isEqualTo(22 * MILLI);
    assertThat(summary.p99()).isEqualTo(24_700_000);
    assertThat(summary.p999()).isEqualTo(24_970_000);
    assertThat(summary.max()).isEqualTo(25 * MILLI);
  }

  @Test
  void theFirstBucketBeginsAtZero() {
    observe(0, 10, 1);
    quantiles.tick(SECOND);
    assertThat(quantiles.summary().p50()).isEqualTo(250_000);
  }

  @Test
  void whatExceedsTheLastBoundCountsAsThatBound() {
    observe(0, 10, 3600 * SECOND);
    quantiles.tick(SECOND);
    assertThat(quantiles.summary().p50()).isEqualTo(10 * SECOND);
    assertThat(quantiles.summary().max()).isEqualTo(10 * SECOND);
  }

  @Test
  void whatHappenedBeforeTheBeginningDoesNotCount() {
    observe(0, 10, MILLI);
    BucketQuantiles late = new BucketQuantiles(metrics, Buckets.DURATION, base, 5 * SECOND);
    late.tick(6 * SECOND);
    assertThat(late.summary()).isEqualTo(LatencySummary.NOTHING);
  }

  @Test
  void anObservationIsForgottenAfterTenSeconds() {
    observe(0, 1, MILLI);
    for (int second = 1; second <= 10; second++) {
      quantiles.tick(second * SECOND);
      assertThat(quantiles.summary().count()).as("second %d", second).isOne();
    }
    quantiles.tick(11 * SECOND);
    assertThat(quantiles.summary()).isEqualTo(LatencySummary.NOTHING);
  }

  @Test
  void cellsThatWrapAroundGiveTheSameDifference() {
    metrics.worker(0).add(base, Long.MAX_VALUE);
    BucketQuantiles late = new BucketQuantiles(metrics, Buckets.DURATION, base, 0);
    observe(0, 4, 1);
    late.tick(SECOND);
    assertThat(late.summary().count()).isEqualTo(4);
  }

  private void observe(int worker, int times, long nanos) {
    for (int i = 0; i < times; i++) {
      metrics.worker(worker).observe(Buckets.DURATION, base, nanos);
    }
  }
}
