package io.weir.metrics;

/** Percentiles of the last ten seconds, in nanoseconds; all zero when nothing happened. */
public record LatencySummary(long count, long p50, long p90, long p99, long p999, long max) {
  static final LatencySummary NOTHING = new LatencySummary(0, 0, 0, 0, 0, 0);

  /** Seconds that a summary looks back. */
  static final int WINDOW_SECONDS = 10;

  static final long WINDOW_NANOS = WINDOW_SECONDS * 1_000_000_000L;
}
