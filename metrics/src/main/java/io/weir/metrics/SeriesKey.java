package io.weir.metrics;

import java.util.List;

/**
 * What tells one series from another; {@code family} is a {@link MetricName} or a {@link
 * LatencyScope}.
 */
record SeriesKey(Enum<?> family, List<String> labelValues) {}
