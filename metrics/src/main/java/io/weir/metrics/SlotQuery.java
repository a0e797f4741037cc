package io.weir.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Finds the slots behind a metric's name and some of its labels. */
final class SlotQuery {
  private SlotQuery() {}

  static int[] slots(List<Series> all, MetricName name, List<String> labels, List<String> values) {
    return all.stream()
        .filter(series -> series.name() == name && has(series, labels, values))
        .flatMapToInt(SlotQuery::cells)
        .toArray();
  }

  static Map<List<String>, int[]> slots(List<Series> all, MetricName name) {
    Map<List<String>, int[]> slots = new LinkedHashMap<>();
    for (Series series : all) {
      if (series.name() == name) {
        slots.put(series.labelValues(), cells(series).toArray());
      }
    }
    return slots;
  }

  /** The cells of requests that were answered with 500 or above. */
  static int[] serverErrors(List<Series> all, List<String> labels, List<String> values) {
    return all.stream()
        .filter(series -> series instanceof Series.Requests && has(series, labels, values))
        .flatMapToInt(series -> serverErrors((Series.Requests) series))
        .toArray();
  }

  private static IntStream serverErrors(Series.Requests series) {
    return IntStream.range(0, Series.Requests.CELLS)
        .filter(cell -> CodeLabel.isServerError(cell % CodeLabel.ROW))
        .map(cell -> series.base() + cell);
  }

  private static boolean has(Series series, List<String> labels, List<String> values) {
    // A block of requests is known by its first two labels; the others are inside it.
    List<String> known = series.name().labels().subList(0, series.labelValues().size());
    for (int i = 0; i < labels.size(); i++) {
      int at = known.indexOf(labels.get(i));
      if (at < 0) {
        throw new IllegalArgumentException(labels.get(i) + " (expected: one of " + known + ")");
      }
      if (!series.labelValues().get(at).equals(values.get(i))) {
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
      case Series.Told _, Series.Gauge _, Series.Constant _ -> IntStream.empty();
    };
  }

  private static IntStream block(int base, int cells) {
    return IntStream.range(base, base + cells);
  }
}
