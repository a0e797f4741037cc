package io.weir.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The series of listeners that no configuration has any more, for as long as they have connections:
 * these are still counted. Guarded by its {@link Metrics}.
 */
final class LeavingListeners {
  private final Map<String, Map<SeriesKey, Series>> byName = new LinkedHashMap<>();

  /** One generation takes the place of another. */
  void replaced(Map<SeriesKey, Series> old, Map<SeriesKey, Series> next) {
    old.forEach((key, series) -> {
      String listener = listenerOf(series);
      if (listener != null) {
        byName.computeIfAbsent(listener, _ -> new LinkedHashMap<>()).put(key, series);
      }
    });
    for (Series series : next.values()) {
      String listener = listenerOf(series);
      if (listener != null) {
        byName.remove(listener);
      }
    }
  }

  /** Whose listener it is of; null if it is of none. */
  private static @Nullable String listenerOf(Series series) {
    int at = series.name().labels().indexOf("listener");
    return at < 0 ? null : series.labelValues().get(at);
  }

  /**
   * Lets go of those that have no connection any more.
   *
   * @param sum of a slot over all workers
   * @return whether there were any
   */
  boolean forgetEnded(IntToLongFunction sum) {
    return byName.values().removeIf(listener -> !hasConnections(listener, sum));
  }

  private static boolean hasConnections(Map<SeriesKey, Series> listener, IntToLongFunction sum) {
    return listener.values().stream()
        .anyMatch(series ->
            series instanceof Series.Level level
                && level.name() == MetricName.CONNECTIONS
                && sum.applyAsLong(level.slot()) != 0);
  }

  /** Adds the series of those that are left. */
  void addTo(Map<SeriesKey, Series> all) {
    byName.values().forEach(listener -> listener.forEach(all::putIfAbsent));
  }
}
