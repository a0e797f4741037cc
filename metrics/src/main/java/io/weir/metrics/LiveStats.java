package io.weir.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rates and percentiles of everything whose latency is kept, for people who look at it live.
 *
 * <p>One thread, which calls {@link #tick} once a second.
 */
public final class LiveStats {
  private record Meter(SlotGroup requests, QpsMeter qps) {}

  private final Metrics metrics;
  private final LatencyWindows latency;
  private Map<LatencyTrack, Meter> meters = new LinkedHashMap<>();
  private long revision = -1; // none yet

  public LiveStats(Metrics metrics) {
    this.metrics = metrics;
    this.latency = new LatencyWindows(metrics);
  }

  /**
   * Reads the workers and follows what is registered now.
   *
   * @param now nanoseconds of a clock that only goes forward
   */
  public void tick(long now) {
    long latest = metrics.revision();
    if (latest != revision) {
      revision = latest;
      follow(metrics.tracks(), metrics.series());
    }
    latency.tick(now);
    meters.values().forEach(meter -> meter.qps().tick(now));
  }

  /** All figures as of the last tick, in the order of registration. */
  public List<LiveStat> read() {
    List<LiveStat> stats = new ArrayList<>();
    meters.forEach((track, meter) -> stats.add(stat(track, meter.qps())));
    return stats;
  }

  private LiveStat stat(LatencyTrack track, QpsMeter qps) {
    return new LiveStat(
        track.scope(),
        track.labelValues(),
        qps.perSecond1s(),
        qps.perSecond10s(),
        qps.perSecond60s(),
        latency.summary(track));
  }

  private void follow(List<LatencyTrack> tracks, List<Series> series) {
    Map<LatencyTrack, Meter> next = new LinkedHashMap<>();
    for (LatencyTrack track : tracks) {
      int[] slots = requests(track, series);
      Meter known = meters.get(track);
      if (known == null) {
        SlotGroup group = new SlotGroup(metrics, slots);
        next.put(track, new Meter(group, new QpsMeter(group::sum)));
      } else {
        known.requests().replace(slots);
        next.put(track, known);
      }
    }
    meters = next;
  }

  /** The slots that count the requests of a track, from the metric with the fewest cells. */
  private static int[] requests(LatencyTrack track, List<Series> series) {
    MetricName name =
        switch (track.scope()) {
          case TOTAL, LISTENER -> MetricName.HTTP_REQUESTS_BY_PROTOCOL;
          case ROUTE -> MetricName.HTTP_REQUEST_DURATION;
          case POOL, BACKEND -> MetricName.POOL_REQUESTS;
        };
    return SlotQuery.slots(series, name, track.scope().labels(), track.labelValues());
  }
}
