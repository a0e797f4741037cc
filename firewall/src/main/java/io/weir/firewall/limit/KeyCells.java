package io.weir.firewall.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.random.RandomGenerator;

/**
 * Sets of eight words, each a key's fingerprint with a few bits of state; for any number of
 * workers.
 */
final class KeyCells {
  /*
   * One word is all that is known of a key, so one compare-and-set changes it, and nothing can be
   * seen half. The fingerprint is what the word has room for of a hash with a secret; together with
   * the bits that choose the set it is long enough that chance collisions do not matter.
   */
  static final int SET_BITS = 3;
  static final int SET = 1 << SET_BITS;

  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] cells;
  private final int setBits;
  private final int stateBits;
  private final long secret0;
  private final long secret1;

  KeyCells(int entries, int stateBits, RandomGenerator random) {
    int bits = Math.clamp(32 - Integer.numberOfLeadingZeros(entries - 1), SET_BITS + 1, 24);
    cells = new long[1 << bits];
    setBits = bits - SET_BITS;
    this.stateBits = stateBits;
    secret0 = random.nextLong();
    secret1 = random.nextLong();
  }

  void begin(KeyHasher hasher) {
    hasher.begin(secret0, secret1);
  }

  /** Where the set of a key begins. */
  int set(long key) {
    return (int) (key >>> (Long.SIZE - setBits)) << SET_BITS;
  }

  /** The fingerprint of a key, where a word has it; never 0. */
  long fingerprint(long key) {
    long bits = key << setBits >>> setBits << stateBits;
    return bits == 0 ? 1L << stateBits : bits;
  }

  long state(long cell) {
    return cell & ((1L << stateBits) - 1);
  }

  boolean holds(long cell, long fingerprint) {
    return cell >>> stateBits == fingerprint >>> stateBits;
  }

  long get(int place) {
    return (long) LONGS.getVolatile(cells, place);
  }

  boolean replace(int place, long before, long after) {
    return LONGS.compareAndSet(cells, place, before, after);
  }

  int size() {
    return cells.length;
  }
}
