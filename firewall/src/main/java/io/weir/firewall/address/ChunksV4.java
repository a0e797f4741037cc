package io.weir.firewall.address;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Tells the nodes of nearly all IPv4 addresses in one read. */
final class ChunksV4 {
  /*
   * The address space in chunks of equal size, about two for each start of an interval: with a
   * million prefixes the 2^22 blocks of 1,024 addresses. A chunk is a word:
   *
   *   lanes  the starts within the chunk, each in one bit more than it needs
   *   codes  above the lanes: that of the node before the first start, and of the node from each on;
   *          in lanes without a start the last goes on
   *
   * Lanes are compared at once: a subtraction leaves the guard bit above each lane set where it did
   * not need to borrow. Nothing is a branch: one on what memory brings would be guessed wrong, and
   * the wait for it could not be used to begin with the next address. For the same reason there is no
   * smaller table in front of a larger one, although less of it would be outside of the caches.
   *
   * More starts than lanes: all codes are OTHER, and in place of the lanes is one more than the place
   * of a bit for each address, the lower bit of its code; if chunks are large, or these would take
   * too much memory, nothing. That, or a node without a code, says: ask the search.
   */
  private static final int FEWEST_STARTS = 64; // a search of six steps is as fast
  private static final int CHUNKS_PER_START_BITS = 2;
  private static final int MAX_BITS = 22; // 32 MiB

  private static final int DENSE_REST_BITS = 10; // 128 bytes for a dense chunk
  private static final int MOST_DENSE_WORDS = 1 << 20; // 8 MiB
  private static final int WORD_BITS = 6;

  private final NodeCodes nodes;
  private final int restBits; // of an address, beside its chunk's number
  private final int lanes;
  private final long ones; // the lowest bit of each lane
  private final int codesFrom; // the bit where codes begin
  private final long[] chunks;
  private long[] dense = new long[0];
  private int denseSize;

  private ChunksV4(IntervalSweep intervals, NodeCodes nodes, int bits) {
    this.nodes = nodes;
    restBits = Integer.SIZE - bits;
    int laneBits = restBits + 1;
    lanes = (Long.SIZE - NodeCodes.BITS) / (laneBits + NodeCodes.BITS);
    ones = ((1L << (lanes * laneBits)) - 1) / ((1L << laneBits) - 1);
    codesFrom = lanes * laneBits;
    chunks = new long[1 << bits];
    fill(intervals);
  }

  /** Over these intervals; null if they are too few to gain by it, or have too many nodes. */
  static @Nullable ChunksV4 of(IntervalSweep intervals) {
    int count = intervals.count;
    NodeCodes nodes = new NodeCodes(intervals.values, count);
    if (count < FEWEST_STARTS || nodes.others() > count >>> 3) {
      return null;
    }
    int log = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(count);
    return new ChunksV4(intervals, nodes, Math.min(log + CHUNKS_PER_START_BITS, MAX_BITS));
  }

  private void fill(IntervalSweep intervals) {
    int next = 0;
    int code = nodes.code(AddressMap.NONE);
    for (int chunk = 0; chunk < chunks.length; chunk++) {
      int from = next;
      while (next < intervals.count && intervals.lows[next] >>> restBits == chunk) {
        next++;
      }
      chunks[chunk] =
          next - from <= lanes
              ? inLanes(intervals, from, next, code)
              : allOther() | densely(intervals, from, next, code);
      code = next == from ? code : nodes.code(intervals.values[next - 1]);
    }
    dense = Arrays.copyOf(dense, denseSize);
  }

  /** The codes of a chunk in which only OTHER is told. */
  private long allOther() {
    return -1L << codesFrom;
  }

  private long inLanes(IntervalSweep intervals, int from, int to, int before) {
    long word = (long) before << codesFrom;
    long place = 0;
    long code = before;
    for (int lane = 0; lane < lanes; lane++) {
      if (from + lane < to) {
        place = rest(intervals.lows[from + lane]);
        code = nodes.code(intervals.values[from + lane]);
      }
      if (code == NodeCodes.OTHER) {
        return allOther();
      }
      word |= place << (lane * (restBits + 1));
      word |= code << (codesFrom + NodeCodes.BITS * (lane + 1));
    }
    return word;
  }

  /** One more than the place of the chunk's bits; 0 if there are none. */
  private long densely(IntervalSweep intervals, int from, int to, int before) {
    int size = 1 << (restBits - WORD_BITS);
    if (restBits > DENSE_REST_BITS || denseSize + size > MOST_DENSE_WORDS) {
      return 0;
    }
    if (dense.length < denseSize + size) {
      dense = Arrays.copyOf(dense, Math.max(2 * dense.length, size));
    }
    Arrays.fill(dense, denseSize, denseSize + size, 0);
    int place = 0;
    int code = before;
    for (int i = from; i <= to; i++) {
      int stop = i < to ? (int) rest(intervals.lows[i]) : 1 << restBits;
      if (stop > place && code > 1) {
        return 0;
      }
      for (; place < stop; place++) {
        dense[denseSize + (place >>> WORD_BITS)] |= (long) code << place;
      }
      code = i < to ? nodes.code(intervals.values[i]) : code;
    }
    denseSize += size;
    return 1L + denseSize - size;
  }

  private long rest(long address) {
    return address & ((1L << restBits) - 1);
  }

  /** The node of an address; {@link AddressMap#ASK} if only the search knows. */
  int find(int address) {
    long word = chunks[address >>> restBits];
    long rest = rest(address);
    long guards = ones << restBits;
    long starts = word & ((1L << codesFrom) - 1);
    int notAbove = Long.bitCount(((rest * ones | guards) - starts) & guards);
    int code = (int) (word >>> (codesFrom + NodeCodes.BITS * notAbove)) & NodeCodes.OTHER;
    if (code != NodeCodes.OTHER) {
      return nodes.node(code);
    }
    if (starts == 0) {
      return AddressMap.ASK;
    }
    long bits = dense[(int) starts - 1 + ((int) rest >>> WORD_BITS)];
    return nodes.node((int) (bits >>> rest) & 1);
  }
}
