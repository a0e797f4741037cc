package io.weir.metrics;

import java.util.List;

/** What latency percentiles and rates are kept for. */
@SuppressWarnings("ImmutableEnumChecker") // the list is an immutable one
public enum LatencyScope {
  /** Everything that this process serves. */
  TOTAL(),
  LISTENER("listener"),
  ROUTE("route"),
  POOL("pool"),
  /** There are many backends: theirs are estimated from buckets, see {@link BucketQuantiles}. */
  BACKEND("pool", "backend");

  private final List<String> labels;

  LatencyScope(String... labels) {
    this.labels = List.of(labels);
  }

  /** Label names, in the order in which values are given at registration. */
  public List<String> labels() {
    return labels;
  }
}
