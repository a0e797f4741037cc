package io.weir.metrics;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;

/**
 * Percentiles of the last ten seconds for everything whose latency is kept.
 *
 * <p>One thread, which calls {@link #tick} about once a second; the workers never wait for it.
 */
public final class LatencyWindows {
  private final Metrics metrics;
  private final Histogram scratch = LatencyWindow.newHistogram();
  private Map<LatencyTrack, Percentiles> windows = new HashMap<>();
  private Set<Integer> recorded = Set.of(); // ids of the windows that read recorders
  private long revision = -1; // none yet

  public LatencyWindows(Metrics metrics) {
    this.metrics = metrics;
  }

  /**
   * Takes what was recorded since the last tick and follows what is registered now.
   *
   * @param now nanoseconds of a clock that only goes forward
   */
  public void tick(long now) {
    long latest = metrics.revision();
    if (latest != revision) {
      revision = latest;
      follow(metrics.tracks(), now);
    }
    metrics.forgetRecordersExcept(recorded);
    windows.values().forEach(window -> window.tick(now));
  }

  /** The percentiles at the last tick; all zero for what was not registered then. */
  public LatencySummary summary(LatencyTrack track) {
    Percentiles window = windows.get(track);
    return window == null ? LatencySummary.NOTHING : window.summary();
  }

  private void follow(List<LatencyTrack> tracks, long now) {
    Map<LatencyTrack, Percentiles> next = new HashMap<>();
    Set<Integer> ids = new HashSet<>();
    for (LatencyTrack track : tracks) {
      Percentiles known = windows.get(track);
      next.put(track, known == null ? open(track, now) : known);
      if (track.scope() != LatencyScope.BACKEND) {
        ids.add(track.id());
      }
    }
    windows = next;
    recorded = ids;
  }

  private Percentiles open(LatencyTrack track, long now) {
    return track.scope() == LatencyScope.BACKEND
        ? new BucketQuantiles(metrics, Buckets.DURATION, track.id(), now)
        : new LatencyWindow(metrics, track.id(), scratch);
  }
}
