package io.weir.firewall.address;

/** Cuts the address space of one family at the edges of prefixes. */
final class IntervalSweep {
  private static final int DEEPEST = 129; // as many prefixes can be nested, from ::/0 to a /128

  private final boolean v6;
  private final int[] labels;
  private final AddressMap.Nodes nodes;
  private final PackedPrefixes prefixes;

  /* Where intervals begin, ascending without sign, and the node that holds from there, or -1. */
  final long[] highs; // empty for IPv4
  final long[] lows;
  final int[] values;
  int count;

  IntervalSweep(PackedPrefixes prefixes, int[] labels, AddressMap.Nodes nodes, boolean v6) {
    this.prefixes = prefixes;
    this.v6 = v6;
    this.labels = labels;
    this.nodes = nodes;
    int[] order = prefixes.order(v6);
    highs = new long[v6 ? 2 * order.length : 0]; // a start and an end each
    lows = new long[2 * order.length];
    values = new int[2 * order.length];
    sweep(order);
  }

  private void sweep(int[] order) {
    int[] open = new int[DEEPEST]; // the prefixes around the current place, the widest first
    int[] openNodes = new int[DEEPEST];
    int depth = 0;
    for (int next : order) {
      while (depth > 0 && !holds(open[depth - 1], next)) {
        depth--;
        close(open[depth], depth == 0 ? AddressMap.NONE : openNodes[depth - 1]);
      }
      int outer = depth == 0 ? AddressMap.NONE : openNodes[depth - 1];
      int node = nodes.number(labels[next], outer);
      if (depth > 0 && isSame(open[depth - 1], next)) {
        depth--; // with another label
      }
      open[depth] = next;
      openNodes[depth++] = node;
      emit(prefixes.high(next), prefixes.low(next), node);
    }
    while (depth > 0) {
      depth--;
      close(open[depth], depth == 0 ? AddressMap.NONE : openNodes[depth - 1]);
    }
  }

  /** Whether one holds another that begins in or after it. */
  private boolean holds(int one, int next) {
    int byHigh = Long.compareUnsigned(prefixes.high(next), prefixes.lastHigh(one));
    return byHigh < 0
        || (byHigh == 0 && Long.compareUnsigned(prefixes.low(next), prefixes.lastLow(one)) <= 0);
  }

  /** Whether it is the same prefix once more. */
  private boolean isSame(int one, int next) {
    return prefixes.length(one) == prefixes.length(next)
        && prefixes.low(one) == prefixes.low(next)
        && prefixes.high(one) == prefixes.high(next);
  }

  private void close(int inner, int outerNode) {
    long lastHigh = prefixes.lastHigh(inner);
    long lastLow = prefixes.lastLow(inner);
    boolean endOfSpace = v6 ? (lastHigh & lastLow) == -1 : lastLow == 0xffff_ffffL;
    if (!endOfSpace) {
      long low = lastLow + 1;
      emit(lastHigh + (v6 && low == 0 ? 1 : 0), low, outerNode);
    }
  }

  private void emit(long high, long low, int node) {
    if (count > 0 && lows[count - 1] == low && (!v6 || highs[count - 1] == high)) {
      count--; // nothing lies between the two edges
    }
    int before = count == 0 ? AddressMap.NONE : values[count - 1];
    if (before == node) {
      return;
    }
    if (v6) {
      highs[count] = high;
    }
    lows[count] = low;
    values[count++] = node;
  }
}
