package io.weir.firewall.address;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The node of each interval, -1 for none, in as few bits as the numbers need. */
final class NodeNumbers {
  /*
   * What a lookup costs is memory that is not in a cache, and most sets have one node: a bit for
   * each of two million intervals is 256 KiB.
   */
  private final long @Nullable [] bits; // of node 0 and none
  private final byte @Nullable [] bytes;
  private final int[] ints;

  NodeNumbers(int[] nodes, int count) {
    int largest = Arrays.stream(nodes, 0, count).max().orElse(AddressMap.NONE);
    long[] oneBit = largest <= 0 ? new long[(count >>> 6) + 1] : null;
    byte[] oneByte = oneBit == null && largest <= Byte.MAX_VALUE ? new byte[count] : null;
    for (int i = 0; i < count; i++) {
      if (oneBit != null) {
        oneBit[i >>> 6] |= nodes[i] == 0 ? 1L << i : 0;
      } else if (oneByte != null) {
        oneByte[i] = (byte) nodes[i];
      }
    }
    bits = oneBit;
    bytes = oneByte;
    ints = oneBit == null && oneByte == null ? Arrays.copyOf(nodes, count) : new int[0];
  }

  int get(int interval) {
    long[] oneBit = bits;
    if (oneBit != null) {
      return (int) ((oneBit[interval >>> 6] >>> interval) & 1) - 1;
    }
    byte[] oneByte = bytes;
    return oneByte != null ? oneByte[interval] : ints[interval];
  }
}
