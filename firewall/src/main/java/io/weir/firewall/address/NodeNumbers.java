package io.weir.firewall.address;

import org.jspecify.annotations.Nullable;

/** The node of each interval, in one byte each where there are few nodes: most sets have one. */
final class NodeNumbers {
  private final byte @Nullable [] small;
  private final int[] large;

  NodeNumbers(int[] nodes, int count) {
    boolean fits = true;
    for (int i = 0; i < count; i++) {
      fits &= nodes[i] <= Byte.MAX_VALUE;
    }
    byte[] bytes = new byte[fits ? count : 0];
    int[] ints = new int[fits ? 0 : count];
    for (int i = 0; i < count; i++) {
      if (fits) {
        bytes[i] = (byte) nodes[i];
      } else {
        ints[i] = nodes[i];
      }
    }
    small = fits ? bytes : null;
    large = ints;
  }

  int get(int interval) {
    byte[] bytes = small;
    return bytes == null ? large[interval] : bytes[interval];
  }
}
