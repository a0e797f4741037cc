package io.weir.metrics;

/** A rolling window that knows its percentiles; one thread. */
sealed interface Percentiles permits LatencyWindow, BucketQuantiles {
  /** Moves the window's end to {@code now}; about once a second. */
  void tick(long now);

  LatencySummary summary();
}
