package io.weir.firewall.address;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The node of each interval, -1 for none, in as little memory as the numbers need. */
final class NodeNumbers {
  /*
   * What a lookup costs is memory that is not in a cache. Most sets have one node, so that intervals
   * take turns between it and none, which needs no memory at all; two bits do for most others.
   */
  private static final int PER_WORD_BITS = 5; // 32 pairs of bits

  private final boolean alternates;
  private final int alternating; // the node of every other interval, from the first one on
  private final long @Nullable [] pairs; // of numbers from -1 to 2
  private final byte @Nullable [] bytes;
  private final int[] ints;

  NodeNumbers(int[] nodes, int count) {
    alternates = alternates(nodes, count);
    alternating = count == 0 ? AddressMap.NONE : nodes[0];
    int largest = Arrays.stream(nodes, 0, count).max().orElse(AddressMap.NONE);
    boolean small = !alternates && largest <= 2;
    long[] twoBits = small ? new long[(count >>> PER_WORD_BITS) + 1] : null;
    byte[] oneByte = !alternates && !small && largest <= Byte.MAX_VALUE ? new byte[count] : null;
    for (int i = 0; i < count; i++) {
      if (twoBits != null) {
        twoBits[i >>> PER_WORD_BITS] |= (nodes[i] + 1L) << (2 * i);
      } else if (oneByte != null) {
        oneByte[i] = (byte) nodes[i];
      }
    }
    pairs = twoBits;
    bytes = oneByte;
    boolean large = !alternates && !small && oneByte == null;
    ints = large ? Arrays.copyOf(nodes, count) : new int[0];
  }

  private static boolean alternates(int[] nodes, int count) {
    for (int i = 0; i < count; i++) {
      if (nodes[i] != ((i & 1) == 0 ? nodes[0] : AddressMap.NONE)) {
        return false;
      }
    }
    return true;
  }

  int get(int interval) {
    if (alternates) {
      return alternating | -(interval & 1);
    }
    long[] twoBits = pairs;
    if (twoBits != null) {
      return (int) (twoBits[interval >>> PER_WORD_BITS] >>> (2 * interval) & 3) - 1;
    }
    byte[] oneByte = bytes;
    return oneByte != null ? oneByte[interval] : ints[interval];
  }
}
