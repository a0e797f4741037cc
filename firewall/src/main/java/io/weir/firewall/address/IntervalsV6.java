package io.weir.firewall.address;

import java.util.Arrays;

/** Looks up the interval of an IPv6 address. */
final class IntervalsV6 {
  /*
   * The upper halves of the starts are searched first. What costs is memory that is not in a cache,
   * so an address in a /64 that is not cut inside needs only that, and the node behind the last /64
   * before it. Lower halves are kept apart, for the /64s that are cut inside.
   */
  private final SortedKeys halves; // the /64s in which an interval begins
  private final NodeNumbers
      after; // what holds from each on; a node that there is not: see the cuts
  private final int seeCuts;

  private final long[] cut; // a bit for each /64 that is cut inside
  private final int[] cutBefore; // how many such there are before each word of those bits
  private final int[] cutBegins; // where the starts of each such /64 begin, and the count
  private final long[] cutLows; // their lower halves, with the sign bit flipped
  private final NodeNumbers cutNodes; // the nodes from there; first what held before the /64

  IntervalsV6(IntervalSweep intervals) {
    int count = intervals.count;
    long[] highs = new long[count];
    int[] lastNodes = new int[count];
    int[] begins = new int[count + 1];
    int size = 0;
    for (int i = 0; i < count; i++) {
      if (size == 0 || highs[size - 1] != intervals.highs[i]) {
        begins[size] = i;
        highs[size++] = intervals.highs[i];
      }
      lastNodes[size - 1] = intervals.values[i];
    }
    begins[size] = count;
    halves = new SortedKeys(highs, size, Long.SIZE);
    seeCuts = Arrays.stream(lastNodes, 0, size).max().orElse(AddressMap.NONE) + 1;

    cut = new long[(size >>> 6) + 1];
    cutBefore = new int[cut.length];
    int[] cutFrom = new int[size + 1];
    long[] lows = new long[count + size];
    int[] nodes = new int[count + size];
    int cuts = 0;
    int used = 0;
    for (int half = 0; half < size; half++) {
      if ((half & 63) == 0) {
        cutBefore[half >>> 6] = cuts;
      }
      int from = begins[half];
      int to = begins[half + 1];
      if (to - from == 1 && intervals.lows[from] == 0) {
        continue;
      }
      cut[half >>> 6] |= 1L << half;
      cutFrom[cuts++] = used;
      lastNodes[half] = seeCuts;
      if (intervals.lows[from] != 0) {
        lows[used] = Long.MIN_VALUE;
        nodes[used++] = from == 0 ? AddressMap.NONE : intervals.values[from - 1];
      }
      for (int i = from; i < to; i++) {
        lows[used] = intervals.lows[i] ^ Long.MIN_VALUE;
        nodes[used++] = intervals.values[i];
      }
    }
    cutFrom[cuts] = used;
    after = new NodeNumbers(lastNodes, size);
    cutBegins = Arrays.copyOf(cutFrom, cuts + 1);
    cutLows = Arrays.copyOf(lows, used);
    cutNodes = new NodeNumbers(nodes, used);
  }

  int find(long high, long low) {
    int half = halves.floor(high);
    if (half < 0) {
      return AddressMap.NONE;
    }
    int node = after.get(half);
    return node == seeCuts ? findInCut(half, high, low) : node;
  }

  private int findInCut(int half, long high, long low) {
    int word = half >>> 6;
    int number = cutBefore[word] + Long.bitCount(cut[word] & ((1L << half) - 1));
    boolean within = halves.get(half) == high;
    return cutNodes.get(
        within ? floorInCut(number, low ^ Long.MIN_VALUE) : cutBegins[number + 1] - 1);
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
}
