package io.weir.metrics;

import static io.weir.metrics.WorkerLatency.DIGITS;
import static io.weir.metrics.WorkerLatency.HIGHEST_NANOS;
import static io.weir.metrics.WorkerLatency.LOWEST_NANOS;

import java.util.ArrayDeque;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.PackedHistogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/** The last ten seconds of one latency id over all workers; the reader's thread only. */
final class LatencyWindow implements Percentiles {
  /*
   * Each tick takes what the workers recorded since the last one as a slice, adds it to the total
   * and subtracts the slices that are too old. The total is a full histogram (27 KB); slices are
   * packed, since one second's values are few and close together, and idle seconds make none.
   */
  // Ticks are a second apart give or take a little: half a second decides without doubt.
  private static final long EXPIRY_NANOS = LatencySummary.WINDOW_NANOS - 500_000_000L;

  private record Slice(long takenAt, PackedHistogram values) {}

  private final Metrics metrics;
  private final int id;
  private final @Nullable Histogram[] spares; // by worker: the histogram to swap in next
  private final Histogram total = new Histogram(LOWEST_NANOS, HIGHEST_NANOS, DIGITS);
  private final ArrayDeque<Slice> slices = new ArrayDeque<>();

  LatencyWindow(Metrics metrics, int id) {
    this.metrics = metrics;
    this.id = id;
    this.spares = new Histogram[metrics.workers()];
  }

  @Override
  public void tick(long now) {
    expire(now);
    PackedHistogram slice = null;
    for (int worker = 0; worker < spares.length; worker++) {
      Histogram interval = interval(worker, metrics.latency(worker).seen(id));
      if (interval == null || interval.getTotalCount() == 0) {
        continue;
      }
      if (slice == null) {
        slice = new PackedHistogram(LOWEST_NANOS, HIGHEST_NANOS, DIGITS);
      }
      slice.add(interval);
    }
    if (slice != null) {
      total.add(slice);
      slices.addLast(new Slice(now, slice));
    }
  }

  @Override
  public LatencySummary summary() {
    if (total.getTotalCount() == 0) {
      return LatencySummary.NOTHING;
    }
    return new LatencySummary(
        total.getTotalCount(),
        total.getValueAtPercentile(50),
        total.getValueAtPercentile(90),
        total.getValueAtPercentile(99),
        total.getValueAtPercentile(99.9),
        total.getMaxValue());
  }

  /** What a worker recorded since the last tick. */
  private @Nullable Histogram interval(int worker, @Nullable SingleWriterRecorder recorder) {
    if (recorder == null) {
      return null;
    }
    Histogram interval = recorder.getIntervalHistogram(spares[worker], false);
    spares[worker] = interval;
    return interval;
  }

  private void expire(long now) {
    while (!slices.isEmpty() && now - slices.getFirst().takenAt() >= EXPIRY_NANOS) {
      total.subtract(slices.removeFirst().values());
    }
  }
}
