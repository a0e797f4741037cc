package io.weir.firewall.address;

import java.util.Arrays;
import java.util.List;

/** Cuts the address space of one family at the edges of prefixes. */
final class IntervalSweep {
  /** A prefix as the sweep needs it; sorts by its start, then the wider one first. */
  private record Edge(long high, long low, long lastHigh, long lastLow, int number)
      implements Comparable<Edge> {
    static Edge of(Cidr prefix, int number) {
      ClientAddress first = prefix.network();
      return new Edge(first.high(), first.low(), prefix.lastHigh(), prefix.lastLow(), number);
    }

    boolean holds(Edge next) { // which begins in or after this one
      int byHigh = Long.compareUnsigned(next.high, lastHigh);
      return byHigh < 0 || (byHigh == 0 && Long.compareUnsigned(next.low, lastLow) <= 0);
    }

    @Override
    public int compareTo(Edge that) {
      if (high != that.high) {
        return Long.compareUnsigned(high, that.high);
      }
      if (low != that.low) {
        return Long.compareUnsigned(low, that.low);
      }
      int byEnd = Long.compareUnsigned(that.lastHigh, lastHigh);
      return byEnd != 0 ? byEnd : Long.compareUnsigned(that.lastLow, lastLow);
    }
  }

  private static final int DEEPEST = 129; // as many prefixes can be nested, from ::/0 to a /128

  private final boolean v6;
  private final int[] labels;
  private final AddressMap.Nodes nodes;
  private final Edge[] edges;

  /* Where intervals begin, ascending without sign, and the node that holds from there, or -1. */
  final long[] highs; // empty for IPv4
  final long[] lows;
  final int[] values;
  int count;

  IntervalSweep(List<Cidr> prefixes, int[] labels, AddressMap.Nodes nodes, boolean v6) {
    this.v6 = v6;
    this.labels = labels;
    this.nodes = nodes;
    Edge[] all = new Edge[prefixes.size()];
    int size = 0;
    for (int i = 0; i < all.length; i++) {
      Cidr prefix = prefixes.get(i);
      if (prefix.network().isV6() == v6) {
        all[size++] = Edge.of(prefix, i);
      }
    }
    edges = Arrays.copyOf(all, size);
    Arrays.sort(edges);
    highs = new long[v6 ? 2 * size : 0]; // a start and an end each
    lows = new long[2 * size];
    values = new int[2 * size];
    sweep();
  }

  private void sweep() {
    Edge[] open = new Edge[DEEPEST]; // the prefixes around the current place, the widest first
    int[] openNodes = new int[DEEPEST];
    int depth = 0;
    for (Edge next : edges) {
      while (depth > 0 && !open[depth - 1].holds(next)) {
        depth--;
        close(open[depth], depth == 0 ? AddressMap.NONE : openNodes[depth - 1]);
      }
      int outer = depth == 0 ? AddressMap.NONE : openNodes[depth - 1];
      int node = nodes.number(labels[next.number], outer);
      if (depth > 0 && open[depth - 1].compareTo(next) == 0) {
        depth--; // the same prefix once more, with another label
      }
      open[depth] = next;
      openNodes[depth++] = node;
      emit(next.high, next.low, node);
    }
    while (depth > 0) {
      depth--;
      close(open[depth], depth == 0 ? AddressMap.NONE : openNodes[depth - 1]);
    }
  }

  private void close(Edge inner, int outerNode) {
    boolean endOfSpace =
        v6 ? (inner.lastHigh & inner.lastLow) == -1 : inner.lastLow == 0xffff_ffffL;
    if (!endOfSpace) {
      long low = inner.lastLow + 1;
      emit(inner.lastHigh + (v6 && low == 0 ? 1 : 0), low, outerNode);
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
