package io.weir.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * The series that one compiled configuration registers; visible once {@linkplain Metrics#publish
 * published}.
 *
 * <p>Registering the same series again, here or in another generation, gives the same slot; no slot
 * is 0, so that a caller can mean "none" by it. Label values come in the order of {@link
 * MetricName#labels}, and only from configuration or closed word lists. Any thread; control plane
 * only.
 */
public final class MetricsGeneration {
  private final Metrics metrics;

  // Both guarded by metrics.
  private final Map<SeriesKey, Series> series = new LinkedHashMap<>();
  private final Map<SeriesKey, LatencyTrack> tracks = new LinkedHashMap<>();

  MetricsGeneration(Metrics metrics) {
    this.metrics = metrics;
  }

  /** Registers a counter and returns its slot. */
  public int counter(MetricName name, String... labelValues) {
    check(name, MetricType.COUNTER);
    if (name == MetricName.HTTP_REQUESTS) {
      throw new IllegalArgumentException(name.exported() + " is registered by requests()");
    }
    SeriesKey key = key(name, name.labels(), labelValues);
    synchronized (metrics) {
      int slot = metrics.register(key, 1);
      series.put(key, new Series.Counter(name, key.labelValues(), slot));
      return slot;
    }
  }

  /** Registers a gauge that workers raise and lower with {@link WorkerCounters#add}. */
  public int level(MetricName name, String... labelValues) {
    check(name, MetricType.GAUGE);
    SeriesKey key = key(name, name.labels(), labelValues);
    synchronized (metrics) {
      int slot = metrics.register(key, 1);
      series.put(key, new Series.Level(name, key.labelValues(), slot));
      return slot;
    }
  }

  /**
   * Registers a gauge that is asked whenever the metrics are read, on the reader's thread; it must
   * not block or throw.
   */
  public void gauge(MetricName name, DoubleSupplier value, String... labelValues) {
    check(name, MetricType.GAUGE);
    SeriesKey key = key(name, name.labels(), labelValues);
    synchronized (metrics) {
      metrics.registerWithoutCells();
      series.put(key, new Series.Gauge(name, key.labelValues(), value));
    }
  }

  /**
   * Registers a counter that is asked whenever the metrics are read, on the reader's thread; it
   * must not block or throw.
   */
  public void counter(MetricName name, LongSupplier value, String... labelValues) {
    check(name, MetricType.COUNTER);
    SeriesKey key = key(name, name.labels(), labelValues);
    synchronized (metrics) {
      metrics.registerWithoutCells();
      series.put(key, new Series.Told(name, key.labelValues(), value));
    }
  }

  /** Registers a metric that is always 1 and says what it has to say in its labels. */
  public void info(MetricName name, String... labelValues) {
    check(name, MetricType.INFO);
    SeriesKey key = key(name, name.labels(), labelValues);
    synchronized (metrics) {
      metrics.registerWithoutCells();
      series.put(key, new Series.Constant(name, key.labelValues()));
    }
  }

  /** Registers a histogram and returns the base for {@link WorkerCounters#observe}. */
  public int histogram(MetricName name, String... labelValues) {
    check(name, MetricType.HISTOGRAM);
    SeriesKey key = key(name, name.labels(), labelValues);
    synchronized (metrics) {
      int base = metrics.register(key, name.buckets().cells());
      series.put(key, new Series.Histogram(name, key.labelValues(), base));
      return base;
    }
  }

  /**
   * Registers {@link MetricName#HTTP_REQUESTS} of a listener and a route and returns the base for
   * {@link WorkerCounters#request}.
   */
  public int requests(String listener, String route) {
    MetricName name = MetricName.HTTP_REQUESTS;
    SeriesKey key = new SeriesKey(name, List.of(listener, route));
    synchronized (metrics) {
      int base = metrics.register(key, Series.Requests.CELLS);
      series.put(key, new Series.Requests(name, key.labelValues(), base));
      return base;
    }
  }

  /**
   * Registers latency percentiles and returns the id for {@link WorkerLatency#record}; for {@link
   * LatencyScope#BACKEND} the base for {@link WorkerCounters#observe} with {@link
   * Buckets#DURATION}.
   */
  public int latency(LatencyScope scope, String... labelValues) {
    SeriesKey key = key(scope, scope.labels(), labelValues);
    synchronized (metrics) {
      int id =
          scope == LatencyScope.BACKEND
              ? metrics.register(key, Buckets.DURATION.cells())
              : metrics.registerLatency(key);
      tracks.put(key, new LatencyTrack(scope, key.labelValues(), id));
      return id;
    }
  }

  /** Takes the place of another, whose listeners may be gone; the caller holds the lock. */
  void replaces(MetricsGeneration old, LeavingListeners leaving) {
    leaving.replaced(old.series, series);
  }

  /** Adds the series that are not there yet; the caller holds the lock. */
  void addSeriesTo(Map<SeriesKey, Series> all) {
    series.forEach(all::putIfAbsent);
  }

  /** Adds the latencies that are not there yet; the caller holds the lock. */
  void addTracksTo(Map<SeriesKey, LatencyTrack> all) {
    tracks.forEach(all::putIfAbsent);
  }

  private static void check(MetricName name, MetricType expected) {
    if (name.type() != expected) {
      throw new IllegalArgumentException(
          name.exported() + ": " + expected + " (expected: " + name.type() + ")");
    }
  }

  private static SeriesKey key(Enum<?> family, List<String> names, String[] values) {
    List<String> labelValues = List.of(values);
    if (labelValues.size() != names.size()) {
      throw new IllegalArgumentException(
          family + ": " + labelValues + " (expected: a value for each of " + names + ")");
    }
    return new SeriesKey(family, labelValues);
  }
}
