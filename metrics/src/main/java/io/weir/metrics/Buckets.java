package io.weir.metrics;

import java.util.Arrays;

/** The two sets of histogram bounds, and where a duration falls among them. */
@SuppressWarnings("ImmutableEnumChecker") // the arrays are never written or handed out
public enum Buckets {
  /** Whole requests, handshakes, connects: half a millisecond to ten seconds. */
  DURATION(.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10),

  /** What happens inside us: five microseconds to 25 milliseconds. */
  FAST(.000005, .00001, .000025, .00005, .0001, .00025, .0005, .001, .005, .025);

  static final double NANOS_PER_SECOND = 1e9;

  /*
   * A histogram is a block of cells: one per bound, one for what exceeds the last bound, and the
   * sum of all durations in nanoseconds. The buckets are not cumulative, so that an observation
   * writes two cells; the exposition adds them up, and the count is their total.
   */
  private final double[] seconds;
  private final long[] nanos;

  Buckets(double... bounds) {
    seconds = Arrays.copyOf(bounds, bounds.length + 1);
    seconds[bounds.length] = Double.POSITIVE_INFINITY;
    nanos = new long[bounds.length];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = Math.round(bounds[i] * NANOS_PER_SECOND);
    }
  }

  /** Number of buckets, the open one included. */
  public int count() {
    return seconds.length;
  }

  /** Upper bounds in seconds, the last one infinite; a bound belongs to its bucket. */
  double[] upperBoundsInSeconds() {
    return seconds.clone();
  }

  /** Upper bound of a closed bucket in nanoseconds. */
  long upperBound(int bucket) {
    return nanos[bucket];
  }

  /** Cells of a block: the buckets and the sum. */
  int cells() {
    return seconds.length + 1;
  }

  /** Offset of the sum in a block. */
  int sumCell() {
    return seconds.length;
  }

  /**
   * The bucket of a duration. A plain scan: there are at most 14 bounds, and most of what a proxy
   * measures falls into the first few.
   */
  int indexOf(long duration) {
    long[] bounds = nanos;
    int i = 0;
    while (i < bounds.length && duration > bounds[i]) {
      i++;
    }
    return i;
  }
}
