package io.weir.core.upstream;

import io.weir.core.balance.Balancer;

/** The backends that one request was given to, all from the same view of the pool. */
public class Picks {
  /** The first backend and two more: when three cannot be reached, a fourth would only be late. */
  public static final int MAX = 3;

  private final int[] indexes = new int[MAX];
  private Available available = Available.NONE;
  private int count;

  void begin(Available view) {
    available = view;
  }

  boolean add(int index) {
    if (index == Balancer.NONE || count == MAX) {
      return false;
    }
    indexes[count++] = index;
    return true;
  }

  Available available() {
    return available;
  }

  int[] indexes() {
    return indexes;
  }

  public int count() {
    return count;
  }

  /** Whether another attempt is allowed. */
  public boolean mayContinue() {
    return count < MAX;
  }

  /** The last pick; only after a successful {@link WorkerPool#pick}. */
  public Backend last() {
    return available.backend(indexes[count - 1]);
  }
}
