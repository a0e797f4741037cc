package io.weir.core.worker;

/** Tells the time; the only place that asks the system for it. */
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

  /** A monotonic time without a fixed origin, for deadlines and durations. */
  long nanos();

  /** Wall-clock time, for people. */
  long epochMillis();
}
