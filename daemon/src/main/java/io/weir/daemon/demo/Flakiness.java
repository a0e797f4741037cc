package io.weir.daemon.demo;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** When the flaky backend fails: for some seconds of each period. */
final class Flakiness {
  /** Never fails. */
  static final Flakiness NONE = new Flakiness(() -> 0);

  // Long enough to see it go and come back on the dashboard, short enough to wait for.
  private static final long PERIOD = TimeUnit.SECONDS.toNanos(20);
  private static final long WELL = TimeUnit.SECONDS.toNanos(14);

  private final LongSupplier nanos;
  private final long start;

  Flakiness(LongSupplier nanos) {
    this.nanos = nanos;
    start = nanos.getAsLong();
  }

  boolean failsNow() {
    return (nanos.getAsLong() - start) % PERIOD >= WELL;
  }
}
