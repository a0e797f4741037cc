package io.weir.firewall.limit;

import java.util.random.RandomGenerator;

/**
 * How many bytes a second each of many keys is sent, in a fixed amount of memory; safe for any
 * number of workers, lock-free, allocates nothing.
 *
 * <p>Times are of a monotonic clock, in nanoseconds.
 */
public final class Bandwidth {
  /*
   * The table of a Limiter with another question. What was sent is owed, always: it has left. A key
   * is to wait while it owes more than its burst, so what is too much is made up for before the next
   * piece, by all responses of the key together, and however late they come back the sum is right as
   * long as the burst is more than they sent meanwhile. The table never refuses: where all entries of
   * a set are owing, a new key takes over the least debt, and so waits with its neighbours.
   */
  private static final long LONGEST_DEBT = Long.MAX_VALUE / 4;
  private static final long SECOND = 1_000_000_000L;

  private final DebtTable table;
  private final long secret0; // of the hash
  private final long secret1;
  private final long bytesPerSecond;
  private final long burst;
  private final long mostDebt;
  private final PendingCut cut = new PendingCut(); // of debts at a slower rate

  private Bandwidth(DebtTable table, long secret0, long secret1, long bytesPerSecond, long burst) {
    this.table = table;
    this.secret0 = secret0;
    this.secret1 = secret1;
    this.bytesPerSecond = bytesPerSecond;
    this.burst = burst;
    mostDebt = nanos(burst);
  }

  /**
   * One under which nothing was sent yet.
   *
   * @param bytesPerSecond at least 1
   * @param burst in bytes, at most 8 GiB
   * @param entries how many keys are counted apart; rounded up to a power of two, 16 bytes each
   * @param random for the secret of the hash
   */
  public static Bandwidth of(long bytesPerSecond, long burst, int entries, RandomGenerator random) {
    return new Bandwidth(
        new DebtTable(entries), random.nextLong(), random.nextLong(), bytesPerSecond, burst);
  }

  /**
   * Another rate for the same keys, whose debts stay, in time; at a faster rate they are cut to the
   * new burst, since they would have been paid off sooner.
   */
  public Bandwidth withRate(long otherBytesPerSecond, long otherBurst) {
    Bandwidth next = new Bandwidth(table, secret0, secret1, otherBytesPerSecond, otherBurst);
    if (otherBytesPerSecond > bytesPerSecond || cut.isDue()) {
      next.cut.require();
    }
    return next;
  }

  /** Makes a hasher ready for the parts of a key. */
  public void begin(KeyHasher hasher) {
    hasher.begin(secret0, secret1);
  }

  private long nanos(long bytes) {
    return Math.ceilDiv(bytes * SECOND, bytesPerSecond);
  }

  /** So many bytes were sent for a key: 0, or for how long it is to be sent no more. */
  public long sent(long key, int bytes, long nanos) {
    cut.apply(table, mostDebt, nanos);
    table.tryAdd(key, nanos(bytes), LONGEST_DEBT, nanos);
    return untilNext(key, nanos);
  }

  /** 0, or for how long a key is to be sent nothing. */
  public long untilNext(long key, long nanos) {
    cut.apply(table, mostDebt, nanos);
    return Math.max(table.debt(key, nanos) - mostDebt, 0);
  }

  /** How many bytes could be sent for a key at once. */
  public long remaining(long key, long nanos) {
    double owed = (double) table.debt(key, nanos) * bytesPerSecond / SECOND;
    return Math.max(burst - (long) owed, 0);
  }
}
