package io.weir.daemon.shared;

import java.util.HexFormat;
import java.util.List;

/**
 * What was taken for some keys, on its way to Redis.
 *
 * @param nanos when it was put together
 */
record DebtBatch(List<Entry> entries, long nanos) {
  private static final HexFormat HEX = HexFormat.of();

  /**
   * One key.
   *
   * @param taken how often something was
   * @param since when nothing of that was yet
   * @param owed its debt here when this was put together, in nanoseconds
   */
  record Entry(SharedLimit limit, long key, int taken, long since, long owed) {
    /** The name of the key in Redis, behind the prefix; no two keys of two limits share one. */
    String name() {
      return limit.name() + ":" + HEX.toHexDigits(key);
    }

    /** What is new of the debt, in nanoseconds, up to a bound. */
    long added(long most) {
      long interval = limit.limiter().interval();
      return taken == 0 || interval <= most / taken ? taken * interval : most;
    }
  }
}
