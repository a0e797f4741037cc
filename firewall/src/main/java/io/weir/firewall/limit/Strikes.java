package io.weir.firewall.limit;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Counts the refusals of each key within a time, until they are enough; shared by all workers,
 * lock-free, allocates nothing.
 */
public final class Strikes {
  /*
   * A key's first refusal begins its time; the count is over with it.
   *
   *   63..36  fingerprint      35..8  the second in which the time ends      7..0  count
   *
   * Seconds wrap around after eight years. Without room a key whose time is over gives way, then the
   * one with the fewest refusals, and of those the one whose time ends first: what is near a ban
   * stays longest.
   */
  private static final int COUNT_BITS = 8;
  private static final int END_BITS = 28;
  private static final long COUNT = (1 << COUNT_BITS) - 1;
  private static final long SECOND = 1_000_000_000L;
  private static final long LONGEST = 1L << (END_BITS - 2); // two years

  private final KeyCells cells;
  private final int enough;
  private final long seconds;

  private Strikes(KeyCells cells, int enough, Duration time) {
    this.cells = cells;
    this.enough = enough;
    this.seconds = Math.clamp(time.plusMillis(999).toSeconds(), 1, LONGEST);
  }

  /**
   * No refusals.
   *
   * @param enough 1 to 255
   * @param time at most two years
   * @param entries how many keys are counted apart; 8 bytes each
   * @param random for the secret of the hash
   */
  public static Strikes of(int enough, Duration time, int entries, RandomGenerator random) {
    return new Strikes(new KeyCells(entries, COUNT_BITS + END_BITS, random), enough, time);
  }

  /** Another bound for the same keys, whose counts stay. */
  public Strikes with(int otherEnough, Duration otherTime) {
    return new Strikes(cells, otherEnough, otherTime);
  }

  /** Counts a refusal of a key; whether these are enough, and then the count begins anew. */
  public boolean isEnough(long key, long nanos) {
    if (enough == 1) {
      return true;
    }
    long fingerprint = cells.fingerprint(key);
    long now = Math.floorDiv(nanos, SECOND);
    int set = cells.set(key);
    while (true) {
      int place = place(set, fingerprint, now);
      long cell = cells.get(place);
      boolean known = cells.holds(cell, fingerprint) && left(cell, now) > 0;
      long count = known ? (cell & COUNT) + 1 : 1;
      long end = known ? cells.state(cell) & ~COUNT : ((now + seconds) << COUNT_BITS) & ends();
      long after = count >= enough ? 0 : fingerprint | end | count;
      if (cells.replace(place, cell, after)) {
        return after == 0;
      }
    }
  }

  private static long ends() {
    return ((1L << END_BITS) - 1) << COUNT_BITS;
  }

  /** Where the key is, or what gives way to it. */
  private int place(int set, long fingerprint, long now) {
    int worst = set;
    long least = Long.MAX_VALUE;
    for (int i = set; i < set + KeyCells.SET; i++) {
      long cell = cells.get(i);
      if (cells.holds(cell, fingerprint)) {
        return i;
      }
      long left = cell == 0 ? 0 : left(cell, now);
      long worth = left <= 0 ? 0 : ((cell & COUNT) << END_BITS) | left;
      if (worth < least) {
        least = worth;
        worst = i;
      }
    }
    return worst;
  }

  /** How many seconds a time has left; negative if it is over. */
  private static long left(long cell, long now) {
    long end = cell >>> COUNT_BITS;
    return ((end - now) << (Long.SIZE - END_BITS)) >> (Long.SIZE - END_BITS);
  }
}
