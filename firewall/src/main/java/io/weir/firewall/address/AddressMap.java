package io.weir.firewall.address;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds the labels of all prefixes that hold an address; immutable, allocates nothing on lookup.
 */
public final class AddressMap {
  /*
   * Prefixes nest or are disjoint, so together they cut the address space into intervals in each of
   * which the answer is the same. A lookup is the search for the interval that an address is in:
   * over 32-bit starts (IntervalsV4) or 128-bit starts (IntervalsV6).
   *
   * An answer is a node: a label, and the node of the enclosing prefix. Equal nodes are one, and a
   * prefix that adds no label to those around it has their node, so that a million prefixes of one
   * list are one node, neighbours merge, and memory stays linear where storing all labels with
   * every interval would not be.
   */
  static final int NONE = -1;

  /** The answer of what is asked first and does not know. */
  static final int ASK = -2;

  private record Node(int label, int parent) {}

  /** Makes nodes while the prefixes are swept. */
  static final class Nodes {
    private final Map<Node, Integer> numbers = new HashMap<>();
    private int[] labels = new int[16];
    private int[] parents = new int[16];

    int number(int label, int parent) {
      for (int node = parent; node != NONE; node = parents[node]) {
        if (labels[node] == label) {
          return parent;
        }
      }
      int count = numbers.size();
      int number = numbers.computeIfAbsent(new Node(label, parent), node -> count);
      if (number == labels.length) {
        labels = Arrays.copyOf(labels, 2 * number);
        parents = Arrays.copyOf(parents, 2 * number);
      }
      labels[number] = label;
      parents[number] = parent;
      return number;
    }
  }

  private final IntervalsV4 v4;
  private final IntervalsV6 v6;
  private final int[] labels;
  private final int[] parents;

  private AddressMap(IntervalsV4 v4, IntervalsV6 v6, Nodes nodes) {
    this.v4 = v4;
    this.v6 = v6;
    labels = Arrays.copyOf(nodes.labels, nodes.numbers.size());
    parents = Arrays.copyOf(nodes.parents, nodes.numbers.size());
  }

  /**
   * Labels prefixes, which may repeat and overlap.
   *
   * @param labels of each prefix one, at the same place, in the order in which they are gone
   *     through
   */
  public static AddressMap of(Collection<Cidr> prefixes, int[] labels) {
    PackedPrefixes packed = PackedPrefixes.of(prefixes);
    Nodes nodes = new Nodes();
    return new AddressMap(
        new IntervalsV4(new IntervalSweep(packed, labels, nodes, false)),
        new IntervalsV6(new IntervalSweep(packed, labels, nodes, true)),
        nodes);
  }

  /** The node of an address, from which its labels are read; -1 if no prefix holds it. */
  public int find(ClientAddress address) {
    return address.isV6() ? v6.find(address.high(), address.low()) : v4.find((int) address.low());
  }

  /** The label at a node. */
  public int label(int node) {
    return labels[node];
  }

  /** The node with the next label, or -1. */
  public int next(int node) {
    return parents[node];
  }
}
