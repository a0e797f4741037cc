package io.weir.core.testkit;

import java.util.function.LongSupplier;

/** A count that grew and has stopped growing for a while: nothing else says that all is full. */
public final class Stillness {
  /** Many and short: a machine that stands still for a while has been looked at once only. */
  private static final int LOOKS = 15;

  private static final int MILLIS_BETWEEN = 50;

  private Stillness() {}

  public static long of(LongSupplier count) throws InterruptedException {
    ByteBackend.waitsUntil("first bytes", () -> count.getAsLong() > 100_000);
    long now = count.getAsLong();
    int same = 0;
    while (same < LOOKS) {
      Thread.sleep(MILLIS_BETWEEN);
      long before = now;
      now = count.getAsLong();
      same = now == before ? same + 1 : 0;
    }
    return now;
  }
}
