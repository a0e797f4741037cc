package io.weir.metrics;

/** What kind of number a metric is. */
public enum MetricType {
  COUNTER("_total"),
  GAUGE(""),
  HISTOGRAM(""),
  /** Always 1: its labels are what it has to say. */
  INFO("_info");

  private final String suffix;

  MetricType(String suffix) {
    this.suffix = suffix;
  }

  /** How the exported name of every such metric ends. */
  String suffix() {
    return suffix;
  }
}
