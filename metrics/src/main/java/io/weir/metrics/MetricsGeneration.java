package io.weir.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * The series that one compiled configuration registers; visible once {@linkplain Metrics#publish
 * published}.
 *
 * <p>Registering the same series again, here or in another generation, gives the same slot. Label
 * values come in the order of {@link MetricName#labels}, and only from configuration or closed word
 * lists. Any thread; control plane only.
 */
public final class MetricsGeneration {
  private record Key(Enum<?> family, List<String> labelValues) {}

  private final Metrics metrics;

  // Both guarded by metrics.
  private final Map<Key, Series> series = new LinkedHashMap<>();
  private final Map<Key, LatencyTrack> tracks = new LinkedHashMap<>();

  MetricsGeneration(Metrics metrics) {
    this.metrics = metrics;
  }

  /** Registers a counter and returns its slot. */
  public int counter(MetricName name, String... labelValues) {
    check(name, MetricType.COUNTER);
    if (name == MetricName.HTTP_REQUESTS) {
      throw new IllegalArgumentException(name.exported() + " is registered by requests()");
    }
    List<String> values = values(name, name.labels(), labelValues);
    synchronized (metrics) {
      int slot = metrics.slot(name, values, 1);
      series.put(new Key(name, values), new Series.Counter(name, values, slot));
      return slot;
    }
  }

  /** Registers a gauge that workers raise and lower with {@link WorkerCounters#add}. */
  public int level(MetricName name, String... labelValues) {
    check(name, MetricType.GAUGE);
    List<String> values = values(name, name.labels(), labelValues);
    synchronized (metrics) {
      int slot = metrics.slot(name, values, 1);
      series.put(new Key(name, values), new Series.Level(name, values, slot));
      return slot;
    }
  }

  /** Registers a gauge that is asked by whoever reads the metrics, on the reader's thread. */
  public void gauge(MetricName name, DoubleSupplier value, String... labelValues) {
    check(name, MetricType.GAUGE);
    List<String> values = values(name, name.labels(), labelValues);
    synchronized (metrics) {
      series.put(new Key(name, values), new Series.Gauge(name, values, value));
    }
  }

  /** Registers a metric that is always 1 and says what it has to say in its labels. */
  public void info(MetricName name, String... labelValues) {
    check(name, MetricType.INFO);
    List<String> values = values(name, name.labels(), labelValues);
    synchronized (metrics) {
      series.put(new Key(name, values), new Series.Constant(name, values));
    }
  }

  /** Registers a histogram and returns the base for {@link WorkerCounters#observe}. */
  public int histogram(MetricName name, String... labelValues) {
    check(name, MetricType.HISTOGRAM);
    List<String> values = values(name, name.labels(), labelValues);
    synchronized (metrics) {
      int base = metrics.slot(name, values, name.buckets().cells());
      series.put(new Key(name, values), new Series.Histogram(name, values, base));
      return base;
    }
  }

  /**
   * Registers {@link MetricName#HTTP_REQUESTS} of a listener and a route and returns the base for
   * {@link WorkerCounters#request}.
   */
  public int requests(String listener, String route) {
    MetricName name = MetricName.HTTP_REQUESTS;
    List<String> values = List.of(listener, route);
    synchronized (metrics) {
      int base = metrics.slot(name, values, Series.Requests.CELLS);
      series.put(new Key(name, values), new Series.Requests(name, values, base));
      return base;
    }
  }

  /**
   * Registers latency percentiles and returns the id for {@link WorkerLatency#record}; for {@link
   * LatencyScope#BACKEND} the base for {@link WorkerCounters#observe} with {@link
   * Buckets#DURATION}.
   */
  public int latency(LatencyScope scope, String... labelValues) {
    List<String> values = values(scope, scope.labels(), labelValues);
    synchronized (metrics) {
      int id = metrics.latencyId(scope, values);
      tracks.put(new Key(scope, values), new LatencyTrack(scope, values, id));
      return id;
    }
  }

  /** Adds what is registered here and not yet in the maps; the caller holds the lock. */
  void addTo(Map<Object, Series> allSeries, Map<Object, LatencyTrack> allTracks) {
    series.forEach(allSeries::putIfAbsent);
    tracks.forEach(allTracks::putIfAbsent);
  }

  private static void check(MetricName name, MetricType expected) {
    if (name.type() != expected) {
      throw new IllegalArgumentException(
          name.exported() + ": " + expected + " (expected: " + name.type() + ")");
    }
  }

  private static List<String> values(Enum<?> family, List<String> names, String[] values) {
    if (values.length != names.size()) {
      throw new IllegalArgumentException(
          family + ": " + List.of(values) + " (expected: a value for each of " + names + ")");
    }
    return List.of(values);
  }
}
