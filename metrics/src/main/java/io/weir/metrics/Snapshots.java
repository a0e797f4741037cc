package io.weir.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Reads all visible series once, into the form that the text writers take. */
final class Snapshots {
  /*
   * The writers add _total and _info by themselves and refuse names that already end so, hence the
   * family names. They refuse negative counters too; a sum that wrapped is shown without its sign
   * bit, which a scraper takes for a counter that started again.
   */
  private final Metrics metrics;
  private final Map<MetricName, List<Series>> families = new EnumMap<>(MetricName.class);

  private Snapshots(Metrics metrics) {
    this.metrics = metrics;
    for (Series series : metrics.series()) {
      families.computeIfAbsent(series.name(), _ -> new ArrayList<>()).add(series);
    }
  }

  static MetricSnapshots of(Metrics metrics) {
    Snapshots snapshots = new Snapshots(metrics);
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    snapshots.families.forEach(
        (name, series) -> all.metricSnapshot(snapshots.family(name, series)));
    return all.build();
  }

  private MetricSnapshot family(MetricName name, List<Series> all) {
    return switch (name.type()) {
      case COUNTER -> counters(name, all);
      case GAUGE -> gauges(name, all);
      case HISTOGRAM -> histograms(name, all);
      case INFO -> infos(name, all);
    };
  }

  private MetricSnapshot counters(MetricName name, List<Series> all) {
    CounterSnapshot.Builder family =
        CounterSnapshot.builder().name(name.family()).help(name.help());
    for (Series series : all) {
      switch (series) {
        case Series.Counter counter ->
            addCounter(family, labels(series), metrics.sum(counter.slot()));
        case Series.Told told -> addCounter(family, labels(series), told.value().getAsLong());
        case Series.Requests requests -> addRequests(family, requests);
        default -> throw unexpected(series);
      }
    }
    return family.build();
  }

  private void addRequests(CounterSnapshot.Builder family, Series.Requests requests) {
    for (int method = 0; method < MethodLabel.COUNT; method++) {
      int row = requests.base() + method * CodeLabel.ROW;
      for (int code = 0; code < CodeLabel.COUNT; code++) {
        long sum = metrics.sum(row + code);
        if (sum != 0) {
          List<String> values = new ArrayList<>(requests.labelValues());
          values.add(MethodLabel.word(method));
          values.add(CodeLabel.word(code));
          addCounter(family, Labels.of(requests.name().labels(), values), sum);
        }
      }
    }
  }

  private static void addCounter(CounterSnapshot.Builder family, Labels labels, long sum) {
    family.dataPoint(
        CounterSnapshot.CounterDataPointSnapshot.builder()
            .labels(labels)
            .value((double) unsigned(sum))
            .build());
  }

  private MetricSnapshot gauges(MetricName name, List<Series> all) {
    GaugeSnapshot.Builder family = GaugeSnapshot.builder().name(name.family()).help(name.help());
    for (Series series : all) {
      double value =
          switch (series) {
            case Series.Level level -> metrics.sum(level.slot());
            case Series.Gauge gauge -> gauge.value().getAsDouble();
            default -> throw unexpected(series);
          };
      family.dataPoint(
          GaugeSnapshot.GaugeDataPointSnapshot.builder()
              .labels(labels(series))
              .value(value)
              .build());
    }
    return family.build();
  }

  private MetricSnapshot histograms(MetricName name, List<Series> all) {
    HistogramSnapshot.Builder family =
        HistogramSnapshot.builder().name(name.family()).help(name.help());
    Buckets buckets = name.buckets();
    for (Series series : all) {
      if (!(series instanceof Series.Histogram histogram)) {
        throw unexpected(series);
      }
      // Read the buckets before the sum: the workers write the sum first.
      long[] counts = new long[buckets.count()];
      for (int i = 0; i < counts.length; i++) {
        counts[i] = unsigned(metrics.sum(histogram.base() + i));
      }
      long nanos = unsigned(metrics.sum(histogram.base() + buckets.sumCell()));
      family.dataPoint(
          HistogramSnapshot.HistogramDataPointSnapshot.builder()
              .labels(labels(series))
              .classicHistogramBuckets(
                  ClassicHistogramBuckets.of(buckets.upperBoundsInSeconds(), counts))
              .sum(nanos / Buckets.NANOS_PER_SECOND)
              .build());
    }
    return family.build();
  }

  private static MetricSnapshot infos(MetricName name, List<Series> all) {
    InfoSnapshot.Builder family = InfoSnapshot.builder().name(name.family()).help(name.help());
    for (Series series : all) {
      family.dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder().labels(labels(series)).build());
    }
    return family.build();
  }

  private static Labels labels(Series series) {
    return Labels.of(series.name().labels(), series.labelValues());
  }

  private static long unsigned(long sum) {
    return sum & Long.MAX_VALUE;
  }

  private static IllegalStateException unexpected(Series series) {
    return new IllegalStateException(series + " (expected: a " + series.name().type() + ")");
  }
}
