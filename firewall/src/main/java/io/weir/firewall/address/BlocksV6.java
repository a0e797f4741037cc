package io.weir.firewall.address;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Tells the nodes of nearly all IPv6 addresses in one read, of very many prefixes that spread. */
final class BlocksV6 {
  /*
   * After the bits that all /64s with a start share, some bits choose a line of four words. A word
   * is a block, a power of two of /64s: the bits of the first of them that follow those of the line,
   * and behind the bits that differ within the block a one. An address is in a block if it differs
   * from it in no bit above that one.
   *
   * The free bits of the first word are codes, two bits each: of the node of all that is outside of
   * the blocks, and of each block. More than four blocks, and nodes without a code, say: ask the
   * search. If prefixes are random, that is one in sixty of them.
   *
   * It takes 32 MiB, so it is for sets of which little is in a cache however they are kept: one read
   * that waits for memory, and hardly a branch that is guessed wrong, so that the next look-up begins
   * meanwhile. The words of SortedKeys are a fourth of it, but what lies in a prefix has to wait for
   * whole keys a second time; with a tenth of the prefixes that costs less than the larger table.
   */
  private static final int FEWEST_STARTS = 1 << 20;
  private static final int BITS = 20; // that choose a line: two prefixes in each, of a million
  private static final int LINE_BITS = 2;
  private static final int BLOCKS = 1 << LINE_BITS;
  private static final int CODES_BITS = (1 + BLOCKS) * NodeCodes.BITS;
  private static final long CODES = (1L << CODES_BITS) - 1;
  private static final long NO_BLOCK = 3L << CODES_BITS; // its upper bit is 0 in every address

  private final NodeCodes nodes;
  private final long first;
  private final long last;
  private final int lastNode;
  private final int sharedBits;
  private final int bits; // that choose a line
  private final long[] lines;

  private BlocksV6(long[] halves, int[] values, int count, int bits, NodeCodes nodes) {
    this.nodes = nodes;
    this.bits = bits;
    first = halves[0];
    last = halves[count - 1];
    lastNode = values[count - 1];
    sharedBits = Math.min(Long.numberOfLeadingZeros(first ^ last), Long.SIZE - bits);
    lines = new long[1 << (bits + LINE_BITS)];
  }

  /** For these /64s from which on nodes hold, ascending without sign; null if it would not help. */
  static @Nullable BlocksV6 of(long[] halves, int[] values, int count) {
    return count < FEWEST_STARTS ? null : of(halves, values, count, BITS);
  }

  /** The same for any number of them, with at least twelve bits, so that codes have room. */
  static @Nullable BlocksV6 of(long[] halves, int[] values, int count, int bits) {
    NodeCodes nodes = new NodeCodes(values, count);
    BlocksV6 made = new BlocksV6(halves, values, count, bits, nodes);
    return made.fill(halves, values, count) > count >>> 3 ? null : made;
  }

  /** How many starts are in lines that do not tell them. */
  private int fill(long[] halves, int[] values, int count) {
    int untold = 0;
    int next = 0;
    int value = AddressMap.NONE;
    for (int line = 0; line < lines.length >>> LINE_BITS; line++) {
      int from = next;
      while (next < count && line(halves[next]) == line) {
        next++;
      }
      int at = line << LINE_BITS;
      if (!tell(at, halves, values, from, next, value)) {
        Arrays.fill(lines, at, at + BLOCKS, NO_BLOCK);
        lines[at] |= CODES;
        untold += next - from;
      }
      value = next == from ? value : values[next - 1];
    }
    return untold;
  }

  private int line(long half) {
    return (int) ((half << sharedBits) >>> (Long.SIZE - bits));
  }

  /** The bits of a /64 that follow those of its line, from above. */
  private long rest(long half) {
    return half << (sharedBits + bits - 1) << 1;
  }

  /** Writes a line, whatever holds after its last start being outside; false if it has no room. */
  private boolean tell(int at, long[] halves, int[] values, int from, int to, int before) {
    int outside = nodes.code(from == to ? before : values[to - 1]);
    int used = 0;
    long codes = outside;
    long start = 0;
    int code = nodes.code(before);
    for (int i = from; i < to; i++) {
      long stop = rest(halves[i]);
      while (start != stop && code != outside) {
        if (used == BLOCKS) {
          return false;
        }
        long size = largestBlock(start, stop);
        lines[at + used++] = start | (size >>> 1);
        codes |= (long) code << (NodeCodes.BITS * used);
        start += size;
      }
      start = stop;
      code = nodes.code(values[i]);
    }
    Arrays.fill(lines, at + used, at + BLOCKS, NO_BLOCK);
    lines[at] |= codes;
    return true;
  }

  /** The size of the largest block that begins at the one place and ends before the other. */
  private static long largestBlock(long start, long stop) {
    long most = Long.highestOneBit(stop - start);
    long aligned = Long.lowestOneBit(start);
    return aligned == 0 || Long.compareUnsigned(most, aligned) < 0 ? most : aligned;
  }

  /** The node of an address in a /64; {@link AddressMap#ASK} if only the search knows. */
  int find(long half) {
    if (Long.compareUnsigned(half, first) < 0) {
      return AddressMap.NONE;
    }
    if (Long.compareUnsigned(half, last) >= 0) {
      return lastNode;
    }
    int at = line(half) << LINE_BITS;
    long wanted = rest(half);
    long head = lines[at];
    int block =
        isIn(wanted, head & ~CODES, 1)
            | isIn(wanted, lines[at + 1], 2)
            | isIn(wanted, lines[at + 2], 3)
            | isIn(wanted, lines[at + 3], 4);
    int code = (int) (head >>> (NodeCodes.BITS * block)) & NodeCodes.OTHER;
    return code == NodeCodes.OTHER ? AddressMap.ASK : nodes.node(code);
  }

  /** The number if a place is in a block, else 0. */
  private static int isIn(long wanted, long block, int number) {
    long free = block ^ (block - 1);
    return ((wanted ^ block) & ~free) == 0 ? number : 0;
  }
}
