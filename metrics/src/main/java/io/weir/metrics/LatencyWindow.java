package io.weir.metrics;

import static io.weir.metrics.WorkerLatency.DIGITS;
import static io.weir.metrics.WorkerLatency.HIGHEST_NANOS;
import static io.weir.metrics.WorkerLatency.LOWEST_NANOS;

import java.util.ArrayDeque;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/** The last ten seconds of one latency id over all workers. */
final class LatencyWindow implements Percentiles {
  /*
   * Each tick takes what all workers recorded since the last one, adds it to the total and keeps it
   * as a slice; a slice that is too old is subtracted. Only the total is a whole histogram (27 KB):
   * a second's values are few and close together, and an idle second leaves no slice. Adding,
   * subtracting and packing go through one whole histogram that all windows share.
   */

  // Ticks are a second apart give or take a little: half a second decides without doubt.
  private static final long EXPIRY_NANOS = LatencySummary.WINDOW_NANOS - 500_000_000L;

  private final Metrics metrics;
  private final int id;
  private final Histogram scratch;
  private final Histogram total = newHistogram();
  private final ArrayDeque<LatencySlice> slices = new ArrayDeque<>();
  private final @Nullable Histogram[] spares; // by worker: the one to swap in next

  /**
   * @param scratch a {@link #newHistogram} that nobody uses during a tick
   */
  LatencyWindow(Metrics metrics, int id, Histogram scratch) {
    this.metrics = metrics;
    this.id = id;
    this.scratch = scratch;
    this.spares = new Histogram[metrics.workers()];
  }

  static Histogram newHistogram() {
    return new Histogram(LOWEST_NANOS, HIGHEST_NANOS, DIGITS);
  }

  @Override
  public void tick(long now) {
    while (!slices.isEmpty() && now - slices.getFirst().takenAt() >= EXPIRY_NANOS) {
      scratch.reset();
      slices.removeFirst().addTo(scratch);
      total.subtract(scratch);
    }
    scratch.reset();
    for (int worker = 0; worker < spares.length; worker++) {
      collect(worker, metrics.latency(worker).seen(id));
    }
    if (scratch.getTotalCount() > 0) {
      total.add(scratch);
      slices.addLast(new LatencySlice(now, scratch));
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

  private void collect(int worker, @Nullable SingleWriterRecorder recorder) {
    if (recorder == null) {
      return;
    }
    Histogram interval = recorder.getIntervalHistogram(spares[worker], false);
    spares[worker] = interval;
    if (interval.getTotalCount() > 0) {
      scratch.add(interval);
    }
  }
}
