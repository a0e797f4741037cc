package io.weir.metrics;

import java.util.Arrays;

/** A sum over slots that goes on evenly when the slots change; one thread. */
final class SlotGroup {
  /*
   * A reload may add a listener with an old count, or take one away. Neither is an event of that
   * second, so what the sum would jump by is carried.
   */
  private final Metrics metrics;
  private int[] slots;
  private long carried;

  SlotGroup(Metrics metrics, int[] slots) {
    this.metrics = metrics;
    this.slots = slots;
  }

  long sum() {
    return carried + metrics.sum(slots);
  }

  void replace(int[] next) {
    if (!Arrays.equals(slots, next)) {
      carried = sum() - metrics.sum(next);
      slots = next;
    }
  }
}
