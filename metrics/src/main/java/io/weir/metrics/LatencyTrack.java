package io.weir.metrics;

import java.util.List;

/**
 * Something whose latency is kept: {@code id} is a recorder's id, or for a backend the first slot
 * of its {@link Buckets#DURATION} block.
 */
public record LatencyTrack(LatencyScope scope, List<String> labelValues, int id) {}
