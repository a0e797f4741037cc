package io.weir.metrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A fixture: every metric once, with plain label values and a value of its own. */
final class EveryMetric {
  private EveryMetric() {}

  static Metrics registered() {
    Metrics metrics = new Metrics(1);
    MetricsGeneration generation = metrics.nextGeneration();
    WorkerCounters counters = metrics.worker(0);
    for (MetricName name : MetricName.values()) {
      int n = Math.floorMod(name.exported().hashCode(), 1000); // new metrics change no old line
      String[] labels = name.labels().stream().map(label -> "some-" + label).toArray(String[]::new);
      switch (name.type()) {
        case COUNTER -> {
          if (name == MetricName.HTTP_REQUESTS) {
            int base = generation.requests("some-listener", "some-route");
            counters.request(base, MethodLabel.index("GET"), CodeLabel.index(200));
            counters.request(base, MethodLabel.index("BREW"), CodeLabel.index(299));
          } else {
            counters.add(generation.counter(name, labels), n);
          }
        }
        case GAUGE -> {
          double value = n / 2.0;
          generation.gauge(name, () -> value, labels);
        }
        case HISTOGRAM -> {
          int base = generation.histogram(name, labels);
          counters.observe(name.buckets(), base, 20_000);
          counters.observe(name.buckets(), base, 1_500_000);
          counters.observe(name.buckets(), base, 20_000_000_000L);
        }
        case INFO -> generation.info(name, labels);
      }
    }
    metrics.publish(generation);
    return metrics;
  }

  static String text(Metrics metrics, Exposition.Format format) {
    return text(new Exposition(metrics, List.of()), format);
  }

  static String text(Exposition exposition, Exposition.Format format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      exposition.write(format, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
