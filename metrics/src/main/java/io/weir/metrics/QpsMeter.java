package io.weir.metrics;

import java.util.function.LongSupplier;

/**
 * Events per second over the last 1, 10 and 60 seconds, from successive readings of a sum.
 *
 * <p>One thread, which calls {@link #tick} about once a second; all costs are the reader's.
 */
public final class QpsMeter {
  /*
   * A ring of the last readings. A rate is the growth since the reading nearest to the window's
   * beginning, over the time that really went by; so late ticks blur a rate and never falsify it.
   * While the meter is younger than a window, the window is its age.
   */
  private static final int READINGS = 64; // 60 s of ticks, and some that came early
  private static final double NANOS_PER_SECOND = 1e9;
  private static final long SECOND = 1_000_000_000L;

  private final LongSupplier sum;
  private final long[] times = new long[READINGS];
  private final long[] sums = new long[READINGS];
  private int taken;

  /**
   * @param sum a counter's value, such as {@code () -> metrics.sum(slots)}; it may wrap around
   */
  public QpsMeter(LongSupplier sum) {
    this.sum = sum;
  }

  /** Reads the sum; {@code now} in nanoseconds of a clock that only goes forward. */
  public void tick(long now) {
    int at = taken % READINGS;
    times[at] = now;
    sums[at] = sum.getAsLong();
    taken++;
  }

  public double perSecond1s() {
    return rate(SECOND);
  }

  public double perSecond10s() {
    return rate(10 * SECOND);
  }

  public double perSecond60s() {
    return rate(60 * SECOND);
  }

  private double rate(long window) {
    if (taken < 2) {
      return 0;
    }
    int last = (taken - 1) % READINGS;
    int first = beginning(times[last] - window);
    long elapsed = times[last] - times[first];
    return elapsed <= 0 ? 0 : (sums[last] - sums[first]) * NANOS_PER_SECOND / elapsed;
  }

  /** The reading nearest to a time, the last one excepted. */
  private int beginning(long time) {
    int oldest = Math.max(0, taken - READINGS);
    int best = taken - 2;
    for (int i = best; i >= oldest; i--) {
      if (Math.abs(times[i % READINGS] - time) > Math.abs(times[best % READINGS] - time)) {
        break;
      }
      best = i;
    }
    return best % READINGS;
  }
}
