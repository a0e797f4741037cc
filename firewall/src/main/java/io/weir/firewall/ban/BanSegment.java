package io.weir.firewall.ban;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A small part of the bans of one address family: a table of numbers, read without a lock. */
final class BanSegment {
  /*
   * Pairs of longs in one array: the number of the client plus one, then what is known of its ban; no
   * client is 0. Behind all pairs, where who only asks has not to read over them, are the times when
   * the bans were made, in the same order. A client stays in its place until the array is made anew, so a reader that follows
   * the probes finds it or an end; a ban is one word, so it is seen whole or not at all. The one
   * who writes, of whom OneWriter knows, writes the time first, then the ban, and the client after it:
   * who reads meanwhile may see the time of the next ban, but never one of a ban before.
   */
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int FEWEST = 8;

  private volatile long[] pairs = new long[3 * FEWEST]; // a power of two of them
  private int used; // places that hold a client, banned or not; the writer's

  /** Where the pairs of a table end. */
  static int end(long[] table) {
    return Integer.highestOneBit(table.length); // a power of two, which is two thirds of the whole
  }

  /** When the ban of a pair was made. */
  static long from(long[] table, int place) {
    return (long) LONGS.getAcquire(table, end(table) + (place >> 1));
  }

  /** What is known of a client's ban, or 0. */
  long find(long client, int hash) {
    long[] table = pairs;
    int place = place(table, client, hash);
    return place < 0 ? 0 : (long) LONGS.getAcquire(table, place + 1);
  }

  /** When a client's ban was made; -1 if none is known. */
  long from(long client, int hash) {
    long[] table = pairs;
    int place = place(table, client, hash);
    return place < 0 || (long) LONGS.getAcquire(table, place + 1) == 0 ? -1 : from(table, place);
  }

  private static int place(long[] table, long client, int hash) {
    int mask = end(table) - 2;
    for (int at = (hash << 1) & mask; ; at = (at + 2) & mask) {
      long present = (long) LONGS.getAcquire(table, at);
      if (present == client) {
        return at;
      }
      if (present == 0) {
        return -1;
      }
    }
  }

  /** Sets what is known of a client's ban, and when it was made. The writer. */
  void put(long client, int hash, long ban, long from, Hasher hasher) {
    long[] table = pairs;
    int end = end(table);
    int mask = end - 2;
    int at = (hash << 1) & mask;
    while (table[at] != 0 && table[at] != client) {
      at = (at + 2) & mask;
    }
    LONGS.setRelease(table, end + (at >> 1), from);
    LONGS.setRelease(table, at + 1, ban);
    if (table[at] == client) {
      return;
    }
    LONGS.setRelease(table, at, client);
    if (++used * 3 > end) { // two thirds of the places: probes stay short
      rebuild(hasher);
    }
  }

  /** How many places hold a client, also one of whom nothing is known any more. The writer. */
  int used() {
    return used;
  }

  /** Forgets the ban at a place. The writer. */
  void forget(int place) {
    LONGS.setRelease(pairs, place + 1, 0L);
  }

  /**
   * The pairs as they are, up to {@link #end}: clients at even places, their bans, which may be 0,
   * behind them.
   */
  long[] pairs() {
    return pairs;
  }

  /** Makes the array anew, without the clients of whom nothing is known any more. The writer. */
  void rebuild(Hasher hasher) {
    long[] old = pairs;
    int oldEnd = end(old);
    int live = 0;
    for (int at = 0; at < oldEnd; at += 2) {
      live += old[at] != 0 && old[at + 1] != 0 ? 1 : 0;
    }
    int places = Math.max(FEWEST, Integer.highestOneBit(Math.max(1, live)) << 2);
    long[] table = new long[3 * places];
    int end = end(table);
    int mask = end - 2;
    for (int from = 0; from < oldEnd; from += 2) {
      if (old[from] == 0 || old[from + 1] == 0) {
        continue;
      }
      int at = (hasher.hash(old[from]) << 1) & mask;
      while (table[at] != 0) {
        at = (at + 2) & mask;
      }
      table[at] = old[from];
      table[at + 1] = old[from + 1];
      table[end + (at >> 1)] = old[oldEnd + (from >> 1)];
    }
    used = live;
    pairs = table;
  }

  /** The hash of a client within a segment. */
  @FunctionalInterface
  interface Hasher {
    int hash(long client);
  }
}
