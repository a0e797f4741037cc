package io.weir.daemon;

/** The daemon's clock. */
final class Clock {
  private Clock() {}

  /** Nanoseconds of a clock that only goes forward: on Linux {@code CLOCK_MONOTONIC}. */
  static long nanos() {
    return System.nanoTime();
  }
}
