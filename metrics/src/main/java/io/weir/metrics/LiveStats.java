package io.weir.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Rates and percentiles of everything whose latency is kept, for people who look at it live.
 *
 * <p>One thread, which calls {@link #tick} once a second.
 */
public final class LiveStats {
  private record Meter(SlotGroup slots, QpsMeter rate) {
    Meter(Metrics metrics, int[] slots) {
      this(new SlotGroup(metrics, slots));
    }

    private Meter(SlotGroup slots) {
      this(slots, new QpsMeter(slots::sum));
    }
  }

  private record Meters(Meter requests, Meter errors) {
    void tick(long now) {
      requests.rate().tick(now);
      errors.rate().tick(now);
    }

    double errorRatio() {
      double perSecond = requests.rate().perSecond10s();
      return perSecond == 0 ? 0 : errors.rate().perSecond10s() / perSecond;
    }
  }

  private final Metrics metrics;
  private final LatencyWindows latency;
  private Map<LatencyTrack, Meters> meters = new LinkedHashMap<>();
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
    meters.values().forEach(each -> each.tick(now));
  }

  /** All figures as of the last tick, in the order of registration. */
  public List<LiveStat> read() {
    List<LiveStat> stats = new ArrayList<>();
    meters.forEach((track, each) -> stats.add(stat(track, each)));
    return stats;
  }

  private LiveStat stat(LatencyTrack track, Meters meters) {
    QpsMeter requests = meters.requests().rate();
    return new LiveStat(
        track.scope(),
        track.labelValues(),
        requests.perSecond1s(),
        requests.perSecond10s(),
        requests.perSecond60s(),
        meters.errorRatio(),
        latency.summary(track));
  }

  private void follow(List<LatencyTrack> tracks, List<Series> series) {
    Map<LatencyTrack, Meters> next = new LinkedHashMap<>();
    for (LatencyTrack track : tracks) {
      int[] requests = requests(track, series);
      int[] errors = errors(track, series);
      Meters known = meters.get(track);
      if (known == null) {
        next.put(track, new Meters(new Meter(metrics, requests), new Meter(metrics, errors)));
      } else {
        known.requests().slots().replace(requests);
        known.errors().slots().replace(errors);
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

  /** The slots that count those of them that were answered with 500 or above. */
  private static int[] errors(LatencyTrack track, List<Series> series) {
    List<String> labels = track.scope().labels();
    List<String> values = track.labelValues();
    return switch (track.scope()) {
      case TOTAL, LISTENER, ROUTE -> SlotQuery.serverErrors(series, labels, values);
      case POOL, BACKEND ->
          SlotQuery.slots(
              series, MetricName.POOL_REQUESTS, and(labels, "code_class"), and(values, "5xx"));
    };
  }

  private static List<String> and(List<String> some, String more) {
    return Stream.concat(some.stream(), Stream.of(more)).toList();
  }
}
