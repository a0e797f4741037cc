package io.weir.firewall.address;

import java.util.Arrays;

/** Looks up the interval of an IPv4 address. */
final class IntervalsV4 {
  private final SortedKeys starts; // in the upper halves of their numbers
  private final NodeNumbers nodes;

  IntervalsV4(IntervalSweep intervals) {
    long[] keys = Arrays.copyOf(intervals.lows, intervals.count);
    for (int i = 0; i < keys.length; i++) {
      keys[i] <<= Integer.SIZE;
    }
    starts = new SortedKeys(keys, keys.length, Integer.SIZE);
    nodes = new NodeNumbers(intervals.values, intervals.count);
  }

  int find(int address) {
    int interval = starts.floor((long) address << Integer.SIZE);
    return interval < 0 ? AddressMap.NONE : nodes.get(interval);
  }
}
