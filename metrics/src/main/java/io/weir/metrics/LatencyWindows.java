package io.weir.metrics;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Percentiles of the last ten seconds for everything whose latency is kept.
 *
 * <p>One thread, which calls {@link #tick} about once a second; the workers never wait for it.
 */
public final class LatencyWindows {
  private final Metrics metrics;
  private Map<LatencyTrack, Percentiles> windows = new HashMap<>();

  public LatencyWindows(Metrics metrics) {
    this.metrics = metrics;
  }

  /**
   * Takes what was recorded since the last tick and follows what is registered now.
   *
   * @param now nanoseconds of a clock that only goes forward
   */
  public void tick(long now) {
    Map<LatencyTrack, Percentiles> next = new HashMap<>();
    Set<Integer> ids = new HashSet<>();
    for (LatencyTrack track : metrics.tracks()) {
      Percentiles known = windows.get(track);
      next.put(track, known == null ? open(track, now) : known);
      if (track.scope() != LatencyScope.BACKEND) {
        ids.add(track.id());
      }
    }
    windows = next;
    metrics.forgetRecordersExcept(ids);
    windows.values().forEach(window -> window.tick(now));
  }

  /** The percentiles at the last tick; all zero for what was not registered then. */
  public LatencySummary summary(LatencyTrack track) {
    Percentiles window = windows.get(track);
    return window == null ? LatencySummary.NOTHING : window.summary();
  }

  private Percentiles open(LatencyTrack track, long now) {
    return track.scope() == LatencyScope.BACKEND
        ? new BucketQuantiles(metrics, Buckets.DURATION, track.id(), now)
        : new LatencyWindow(metrics, track.id());
  }
}
