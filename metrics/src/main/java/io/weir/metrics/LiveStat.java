package io.weir.metrics;

import java.util.List;

/** How busy and how fast something is now; rates are per second. */
public record LiveStat(
    LatencyScope scope,
    List<String> labelValues,
    double qps1s,
    double qps10s,
    double qps60s,
    LatencySummary latency) {}
