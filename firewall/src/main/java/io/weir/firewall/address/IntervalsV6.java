package io.weir.firewall.address;

import java.util.Arrays;

/** Looks up the interval of an IPv6 address. */
final class IntervalsV6 {
  /*
   * IPv6 prefixes crowd into a few corners of the space, so buckets by upper bits would not spread
   * them. The upper halves of the starts are the leaves of a tree without pointers instead: each
   * level is every 16th key of the level below, a node is 16 keys (two cache lines) searched
   * without a branch, and a million prefixes are five or six levels, the upper ones always cached.
   *
   * What costs is memory that is not in a cache, so an address that is in no leaf's own /64 needs
   * only the leaf and its node. Lower halves are kept apart, for the /64s that are cut inside.
   */
  private static final int NODE_BITS = 4;
  private static final int NODE = 1 << NODE_BITS;

  private final long[][] levels; // the leaves first; padded with the largest key to whole nodes
  private final int[] counts; // how many keys of each level are no padding
  private final NodeNumbers afterLeaf; // what holds behind the last start in a leaf's /64

  private final long[] cut; // a bit for each leaf whose /64 is cut inside
  private final int[] cutBefore; // how many such leaves there are before each word of those bits
  private final int[] cutBegins; // where the starts of each such leaf begin, and the count
  private final long[] cutLows; // their lower halves
  private final NodeNumbers cutNodes; // the nodes from there; first what held before the /64

  IntervalsV6(IntervalSweep intervals) {
    int count = intervals.count;
    long[] leaves = new long[roundUp(count)];
    int[] after = new int[count];
    int[] begins = new int[count + 1];
    int keys = 0;
    for (int i = 0; i < count; i++) {
      long key = intervals.highs[i] ^ Long.MIN_VALUE;
      if (keys == 0 || leaves[keys - 1] != key) {
        begins[keys] = i;
        leaves[keys++] = key;
      }
      after[keys - 1] = intervals.values[i];
    }
    begins[keys] = count;
    afterLeaf = new NodeNumbers(after, keys);

    cut = new long[(keys >>> 6) + 1];
    cutBefore = new int[cut.length];
    int[] cutFrom = new int[keys + 1];
    long[] lows = new long[count + keys];
    int[] nodes = new int[count + keys];
    int cuts = 0;
    int size = 0;
    for (int leaf = 0; leaf < keys; leaf++) {
      if ((leaf & 63) == 0) {
        cutBefore[leaf >>> 6] = cuts;
      }
      int from = begins[leaf];
      int to = begins[leaf + 1];
      if (to - from == 1 && intervals.lows[from] == 0) {
        continue;
      }
      cut[leaf >>> 6] |= 1L << leaf;
      cutFrom[cuts++] = size;
      if (intervals.lows[from] != 0) {
        lows[size] = Long.MIN_VALUE;
        nodes[size++] = from == 0 ? AddressMap.NONE : intervals.values[from - 1];
      }
      for (int i = from; i < to; i++) {
        lows[size] = intervals.lows[i] ^ Long.MIN_VALUE;
        nodes[size++] = intervals.values[i];
      }
    }
    cutFrom[cuts] = size;
    cutBegins = Arrays.copyOf(cutFrom, cuts + 1);
    cutLows = Arrays.copyOf(lows, size);
    cutNodes = new NodeNumbers(nodes, size);

    levels = levels(Arrays.copyOf(leaves, roundUp(keys)), keys);
    counts = new int[levels.length];
    for (int level = 0, n = keys; level < counts.length; level++) {
      counts[level] = n;
      n = (n + NODE - 1) >> NODE_BITS;
    }
  }

  int find(long high, long low) {
    long wanted = high ^ Long.MIN_VALUE;
    int leaf = floor(wanted);
    if (leaf < 0) {
      return AddressMap.NONE;
    }
    if (levels[0][leaf] != wanted || (cut[leaf >>> 6] & (1L << leaf)) == 0) {
      return afterLeaf.get(leaf);
    }
    int word = leaf >>> 6;
    int before = cutBefore[word] + Long.bitCount(cut[word] & ((1L << leaf) - 1));
    return cutNodes.get(floorInCut(before, low ^ Long.MIN_VALUE));
  }

  /** The last start in a cut /64 that is not above the wanted lower half; there always is one. */
  private int floorInCut(int number, long wanted) {
    int from = cutBegins[number];
    int to = cutBegins[number + 1];
    while (to - from > 1) {
      int middle = (from + to) >>> 1;
      if (cutLows[middle] <= wanted) {
        from = middle;
      } else {
        to = middle;
      }
    }
    return from;
  }

  /** The place of the largest upper half that is not above the wanted one, or -1. */
  private int floor(long wanted) {
    int at = 0;
    for (int level = levels.length - 1; level >= 0; level--) {
      long[] keys = levels[level];
      int last = at << NODE_BITS;
      if (keys[last] > wanted) {
        return AddressMap.NONE; // only below the first key of all: a node begins with a key passed
      }
      last += keys[last + 8] <= wanted ? 8 : 0;
      last += keys[last + 4] <= wanted ? 4 : 0;
      last += keys[last + 2] <= wanted ? 2 : 0;
      last += keys[last + 1] <= wanted ? 1 : 0;
      at = Math.min(last, counts[level] - 1); // padding is not above the largest key
    }
    return at;
  }

  private static long[][] levels(long[] leaves, int keys) {
    int depth = 1;
    for (int n = keys; n > NODE; n = (n + NODE - 1) >> NODE_BITS) {
      depth++;
    }
    long[][] levels = new long[depth][];
    levels[0] = pad(leaves, keys);
    int below = keys;
    for (int level = 1; level < depth; level++) {
      int count = (below + NODE - 1) >> NODE_BITS;
      long[] sampled = new long[roundUp(count)];
      for (int i = 0; i < count; i++) {
        sampled[i] = levels[level - 1][i << NODE_BITS];
      }
      levels[level] = pad(sampled, count);
      below = count;
    }
    return levels;
  }

  private static long[] pad(long[] keys, int count) {
    Arrays.fill(keys, count, keys.length, Long.MAX_VALUE);
    return keys;
  }

  private static int roundUp(int count) {
    return Math.max(NODE, (count + NODE - 1) & -NODE);
  }
}
