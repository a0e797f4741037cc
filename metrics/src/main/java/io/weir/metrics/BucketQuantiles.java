package io.weir.metrics;

import java.util.ArrayDeque;

/**
 * Percentiles of the last ten seconds, estimated from a histogram's buckets; one thread.
 *
 * <p>An estimate lies in the right bucket and is interpolated linearly inside it, as Prometheus's
 * {@code histogram_quantile} does. What exceeded the last bound counts as that bound.
 */
public final class BucketQuantiles implements Percentiles {
  private static final long HALF_A_TICK = 500_000_000L;

  /** A reading of all buckets; not a record, whose components are compared. */
  private static final class Sample {
    final long takenAt;
    final long[] counts;

    Sample(long takenAt, long[] counts) {
      this.takenAt = takenAt;
      this.counts = counts;
    }
  }

  private final Metrics metrics;
  private final Buckets buckets;
  private final int base;

  // Oldest first: the newest is the window's end, the oldest what is taken off it.
  private final ArrayDeque<Sample> samples = new ArrayDeque<>();

  /**
   * @param base first slot of the histogram's block
   * @param now the window's beginning, nanoseconds
   */
  public BucketQuantiles(Metrics metrics, Buckets buckets, int base, long now) {
    this.metrics = metrics;
    this.buckets = buckets;
    this.base = base;
    samples.add(new Sample(now, read()));
  }

  @Override
  public void tick(long now) {
    samples.addLast(new Sample(now, read()));
    while (now - samples.getFirst().takenAt > LatencySummary.WINDOW_NANOS + HALF_A_TICK) {
      samples.removeFirst();
    }
  }

  @Override
  public LatencySummary summary() {
    return summary(samples.getFirst().counts, samples.getLast().counts);
  }

  private LatencySummary summary(long[] from, long[] to) {
    long[] counts = new long[to.length];
    long total = 0;
    int highest = 0;
    for (int i = 0; i < counts.length; i++) {
      counts[i] = to[i] - from[i];
      total += counts[i];
      highest = counts[i] > 0 ? i : highest;
    }
    if (total == 0) {
      return LatencySummary.NOTHING;
    }
    return new LatencySummary(
        total,
        quantile(counts, total, 0.5),
        quantile(counts, total, 0.9),
        quantile(counts, total, 0.99),
        quantile(counts, total, 0.999),
        upperBound(highest));
  }

  private long quantile(long[] counts, long total, double q) {
    double rank = q * total;
    double below = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0 && below + counts[i] >= rank) {
        long lower = i == 0 ? 0 : upperBound(i - 1);
        return lower + Math.round((upperBound(i) - lower) * ((rank - below) / counts[i]));
      }
      below += counts[i];
    }
    return upperBound(counts.length - 1);
  }

  /** The bound of a bucket; the open bucket has that of the one before. */
  private long upperBound(int bucket) {
    return buckets.upperBound(Math.min(bucket, buckets.count() - 2));
  }

  private long[] read() {
    long[] counts = new long[buckets.count()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = metrics.sum(base + i);
    }
    return counts;
  }
}
