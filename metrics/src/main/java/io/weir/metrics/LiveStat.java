package io.weir.metrics;

import java.util.List;

/**
 * How busy and how fast something is now; rates are per second.
 *
 * @param errorRatio share of the requests of the last 10 s that were answered with 500 or above
 */
public record LiveStat(
    LatencyScope scope,
    List<String> labelValues,
    double qps1s,
    double qps10s,
    double qps60s,
    double errorRatio,
    LatencySummary latency) {}
