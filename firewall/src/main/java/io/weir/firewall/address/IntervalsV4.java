package io.weir.firewall.address;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Looks up the interval of an IPv4 address. */
final class IntervalsV4 {
  private final @Nullable BlocksV4 blocks;
  private final SortedKeys starts; // in the upper halves of their numbers
  private final NodeNumbers nodes;

  IntervalsV4(IntervalSweep intervals) {
    int count = intervals.count;
    blocks = BlocksV4.of(intervals.lows, intervals.values, count);
    long[] keys = Arrays.copyOf(intervals.lows, count);
    for (int i = 0; i < keys.length; i++) {
      keys[i] <<= Integer.SIZE;
    }
    starts =
        blocks == null
            ? new SortedKeys(keys, count, Integer.SIZE)
            : SortedKeys.seldomAsked(keys, count);
    nodes = new NodeNumbers(intervals.values, count);
  }

  int find(int address) {
    BlocksV4 first = blocks;
    int node = first == null ? AddressMap.ASK : first.find(address);
    return node == AddressMap.ASK ? search(address) : node;
  }

  private int search(int address) {
    int interval = starts.floor((long) address << Integer.SIZE);
    return interval < 0 ? AddressMap.NONE : nodes.get(interval);
  }
}
