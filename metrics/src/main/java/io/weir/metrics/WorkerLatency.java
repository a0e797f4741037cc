package io.weir.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * The latency recorders of one worker: written by that worker's thread alone, swapped by the one
 * reader of {@link LatencyWindows}.
 */
public final class WorkerLatency {
  /*
   * A recorder is made when its id is first recorded, and forgotten by the reader when its id is no
   * longer registered, since it weighs tens of kilobytes. So an element of the array has two
   * writers, which may cross: the worker records once more into a forgotten recorder, or makes
   * another, or carries an old one over into a larger array. Each loses or keeps at most a second of
   * something that nobody looks at any more, and the reader forgets it again.
   */

  /** Two digits: a percentile is within 1 % of the truth. */
  static final int DIGITS = 2;

  /** Below this many nanoseconds values are no longer told apart: a microsecond. */
  static final long LOWEST_NANOS = 1_000;

  /** Anything longer counts as an hour. */
  static final long HIGHEST_NANOS = 3_600_000_000_000L;

  private static final VarHandle RECORDER_AT =
      MethodHandles.arrayElementVarHandle(SingleWriterRecorder[].class);
  private static final VarHandle RECORDERS;

  static {
    try {
      RECORDERS =
          MethodHandles.lookup()
              .findVarHandle(WorkerLatency.class, "recorders", SingleWriterRecorder[].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // The array is replaced by this worker's thread only.
  private @Nullable SingleWriterRecorder[] recorders = new SingleWriterRecorder[16];

  WorkerLatency() {}

  /** Records a duration in nanoseconds, clamped to zero and an hour. */
  public void record(int id, long nanos) {
    recorder(id).recordValue(Math.clamp(nanos, 0, HIGHEST_NANOS));
  }

  /** The recorder of an id if there is one; the reader's thread. */
  @Nullable SingleWriterRecorder seen(int id) {
    SingleWriterRecorder[] seen = (SingleWriterRecorder[]) RECORDERS.getAcquire(this);
    return id < seen.length ? (SingleWriterRecorder) RECORDER_AT.getAcquire(seen, id) : null;
  }

  /** Lets go of a recorder that is no longer read; the reader's thread. */
  void forget(int id) {
    SingleWriterRecorder[] seen = (SingleWriterRecorder[]) RECORDERS.getAcquire(this);
    if (id < seen.length && RECORDER_AT.getAcquire(seen, id) != null) {
      RECORDER_AT.setRelease(seen, id, null);
    }
  }

  private SingleWriterRecorder recorder(int id) {
    @Nullable SingleWriterRecorder[] mine = recorders;
    if (id < mine.length) {
      SingleWriterRecorder recorder = mine[id];
      if (recorder != null) {
        return recorder;
      }
    }
    return newRecorder(id);
  }

  private SingleWriterRecorder newRecorder(int id) {
    if (id >= recorders.length) {
      RECORDERS.setRelease(this, Arrays.copyOf(recorders, Math.max(id + 1, recorders.length * 2)));
    }
    SingleWriterRecorder recorder = new SingleWriterRecorder(LOWEST_NANOS, HIGHEST_NANOS, DIGITS);
    RECORDER_AT.setRelease(recorders, id, recorder);
    return recorder;
  }
}
