package io.weir.firewall.limit;

import io.weir.firewall.share.Sharing;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A rate limit for each of many keys, in a fixed amount of memory; safe for any number of workers,
 * lock-free, allocates nothing.
 *
 * <p>Times are of a monotonic clock, in nanoseconds.
 */
public final class Limiter {
  /*
   * GCRA: a key's state is the time at which its debt is paid (its "theoretical arrival time",
   * TAT). Each request taken adds an interval; a request is refused if the debt would then exceed
   * the burst. A key whose time has passed is as one never seen, so it costs nothing to forget it.
   *
   * Workers need not agree on the time: one whose clock lags sees larger debts, and refuses.
   *
   * The interval is rounded up: never more than the rate, and less than a nanosecond off.
   */
  private static final long LONGEST_DEBT = Long.MAX_VALUE / 4; // 73 years: sums do not overflow

  /** The number of a limiter that is not shared. */
  public static final int NOT_SHARED = -1;

  private final DebtTable table;
  private final long secret0; // of the hash of its own; what is shared has one that may change
  private final long secret1;
  private final long interval;
  private final long mostDebt;
  private final PendingCut cut = new PendingCut(); // of debts of a larger burst
  private final @Nullable Sharing sharing;
  private final int number;

  private Limiter(
      DebtTable table,
      long secret0,
      long secret1,
      @Nullable Sharing sharing,
      int number,
      long count,
      Duration per,
      long burst) {
    this.table = table;
    this.secret0 = secret0;
    this.secret1 = secret1;
    this.sharing = sharing;
    this.number = number;
    this.interval = Math.ceilDiv(per.toNanos(), count);
    this.mostDebt =
        interval > LONGEST_DEBT / burst ? LONGEST_DEBT : Math.multiplyExact(interval, burst);
  }

  /**
   * A limiter that knows no key yet.
   *
   * @param entries how many keys are counted apart; rounded up to a power of two, 16 bytes each
   * @param random for the secret of the hash
   */
  public static Limiter of(
      long count, Duration per, long burst, int entries, RandomGenerator random) {
    DebtTable table = new DebtTable(entries);
    return new Limiter(
        table, random.nextLong(), random.nextLong(), null, NOT_SHARED, count, per, burst);
  }

  /** The same, and what it takes is said to others, whose keys have the same fingerprints. */
  public static Limiter shared(long count, Duration per, long burst, int entries, Sharing sharing) {
    DebtTable table = new DebtTable(entries);
    return new Limiter(table, 0, 0, sharing, sharing.newLimiter(), count, per, burst);
  }

  /** Another rate for the same keys, whose debts stay, cut to the new burst. */
  public Limiter withRate(long count, Duration per, long burst) {
    Limiter next = new Limiter(table, secret0, secret1, sharing, number, count, per, burst);
    if (next.mostDebt < mostDebt || cut.isDue()) {
      next.cut.require();
    }
    return next;
  }

  /** Makes a hasher ready for the parts of a key of this limiter. */
  public void begin(KeyHasher hasher) {
    Sharing common = sharing;
    if (common == null) {
      hasher.begin(secret0, secret1);
    } else {
      common.secret().to(hasher);
    }
  }

  /**
   * Takes one for a key, if the key has not exceeded its rate.
   *
   * @param key a fingerprint from a hasher that {@link #begin} made ready
   * @return 0: taken; else in how many nanoseconds to come back
   */
  public long tryTake(long key, long nanos) {
    cut.apply(table, mostDebt, nanos);
    long wait = table.tryAdd(key, interval, mostDebt, nanos);
    if (sharing != null && wait == 0) {
      sharing.taken(number, key);
    }
    return wait;
  }

  /** Takes one for a key, beyond the burst if it must be: what has happened already counts. */
  public void take(long key, long nanos) {
    cut.apply(table, mostDebt, nanos);
    table.tryAdd(key, interval, LONGEST_DEBT, nanos);
    if (sharing != null) {
      sharing.taken(number, key);
    }
  }

  /**
   * Adds to what a key owes, beyond the burst if it must be: others took for it, too. Waits for the
   * table if it must, so not for a worker.
   */
  public void owe(long key, long debtNanos, long nanos) {
    table.tryAdd(key, debtNanos, LONGEST_DEBT, nanos);
  }

  /** What one adds to the debt of its key, in nanoseconds. */
  public long interval() {
    return interval;
  }

  /** The debt in nanoseconds with which a key gets nothing more. */
  public long mostDebt() {
    return mostDebt;
  }

  /** Its number among those that are shared, or {@link #NOT_SHARED}. */
  public int number() {
    return number;
  }

  /** What {@link #tryTake} would return, without taking. */
  public long look(long key, long nanos) {
    cut.apply(table, mostDebt, nanos);
    return Math.max(table.debt(key, nanos) + interval - mostDebt, 0);
  }

  /** Whether the key took something itself; if not, what it owes is taken over from others. */
  public boolean isKnown(long key) {
    return table.isKnown(key);
  }

  /** How many could be taken for a key at once. */
  public long remaining(long key, long nanos) {
    return Math.max(mostDebt - table.debt(key, nanos), 0) / interval;
  }

  /** In how many nanoseconds one more could be taken for a key than now. */
  public long untilMore(long key, long nanos) {
    long room = mostDebt - table.debt(key, nanos);
    return room < 0 ? interval - room : interval - room % interval;
  }

  /** In how many nanoseconds a key owes nothing any more. */
  public long untilPaid(long key, long nanos) {
    return table.debt(key, nanos);
  }

  /** How many keys have a debt now; reads the whole table, so not for a worker. */
  public long liveKeys(long nanos) {
    return table.liveKeys(nanos);
  }

  /** How many keys lost their place while they had a debt. */
  public long evictions() {
    return table.evictions();
  }
}
