package io.weir.core.testkit;

import java.util.function.LongSupplier;

/** A count that grew and has stopped growing for a while: nothing else says that all is full. */
public final class Stillness {
  private Stillness() {}

  public static long of(LongSupplier count) throws InterruptedException {
    ByteBackend.waitsUntil("first bytes", () -> count.getAsLong() > 100_000);
    long before = -1;
    long now = count.getAsLong();
    while (now != before) {
      Thread.sleep(500);
      before = now;
      now = count.getAsLong();
    }
    return now;
  }
}
