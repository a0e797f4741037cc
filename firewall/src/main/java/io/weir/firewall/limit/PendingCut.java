package io.weir.firewall.limit;

import java.util.concurrent.atomic.AtomicBoolean;

/** That debts are to be cut once to a bound that a reload made smaller; for any thread. */
final class PendingCut {
  private final AtomicBoolean due = new AtomicBoolean();

  boolean isDue() {
    return due.get();
  }

  void require() {
    due.set(true);
  }

  /** Cuts if nobody has yet: some 0.1 ms; meanwhile others refuse what will be cut. */
  void apply(DebtTable table, long mostDebt, long nanos) {
    if (due.get() && due.compareAndSet(true, false)) {
      table.cut(mostDebt, nanos);
    }
  }
}
