package io.weir.firewall.address;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Looks up the interval of an IPv6 address. */
final class IntervalsV6 {
  /*
   * The upper halves of the starts are searched first: what costs is memory that is not in a cache,
   * and only few addresses are in a /64 that is cut inside. The lower halves are kept apart for
   * those, and after each such /64 another begins.
   */
  private final @Nullable BlocksV6 blocks;
  private final SortedKeys halves;
  private final NodeNumbers nodes; // from each on; one that there is not: see the cuts
  private final int seeCuts;

  private final SortedKeys cuts; // the /64s that are cut inside
  private final int[] cutBegins; // where the starts of each of them begin, and the count
  private final long[] cutLows; // their lower halves, with the sign bit flipped
  private final NodeNumbers cutNodes; // from each on; the first is what held before the /64

  IntervalsV6(IntervalSweep intervals) {
    Halves found = new Halves(intervals);
    blocks = BlocksV6.of(found.highs, found.nodes, found.size);
    halves =
        blocks == null
            ? new SortedKeys(found.highs, found.size, Long.SIZE)
            : SortedKeys.seldomAsked(found.highs, found.size);
    nodes = new NodeNumbers(found.nodes, found.size);
    seeCuts = found.seeCuts;
    cuts = new SortedKeys(found.cutHighs, found.cutCount, Long.SIZE);
    cutBegins = Arrays.copyOf(found.cutBegins, found.cutCount + 1);
    cutLows = Arrays.copyOf(found.cutLows, found.cutSize);
    cutNodes = new NodeNumbers(found.cutNodes, found.cutSize);
  }

  /** Sorts starts into those of whole /64s and those within one. */
  private static final class Halves {
    private final IntervalSweep intervals;
    private final int seeCuts;
    private final long[] highs;
    private final int[] nodes;
    private int size;

    private final long[] cutHighs;
    private final int[] cutBegins;
    private int cutCount;
    private final long[] cutLows;
    private final int[] cutNodes;
    private int cutSize;

    Halves(IntervalSweep intervals) {
      this.intervals = intervals;
      int count = intervals.count;
      seeCuts = Arrays.stream(intervals.values, 0, count).max().orElse(AddressMap.NONE) + 1;
      int within = (int) Arrays.stream(intervals.lows, 0, count).filter(low -> low != 0).count();
      highs = new long[count + within];
      nodes = new int[count + within];
      cutHighs = new long[within];
      cutBegins = new int[within + 1];
      cutLows = new long[count + within];
      cutNodes = new int[count + within];
      int from = 0;
      while (from < count) {
        int to = from + 1;
        while (to < count && intervals.highs[to] == intervals.highs[from]) {
          to++;
        }
        add(from, to);
        from = to;
      }
    }

    /** The starts of one /64. */
    private void add(int from, int to) {
      long high = intervals.highs[from];
      if (to - from == 1 && intervals.lows[from] == 0) {
        begin(high, intervals.values[from]);
        return;
      }
      begin(high, seeCuts);
      cutHighs[cutCount++] = high;
      if (intervals.lows[from] != 0) {
        cut(0, from == 0 ? AddressMap.NONE : intervals.values[from - 1]);
      }
      for (int i = from; i < to; i++) {
        cut(intervals.lows[i], intervals.values[i]);
      }
      cutBegins[cutCount] = cutSize;
      boolean followed = to < intervals.count && intervals.highs[to] == high + 1;
      if (high != -1 && !followed) {
        begin(high + 1, intervals.values[to - 1]);
      }
    }

    private void begin(long high, int node) {
      highs[size] = high;
      nodes[size++] = node;
    }

    private void cut(long low, int node) {
      cutLows[cutSize] = low ^ Long.MIN_VALUE;
      cutNodes[cutSize++] = node;
    }
  }

  int find(long high, long low) {
    BlocksV6 first = blocks;
    int node = first == null ? AddressMap.ASK : first.find(high);
    if (node == AddressMap.ASK) {
      int half = halves.floor(high);
      node = half < 0 ? AddressMap.NONE : nodes.get(half);
    }
    return node == seeCuts ? findInCut(cuts.floor(high), low ^ Long.MIN_VALUE) : node;
  }

  /** The node of a lower half in a cut /64; there always is a start at or before it. */
  private int findInCut(int cut, long wanted) {
    int from = cutBegins[cut];
    int to = cutBegins[cut + 1];
    while (to - from > 1) {
      int middle = (from + to) >>> 1;
      if (cutLows[middle] <= wanted) {
        from = middle;
      } else {
        to = middle;
      }
    }
    return cutNodes.get(from);
  }
}
