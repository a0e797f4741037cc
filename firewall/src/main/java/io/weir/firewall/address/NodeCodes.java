package io.weir.firewall.address;

/** The three values that most intervals have, nowhere being one, by codes of two bits. */
final class NodeCodes {
  /** Stands for all other values. */
  static final int OTHER = 3;

  static final int BITS = 2;

  private final int[] nodes = new int[OTHER]; // by their codes

  /** For the first {@code count} of these. */
  NodeCodes(int[] values, int count) {
    int largest = AddressMap.NONE;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, values[i]);
    }
    int[] uses = new int[largest + 2]; // by value + 1
    uses[0] = 1; // what holds before the first
    for (int i = 0; i < count; i++) {
      uses[values[i] + 1]++;
    }
    for (int code = 0; code < OTHER; code++) {
      int most = 0;
      for (int i = 1; i < uses.length; i++) {
        most = uses[i] > uses[most] ? i : most;
      }
      nodes[code] = most - 1;
      uses[most] = 0;
    }
  }

  int code(int node) {
    for (int code = 0; code < OTHER; code++) {
      if (nodes[code] == node) {
        return code;
      }
    }
    return OTHER;
  }

  /** The node of a code that is not {@link #OTHER}. */
  int node(int code) {
    return nodes[code];
  }
}
