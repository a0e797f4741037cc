package io.weir.firewall.address;

import org.jspecify.annotations.Nullable;

/** Distinct unsigned numbers, of which the largest one not above another is found. */
final class SortedKeys {
  /*
   * What a lookup costs is memory that is not in a cache, and most of all waiting for it: a branch on
   * what it brings is guessed wrong every second time, and then nothing that follows can begin.
   *
   * Where the keys spread evenly, the bits after those that all keys share choose a bucket, which
   * usually has the answer in two words (KeyWords). Where they crowd, as IPv6 prefixes often do, they
   * are the leaves of a tree (KeyTree).
   */
  private final long[] keys;
  private final int count;
  private final @Nullable KeyWords words;
  private final @Nullable KeyTree tree;

  /**
   * Of the first {@code count} of these, ascending without sign.
   *
   * @param width how many of the upper bits of keys and wanted numbers are not always 0
   */
  SortedKeys(long[] sorted, int count, int width) {
    this(sorted, count, width, true);
  }

  /** The same for few look-ups: without the memory that makes them fast where keys spread. */
  static SortedKeys seldomAsked(long[] sorted, int count) {
    return new SortedKeys(sorted, count, Long.SIZE, false);
  }

  private SortedKeys(long[] sorted, int count, int width, boolean fast) {
    this.count = count;
    keys = KeyTree.padded(sorted, count);
    Buckets buckets = fast ? Buckets.of(keys, count) : null;
    words = buckets == null ? null : new KeyWords(keys, buckets, width);
    tree = buckets == null ? new KeyTree(keys, count) : null;
  }

  long get(int place) {
    return keys[place];
  }

  /** The place of the largest key that is not above the wanted one, or -1. */
  int floor(long wanted) {
    if (count == 0 || Long.compareUnsigned(wanted, keys[0]) < 0) {
      return -1;
    }
    if (Long.compareUnsigned(wanted, keys[count - 1]) >= 0) {
      return count - 1;
    }
    KeyWords even = words;
    if (even != null) {
      return even.floor(wanted);
    }
    KeyTree crowded = tree;
    return crowded == null ? -1 : crowded.floor(wanted);
  }

  /** All bits set if {@code key <= wanted} without sign, else none (Hacker's Delight, 2-12). */
  static int notAbove(long key, long wanted) {
    return (int) (((~key | wanted) & ((key ^ wanted) | ~(wanted - key))) >> (Long.SIZE - 1));
  }
}
