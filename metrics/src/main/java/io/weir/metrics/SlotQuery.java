package io.weir.metrics;

import java.util.List;
import java.util.stream.IntStream;

/** Finds the slots behind a metric's name and some of its labels. */
final class SlotQuery {
  private SlotQuery() {}

  static int[] slots(List<Series> all, MetricName name, String... labels) {
    return all.stream()
        .filter(series -> series.name() == name && has(series, labels))
        .flatMapToInt(SlotQuery::cells)
        .toArray();
  }

  private static boolean has(Series series, String[] labels) {
    for (int i = 0; i < labels.length; i += 2) {
      int at = series.name().labels().indexOf(labels[i]);
      if (at < 0 || at >= series.labelValues().size()) {
        throw new IllegalArgumentException(
            labels[i] + " (expected: one of " + series.name().labels() + ")");
      }
      if (!series.labelValues().get(at).equals(labels[i + 1])) {
        return false;
      }
    }
    return true;
  }

  private static IntStream cells(Series series) {
    return switch (series) {
      case Series.Counter counter -> IntStream.of(counter.slot());
      case Series.Level level -> IntStream.of(level.slot());
      case Series.Histogram histogram ->
          block(histogram.base(), histogram.name().buckets().count());
      case Series.Requests requests -> block(requests.base(), Series.Requests.CELLS);
      case Series.Gauge _, Series.Constant _ -> IntStream.empty();
    };
  }

  private static IntStream block(int base, int cells) {
    return IntStream.range(base, base + cells);
  }
}
