package io.weir.core.health;

/** Whether a backend is up, from the results of its checks. */
final class RiseFall {
  /*
   * up    --fall failures in a row-->  down
   * down  --rise passes in a row---->  up
   *
   * A backend is up until its first check, which decides alone: one failure takes it down at once,
   * since nothing is known that speaks for it; one pass leaves it up.
   */

  private final int rise;
  private final int fall;
  private boolean up = true;
  private boolean checked;
  private int against; // results in a row that contradict the state

  RiseFall(int rise, int fall) {
    this.rise = rise;
    this.fall = fall;
  }

  /** The same knowledge under other thresholds. */
  RiseFall with(int newRise, int newFall) {
    RiseFall next = new RiseFall(newRise, newFall);
    next.up = up;
    next.checked = checked;
    next.against = against;
    return next;
  }

  boolean up() {
    return up;
  }

  /** Takes a result; true if the backend went up or down by it. */
  boolean record(boolean pass) {
    boolean first = !checked;
    checked = true;
    if (pass == up) {
      against = 0;
      return false;
    }
    against++;
    if (!first && against < (up ? fall : rise)) {
      return false;
    }
    up = pass;
    against = 0;
    return true;
  }
}
