package io.weir.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that is counted: hands out slots, knows every worker's cells, and sums them on read.
 *
 * <p>Control plane; any thread. Reading never disturbs a worker.
 */
public final class Metrics {
  /*
   * What is shown is what the permanent registrar and the latest published generation registered,
   * and what an older one did of listeners that still have connections.
   * Compiling a configuration that is then thrown away reserves slots and shows nothing.
   */
  private final List<WorkerCounters> counters;
  private final List<WorkerLatency> latency;
  private final SlotSpace slots = new SlotSpace(); // guarded by this
  private final SlotSpace latencyIds = new SlotSpace(); // guarded by this
  private final MetricsGeneration permanent = new MetricsGeneration(this);
  private @Nullable MetricsGeneration published; // guarded by this
  private final LeavingListeners leaving = new LeavingListeners(); // guarded by this
  private long revision; // guarded by this

  /**
   * @param workers number of worker threads, at least 1
   */
  public Metrics(int workers) {
    if (workers < 1) {
      throw new IllegalArgumentException("workers: " + workers + " (expected: 1 or more)");
    }
    List<WorkerCounters> counters = new ArrayList<>();
    List<WorkerLatency> latency = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      counters.add(new WorkerCounters());
      latency.add(new WorkerLatency());
    }
    counters.add(new WorkerCounters()); // the control loop's
    this.counters = List.copyOf(counters);
    this.latency = List.copyOf(latency);
  }

  /** Number of workers, the control loop not counted. */
  public int workers() {
    return latency.size();
  }

  /** The counters that worker {@code index} alone writes, 0 to {@code workers - 1}. */
  public WorkerCounters worker(int index) {
    return counters.get(index);
  }

  /** The counters that the control loop alone writes: health checks, reloads. */
  public WorkerCounters control() {
    return counters.getLast();
  }

  /** The latency recorders that worker {@code index} alone writes. */
  public WorkerLatency latency(int index) {
    return latency.get(index);
  }

  /** Registers what lives as long as the process; visible at once. */
  public MetricsGeneration permanent() {
    return permanent;
  }

  /** A registrar for a configuration that is being compiled. */
  public MetricsGeneration nextGeneration() {
    return new MetricsGeneration(this);
  }

  /** Shows this generation's series in place of the last one's. */
  public synchronized void publish(MetricsGeneration generation) {
    if (published != null) {
      generation.replaces(published, leaving);
    }
    published = generation;
    revision++;
  }

  /** The value of one slot over all workers. */
  public long sum(int slot) {
    long sum = 0;
    for (int i = 0; i < counters.size(); i++) {
      sum += counters.get(i).get(slot);
    }
    return sum;
  }

  /** The sum of several slots over all workers. */
  public long sum(int[] slots) {
    long sum = 0;
    for (int slot : slots) {
      sum += sum(slot);
    }
    return sum;
  }

  /**
   * The slots whose sum is the value of a visible counter or level, or the count of a histogram,
   * narrowed to the series with these values of these labels.
   */
  public int[] slots(MetricName name, List<String> labels, List<String> values) {
    return SlotQuery.slots(series(), name, labels, values);
  }

  /** The same of all series of that name, by the values of their labels. */
  public Map<List<String>, int[]> slots(MetricName name) {
    return SlotQuery.slots(series(), name);
  }

  /** What latency is kept for now. */
  public synchronized List<LatencyTrack> tracks() {
    Map<SeriesKey, LatencyTrack> tracks = new LinkedHashMap<>();
    permanent.addTracksTo(tracks);
    if (published != null) {
      published.addTracksTo(tracks);
    }
    return List.copyOf(tracks.values());
  }

  /** The visible series. */
  synchronized List<Series> series() {
    Map<SeriesKey, Series> series = new LinkedHashMap<>();
    permanent.addSeriesTo(series);
    if (published != null) {
      published.addSeriesTo(series);
    }
    if (leaving.forgetEnded(this::sum)) {
      revision++;
    }
    leaving.addTo(series);
    return List.copyOf(series.values());
  }

  /** A number that changes whenever {@link #tracks} or {@link #series} may have. */
  synchronized long revision() {
    return revision;
  }

  /** The slot of a series that is being registered; the caller holds the lock. */
  int register(SeriesKey key, int cells) {
    revision++;
    return slots.slot(key, cells);
  }

  /** Notes that a series without cells is being registered; the caller holds the lock. */
  void registerWithoutCells() {
    revision++;
  }

  /** The id of a latency that is being registered; the caller holds the lock. */
  int registerLatency(SeriesKey key) {
    revision++;
    return latencyIds.slot(key, 1);
  }

  /** Lets go of the recorders of all other ids; the thread of {@link LatencyWindows}. */
  void forgetRecordersExcept(Set<Integer> ids) {
    int end = endOfLatencyIds();
    for (int id = 0; id < end; id++) {
      if (!ids.contains(id)) {
        for (WorkerLatency worker : latency) {
          worker.forget(id);
        }
      }
    }
  }

  private synchronized int endOfLatencyIds() {
    return latencyIds.end();
  }
}
