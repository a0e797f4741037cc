package io.weir.metrics;

import java.util.Arrays;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** What one second recorded, without the thousands of cells that stayed empty. */
final class LatencySlice {
  private final long takenAt;
  private final long[] valuesAndCounts;

  LatencySlice(long takenAt, Histogram recorded) {
    this.takenAt = takenAt;
    long[] pairs = new long[64];
    int size = 0;
    for (HistogramIterationValue cell : recorded.recordedValues()) {
      if (size == pairs.length) {
        pairs = Arrays.copyOf(pairs, size * 2);
      }
      pairs[size++] = cell.getValueIteratedTo();
      pairs[size++] = cell.getCountAddedInThisIterationStep();
    }
    this.valuesAndCounts = Arrays.copyOf(pairs, size);
  }

  /** When it was taken, nanoseconds. */
  long takenAt() {
    return takenAt;
  }

  void addTo(Histogram histogram) {
    for (int i = 0; i < valuesAndCounts.length; i += 2) {
      histogram.recordValueWithCount(valuesAndCounts[i], valuesAndCounts[i + 1]);
    }
  }
}
