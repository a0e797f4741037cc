package io.weir.core.worker;

import java.time.Instant;

/** Tells the time; the only place of the data plane that asks the system for it. */
public interface Clock {
  /** The system's clocks. */
  Clock SYSTEM =
      new Clock() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public long epochMillis() {
          return System.currentTimeMillis();
        }
      };

  /**
   * A monotonic time without a fixed origin, for deadlines and durations; on Linux {@code
   * CLOCK_MONOTONIC}.
   */
  long nanos();

  /** Wall-clock time, for people. */
  long epochMillis();

  /** The same, for dates: of certificates and of keys. */
  default Instant instant() {
    return Instant.ofEpochMilli(epochMillis());
  }
}
