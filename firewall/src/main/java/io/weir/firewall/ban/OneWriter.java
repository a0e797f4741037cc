package io.weir.firewall.ban;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets one thread at a time write, and no worker wait for it. */
final class OneWriter {
  /*
   * Who has something to write leaves it in a queue, and then tries once to become the writer. Who
   * does, writes all that is there, also what others left; who does not goes on with its own work.
   * Nothing stays behind: whoever ceases to write looks into the queue once more, and what was left
   * there by somebody who found the place taken was left there before that look.
   *
   * A queue for one loop to empty would have been the alternative: every ban would wake that loop,
   * and hold only after its turn came, a scrape or a sweep later.
   */
  private static final int MOST_WAITING = 4096; // bans; of more, whoever deserves one is back soon
  private static final int SPINS = 100; // then the writer has lost its processor
  private static final long PAUSE_NANOS = 50_000;

  private final ConcurrentLinkedQueue<Runnable> changes = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger(); // never less than are in the queue
  private final AtomicBoolean taken = new AtomicBoolean();

  /** Has a change made, by this thread or by the one that writes now; false if too many wait. */
  boolean leave(Runnable change) {
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      return false;
    }
    changes.add(change);
    makeChanges();
    return true;
  }

  private void makeChanges() {
    while (!changes.isEmpty() && taken.compareAndSet(false, true)) {
      try {
        for (Runnable next = changes.poll(); next != null; next = changes.poll()) {
          waiting.decrementAndGet();
          next.run();
        }
      } finally {
        taken.set(false);
      }
    }
  }

  /** Makes a change as soon as nobody else writes; waits, so not for a worker. */
  <T extends @Nullable Object> T write(Supplier<T> change) {
    for (int spins = 0; !taken.compareAndSet(false, true); spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    T result;
    try {
      result = change.get();
    } finally {
      taken.set(false);
    }
    makeChanges();
    return result;
  }
}
