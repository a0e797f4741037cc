package io.weir.firewall.address;

import java.util.Arrays;

/** Finds keys that crowd: a search tree without pointers. */
final class KeyTree {
  /*
   * Each level is every 16th key of the level below, a node is 16 keys (two cache lines), and a
   * million prefixes are five or six levels, the upper ones always cached.
   */
  private static final int NODE_BITS = 4;
  private static final int NODE = 1 << NODE_BITS;

  private final long[][] levels; // the keys first
  private final int[] counts; // how many keys of each level are no padding

  /** Over the first {@code count} of these, {@link #padded}. */
  KeyTree(long[] keys, int count) {
    int depth = 1;
    for (int n = count; n > NODE; n = (n + NODE - 1) >> NODE_BITS) {
      depth++;
    }
    levels = new long[depth][];
    counts = new int[depth];
    levels[0] = keys;
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
  static long[] padded(long[] sorted, int count) {
    long[] padded = Arrays.copyOf(sorted, Math.max(NODE, (count + NODE - 1) & -NODE));
    Arrays.fill(padded, count, padded.length, -1L);
    return padded;
  }

  /** The place of the largest key that is not above the wanted one, which the first key is not. */
  int floor(long wanted) {
    int at = 0;
    for (int level = levels.length - 1; level >= 0; level--) {
      long[] nodes = levels[level];
      int last = at << NODE_BITS; // of which it is known that it is not above
      last += 8 & SortedKeys.notAbove(nodes[last + 8], wanted);
      last += 4 & SortedKeys.notAbove(nodes[last + 4], wanted);
      last += 2 & SortedKeys.notAbove(nodes[last + 2], wanted);
      last += 1 & SortedKeys.notAbove(nodes[last + 1], wanted);
      at = Math.min(last, counts[level] - 1);
    }
    return at;
  }
}
