package io.weir.firewall.address;

import java.util.Arrays;

/** Distinct unsigned numbers, of which the largest one not above another is found. */
final class KeyTree {
  /*
   * A search tree without pointers: each level is every 16th key of the level below, a node is 16
   * keys (two cache lines), and a million prefixes are five or six levels, the upper ones always
   * cached. No step is a branch: one on what memory brings is guessed wrong every second time, and
   * then nothing that follows can begin.
   */
  private static final int NODE_BITS = 4;
  private static final int NODE = 1 << NODE_BITS;

  private final long[][] levels; // the keys first
  private final int[] counts; // how many keys of each level are no padding

  /** Over the first {@code count} of these, ascending without sign. */
  KeyTree(long[] keys, int count) {
    int depth = 1;
    for (int n = count; n > NODE; n = (n + NODE - 1) >> NODE_BITS) {
      depth++;
    }
    levels = new long[depth][];
    counts = new int[depth];
    levels[0] = padded(keys, count);
    counts[0] = count;
    for (int level = 1; level < depth; level++) {
      int size = (counts[level - 1] + NODE - 1) >> NODE_BITS;
      long[] sampled = new long[size];
      for (int i = 0; i < size; i++) {
        sampled[i] = levels[level - 1][i << NODE_BITS];
      }
      levels[level] = padded(sampled, size);
      counts[level] = size;
    }
  }

  /** A copy that is filled up to whole nodes with the largest number. */
  private static long[] padded(long[] sorted, int count) {
    long[] padded = Arrays.copyOf(sorted, Math.max(NODE, (count + NODE - 1) & -NODE));
    Arrays.fill(padded, count, padded.length, -1L);
    return padded;
  }

  /** The place of the largest key that is not above the wanted one, or -1. */
  int floor(long wanted) {
    if (counts[0] == 0 || Long.compareUnsigned(wanted, levels[0][0]) < 0) {
      return -1;
    }
    int at = 0;
    for (int level = levels.length - 1; level >= 0; level--) {
      long[] nodes = levels[level];
      int last = at << NODE_BITS; // of which it is known that it is not above
      last += 8 & notAbove(nodes[last + 8], wanted);
      last += 4 & notAbove(nodes[last + 4], wanted);
      last += 2 & notAbove(nodes[last + 2], wanted);
      last += 1 & notAbove(nodes[last + 1], wanted);
      at = Math.min(last, counts[level] - 1);
    }
    return at;
  }

  /** All bits set if {@code key <= wanted} without sign, else none (Hacker's Delight, 2-12). */
  private static int notAbove(long key, long wanted) {
    return (int) (((~key | wanted) & ((key ^ wanted) | ~(wanted - key))) >> (Long.SIZE - 1));
  }
}
