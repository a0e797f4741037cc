package io.weir.firewall.address;

import org.jspecify.annotations.Nullable;

/** Looks up the interval of an IPv4 address. */
final class IntervalsV4 {
  private final @Nullable ChunksV4 chunks;
  private final KeyTree starts;
  private final NodeNumbers nodes;

  IntervalsV4(IntervalSweep intervals) {
    chunks = ChunksV4.of(intervals);
    starts = new KeyTree(intervals.lows, intervals.count);
    nodes = new NodeNumbers(intervals.values, intervals.count);
  }

  int find(int address) {
    ChunksV4 first = chunks;
    int node = first == null ? AddressMap.ASK : first.find(address);
    return node == AddressMap.ASK ? search(address) : node;
  }

  private int search(int address) {
    int interval = starts.floor(Integer.toUnsignedLong(address));
    return interval < 0 ? AddressMap.NONE : nodes.get(interval);
  }
}
