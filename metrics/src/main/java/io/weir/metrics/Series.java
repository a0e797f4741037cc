package io.weir.metrics;

import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** One registered series, or one block of them: what it is called and where its value is. */
sealed interface Series {
  MetricName name();

  /** Values of the labels that were given at registration. */
  List<String> labelValues();

  /** A counter in one cell. */
  record Counter(MetricName name, List<String> labelValues, int slot) implements Series {}

  /** A counter that somebody else counts, and that is asked when it is read. */
  record Told(MetricName name, List<String> labelValues, LongSupplier value) implements Series {}

  /** A gauge in one cell, raised and lowered by the workers. */
  record Level(MetricName name, List<String> labelValues, int slot) implements Series {}

  /** A gauge that is asked when it is read. */
  record Gauge(MetricName name, List<String> labelValues, DoubleSupplier value) implements Series {}

  /** A block of buckets and their sum. */
  record Histogram(MetricName name, List<String> labelValues, int base) implements Series {}

  /** The methods x codes of a listener and a route, of which most never happen. */
  record Requests(MetricName name, List<String> labelValues, int base) implements Series {
    static final int CELLS = MethodLabel.COUNT * CodeLabel.ROW;
  }

  /** Facts in labels; the value is 1. */
  record Constant(MetricName name, List<String> labelValues) implements Series {}
}
