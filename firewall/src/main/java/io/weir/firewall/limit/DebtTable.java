package io.weir.firewall.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.LongAdder;

/** When the debt of each key is paid, for a bounded number of keys; shared by all workers. */
final class DebtTable {
  /*
   * A key may be in any of the 8 entries of its set: one cache line of fingerprints, one of times.
   *
   * A full set. A key that is not there takes the entry with the least debt, and takes over that
   * debt, too. A forgotten key so never comes back with less than it owed: whatever is not in a set
   * owes at most the least that is owed in it, since the times of a set only grow (the argument of
   * the Space-Saving sketch). Therefore nobody is admitted beyond the rate, however many other keys
   * are thrown at the table; a limited key gives way last; and where all 8 of a set are limited, new
   * keys are refused until the first of them has paid. It fails closed, and for a neighbourhood of
   * one in (entries / 8) only. Without pressure the entry taken is one whose debt is paid, and then
   * nothing is taken over.
   *
   * Concurrency. The time is the lock of its entry: only a compare-and-set on it changes anything.
   * To replace a key, the time is set to BUSY, then the fingerprint, then the new time. Times of an
   * entry grow strictly (unless a reload cuts them), so a compare-and-set that succeeds met
   * the key that was read with it.
   *
   * Two workers that see a set at different moments may enter one key twice. Each looks for a twin
   * after it entered a key and moves the later one's debt to the earlier one.
   *
   * The fingerprint is all 64 bits of SipHash-2-4 under a secret of the process. With an unkeyed or
   * weak hash one could compute keys that share the entry of somebody else and have him limited, or
   * that all fall into one set. Among 2^17 live keys a chance collision is a matter of 2^-30.
   */
  private static final int SET_BITS = 3;
  private static final int SET = 1 << SET_BITS;
  private static final long EMPTY = 0;
  private static final long BUSY = Long.MIN_VALUE;
  private static final int MAX_SPINS = 64; // an entry is busy for two stores, unless preempted

  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] keys;
  private final long[] paidAt;
  private final int shift;
  private final LongAdder evictions = new LongAdder();

  DebtTable(int entries) {
    int bits =
        Math.clamp(32 - Integer.numberOfLeadingZeros(entries - 1), SET_BITS + 1, 26); // to 1 GiB
    keys = new long[1 << bits];
    paidAt = new long[1 << bits];
    shift = 64 - (bits - SET_BITS);
  }

  /** Adds to a key's debt if it stays within the bound; else returns how long until it would. */
  long tryAdd(long fingerprint, long add, long mostDebt, long now) {
    long key = fingerprint == EMPTY ? 1 : fingerprint;
    int set = (int) (key >>> shift) << SET_BITS;
    for (int spins = 0; ; ) {
      int found = -1;
      int least = -1;
      long leastDebt = Long.MAX_VALUE;
      long paid = 0;
      boolean busy = false;
      for (int i = set; i < set + SET; i++) {
        long time = (long) LONGS.getAcquire(paidAt, i);
        if (time == BUSY) {
          busy = true;
          continue;
        }
        long present = (long) LONGS.getAcquire(keys, i);
        if (present == key) {
          found = i;
          paid = time;
          break;
        }
        long debt = present == EMPTY ? -1 : Math.max(time - now, 0);
        if (debt < leastDebt) {
          least = i;
          leastDebt = debt;
          paid = time;
        }
      }
      if (found < 0 && (least < 0 || (busy && spins < MAX_SPINS))) {
        spins++; // perhaps it is this key that is being entered
        Thread.onSpinWait();
        continue;
      }
      long before = found >= 0 ? paid - now : leastDebt;
      long debt = Math.max(before, 0) + add;
      if (debt > mostDebt) {
        return debt - mostDebt;
      }
      int entry = found >= 0 ? found : least;
      if (found >= 0) {
        if (LONGS.compareAndSet(paidAt, entry, paid, valid(now + debt))) {
          return 0;
        }
      } else if (LONGS.compareAndSet(paidAt, entry, paid, BUSY)) {
        LONGS.setRelease(keys, entry, key);
        LONGS.setVolatile(paidAt, entry, valid(now + debt)); // before the look for a twin
        if (leastDebt > 0) {
          evictions.increment();
        }
        mergeTwin(key, set, now);
        return 0;
      }
    }
  }

  /** Whether the key has an entry of its own. */
  boolean isKnown(long fingerprint) {
    long key = fingerprint == EMPTY ? 1 : fingerprint;
    int set = (int) (key >>> shift) << SET_BITS;
    for (int i = set; i < set + SET; i++) {
      if ((long) LONGS.getAcquire(keys, i) == key) {
        return true;
      }
    }
    return false;
  }

  /** What a key owes, or would owe were it entered now; changes nothing. */
  long debt(long fingerprint, long now) {
    long key = fingerprint == EMPTY ? 1 : fingerprint;
    int set = (int) (key >>> shift) << SET_BITS;
    long least = Long.MAX_VALUE;
    for (int i = set; i < set + SET; i++) {
      long time = (long) LONGS.getAcquire(paidAt, i);
      if (time == BUSY) {
        continue;
      }
      long present = (long) LONGS.getAcquire(keys, i);
      long debt = present == EMPTY ? 0 : Math.max(time - now, 0);
      if (present == key) {
        return debt;
      }
      least = Math.min(least, debt);
    }
    return least == Long.MAX_VALUE ? 0 : least;
  }

  /** Moves the debt of a second entry of the key to its first one. */
  private void mergeTwin(long key, int set, long now) {
    int first = -1;
    for (int i = set; i < set + SET; i++) {
      if ((long) LONGS.getVolatile(keys, i) != key) {
        continue;
      }
      if (first < 0) {
        first = i;
        continue;
      }
      long time = (long) LONGS.getVolatile(paidAt, i);
      if (time != BUSY && LONGS.compareAndSet(paidAt, i, time, BUSY)) {
        LONGS.setRelease(keys, i, EMPTY);
        LONGS.setVolatile(paidAt, i, valid(time + 1)); // times grow
        add(first, Math.max(time - now, 0), now);
      }
    }
  }

  private void add(int entry, long debt, long now) {
    for (; ; ) {
      long time = (long) LONGS.getVolatile(paidAt, entry);
      if (time == BUSY) {
        return; // given to another key in this moment, with all that it owed
      }
      if (LONGS.compareAndSet(paidAt, entry, time, valid(Math.max(time - now, 0) + debt + now))) {
        return;
      }
    }
  }

  /** Forgives whatever is owed beyond a new, smaller bound. */
  void cut(long mostDebt, long now) {
    for (int i = 0; i < paidAt.length; i++) {
      long time = (long) LONGS.getAcquire(paidAt, i);
      while (time != BUSY && time - now > mostDebt) {
        if (LONGS.compareAndSet(paidAt, i, time, valid(now + mostDebt))) {
          break;
        }
        time = (long) LONGS.getAcquire(paidAt, i);
      }
    }
  }

  private static long valid(long time) {
    return time == BUSY ? time + 1 : time;
  }

  long liveKeys(long now) {
    long live = 0;
    for (int i = 0; i < keys.length; i++) {
      long time = (long) LONGS.getAcquire(paidAt, i);
      long key = (long) LONGS.getAcquire(keys, i);
      live += time != BUSY && key != EMPTY && time - now > 0 ? 1 : 0;
    }
    return live;
  }

  long evictions() {
    return evictions.sum();
  }
}
