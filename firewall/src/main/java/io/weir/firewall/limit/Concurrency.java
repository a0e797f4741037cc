package io.weir.firewall.limit;

import java.util.random.RandomGenerator;

/**
 * How many requests of each key are under way, up to a bound; shared by all workers, lock-free,
 * allocates nothing.
 */
public final class Concurrency {
  /*
   * A key with nothing under way is not in the table, so there are no more keys than requests under
   * way, and nothing that counts is ever forgotten. Where all eight places of a set are taken by other
   * keys a request is refused: it fails closed, for a table that is far larger than the number of
   * connections.
   *
   * Two workers that enter one key at the same moment may take two places. Each looks again after it
   * entered a key, and the one that is not first takes its entry back and begins anew.
   */
  private static final int STATE_BITS = 16;
  private static final int MOST = (1 << STATE_BITS) - 1;

  /** No place: the key has as many under way as it may. */
  public static final int FULL = -1;

  private final KeyCells cells;
  private final int atMost;

  private Concurrency(KeyCells cells, int atMost) {
    this.cells = cells;
    this.atMost = Math.min(atMost, MOST);
  }

  /**
   * Nothing under way.
   *
   * @param entries for how many keys there is room; 8 bytes each
   * @param random for the secret of the hash
   */
  public static Concurrency of(int atMost, int entries, RandomGenerator random) {
    return new Concurrency(new KeyCells(entries, STATE_BITS, random), atMost);
  }

  /** Another bound for the same keys. */
  public Concurrency withAtMost(int other) {
    return new Concurrency(cells, other);
  }

  /** Makes a hasher ready for the parts of a key. */
  public void begin(KeyHasher hasher) {
    cells.begin(hasher);
  }

  /** Counts one more of a key: its place, for {@link #leave}, or {@link #FULL}. */
  public int enter(long key) {
    long fingerprint = cells.fingerprint(key);
    int set = cells.set(key);
    while (true) {
      int empty = -1;
      int found = -1;
      long cell = 0;
      for (int i = set + KeyCells.SET - 1; i >= set; i--) {
        long present = cells.get(i);
        if (present == 0) {
          empty = i;
        } else if (cells.holds(present, fingerprint)) {
          found = i;
          cell = present;
        }
      }
      if (found >= 0) {
        if (cells.state(cell) >= atMost) {
          return FULL;
        }
        if (cells.replace(found, cell, cell + 1)) {
          return found;
        }
      } else if (empty < 0 || atMost == 0) {
        return FULL;
      } else if (cells.replace(empty, 0, fingerprint | 1) && isFirst(empty, set, fingerprint)) {
        return empty;
      }
    }
  }

  private boolean isFirst(int place, int set, long fingerprint) {
    for (int i = set; i < place; i++) {
      if (cells.holds(cells.get(i), fingerprint)) {
        leave(place);
        return false;
      }
    }
    return true;
  }

  /** One that was counted at a place is over. */
  public void leave(int place) {
    while (true) {
      long cell = cells.get(place);
      if (cells.replace(place, cell, cells.state(cell) == 1 ? 0 : cell - 1)) {
        return;
      }
    }
  }

  /** How many more of a key could be under way. */
  public int room(long key) {
    return Math.max(atMost - underWay(key), 0);
  }

  /** How many of a key are under way. */
  public int underWay(long key) {
    long fingerprint = cells.fingerprint(key);
    int set = cells.set(key);
    int sum = 0;
    for (int i = set; i < set + KeyCells.SET; i++) {
      long cell = cells.get(i);
      sum += cell != 0 && cells.holds(cell, fingerprint) ? (int) cells.state(cell) : 0;
    }
    return sum;
  }

  /** How many keys have something under way; for tests, since it reads the whole table. */
  long liveKeys() {
    long live = 0;
    for (int i = 0; i < cells.size(); i++) {
      live += cells.get(i) != 0 ? 1 : 0;
    }
    return live;
  }
}
