package io.weir.firewall.address;

import org.jspecify.annotations.Nullable;

/** Tells the nodes of nearly all IPv4 addresses in one read, of very many prefixes that spread. */
final class BlocksV4 {
  /*
   * The upper 17 bits of an address choose a line of four words, half a cache line. A line tells two
   * nodes apart, the two that most intervals have: inside and, where more addresses are, outside.
   *
   *   words 0, 1   a bit for each of its 128 /24s: all of it is inside
   *   words 2, 3   up to eight blocks inside that are smaller than a /24: 16 bits each, the 15 bits
   *                that follow those of the line, and behind the bits that differ within the block
   *                a one
   *
   * An address is in a block if it differs from it in no bit above that one; four blocks are compared
   * at once. A word with fewer than four repeats its first; one without any is 0. More than eight
   * blocks, and a third node, say: ask the search. If prefixes are random and half of them are single
   * addresses, that is one in fifty of a million.
   *
   * It takes 4 MiB, half of what the words of SortedKeys take for as many prefixes, and hardly a
   * branch on the way is guessed wrong, so that the next look-up begins meanwhile.
   */
  private static final int FEWEST_STARTS = 1 << 20;
  private static final int LINES = 1 << 17;
  private static final int REST_BITS = Integer.SIZE - 17; // of an address, behind those of its line
  private static final int WORDS_BITS = 2; // in a line
  private static final int WHOLE_BITS = 8; // of the addresses of a /24
  private static final int SMALL_WORDS = 2; // the place of the first of the words with small blocks
  private static final int LANES = 4; // in each of them
  private static final int LANE_STEP = 16;
  private static final long ONES = 0x0001_0001_0001_0001L;
  private static final long TOPS = ONES << (LANE_STEP - 1);

  /** Blocks as large as no small one is. */
  private static final long UNTOLD = ONES << WHOLE_BITS;

  private final int inside;
  private final int outside;
  private final long[] lines = new long[LINES << WORDS_BITS];

  private BlocksV4(int inside, int outside) {
    this.inside = inside;
    this.outside = outside;
  }

  /**
   * For these addresses from which on nodes hold, ascending from 0 to 2^32 - 1; null if it would
   * not help.
   */
  static @Nullable BlocksV4 of(long[] starts, int[] values, int count) {
    return count < FEWEST_STARTS ? null : ofAny(starts, values, count);
  }

  /** The same for any number of them. */
  static @Nullable BlocksV4 ofAny(long[] starts, int[] values, int count) {
    NodeCodes nodes = new NodeCodes(values, count);
    int one = nodes.node(0);
    int other = nodes.node(1);
    boolean oneIsWider = width(one, starts, values, count) > width(other, starts, values, count);
    BlocksV4 made = oneIsWider ? new BlocksV4(other, one) : new BlocksV4(one, other);
    return made.fill(starts, values, count) > count >>> 3 ? null : made;
  }

  /** How many addresses have a node. */
  private static long width(int node, long[] starts, int[] values, int count) {
    long width = node == AddressMap.NONE ? starts[0] : 0;
    for (int i = 0; i < count; i++) {
      long end = i + 1 < count ? starts[i + 1] : 1L << Integer.SIZE;
      width += values[i] == node ? end - starts[i] : 0;
    }
    return width;
  }

  /** How many starts are in lines that do not tell them. */
  private int fill(long[] starts, int[] values, int count) {
    int untold = 0;
    int next = 0;
    int before = AddressMap.NONE;
    for (int line = 0; line < LINES; line++) {
      int from = next;
      while (next < count && starts[next] >>> REST_BITS == line) {
        next++;
      }
      int at = line << WORDS_BITS;
      if (!tell(at, starts, values, from, next, before)) {
        lines[at + SMALL_WORDS] = UNTOLD;
        untold += next - from;
      }
      before = next == from ? before : values[next - 1];
    }
    return untold;
  }

  /** Writes a line; false if it has no room or a third node. */
  private boolean tell(int at, long[] starts, int[] values, int from, int to, int before) {
    long end = ((at >>> WORDS_BITS) + 1L) << REST_BITS;
    long start = end - (1L << REST_BITS);
    int small = 0;
    for (int i = from; i <= to; i++) {
      int node = i == from ? before : values[i - 1];
      long stop = i == to ? end : starts[i];
      if (start != stop && node != outside && node != inside) {
        return false;
      }
      while (start != stop && node == inside) {
        long size = Math.min(Long.lowestOneBit(start | end), Long.highestOneBit(stop - start));
        if (size >>> WHOLE_BITS != 0) {
          mark(at, start, size);
        } else if (small < 2 * LANES) {
          add(at, small++, start, size);
        } else {
          return false;
        }
        start += size;
      }
      start = stop;
    }
    return true;
  }

  private void mark(int at, long start, long size) {
    for (long next = start; next != start + size; next += 1L << WHOLE_BITS) {
      lines[at + wordOf((int) next)] |= 1L << (next >>> WHOLE_BITS);
    }
  }

  private void add(int at, int place, long start, long size) {
    int word = at + SMALL_WORDS + place / LANES;
    int lane = place % LANES * LANE_STEP;
    long block = rest((int) start) | size;
    lines[word] = lane == 0 ? block * ONES : (lines[word] & ~(0xffffL << lane)) | block << lane;
  }

  private static int wordOf(int address) {
    return address >>> (REST_BITS - 1) & 1;
  }

  /** The bits of an address that follow those of its line, with room for one more behind them. */
  private static long rest(int address) {
    return (address & ((1L << REST_BITS) - 1)) << 1;
  }

  /** The node of an address; {@link AddressMap#ASK} if only the search knows. */
  int find(int address) {
    int at = address >>> REST_BITS << WORDS_BITS;
    long one = lines[at + SMALL_WORDS];
    long two = lines[at + SMALL_WORDS + 1];
    if (one == UNTOLD) {
      return AddressMap.ASK;
    }
    long wanted = rest(address) * ONES;
    long whole = lines[at + wordOf(address)] >>> (address >>> WHOLE_BITS);
    long in = (whole & 1) | isInOne(wanted, one) | isInOne(wanted, two);
    return in != 0 ? inside : outside;
  }

  /** Not 0 if one of the four blocks of a word holds what is wanted. */
  private static long isInOne(long wanted, long blocks) {
    long free = blocks ^ (blocks - ONES);
    long differs = (wanted ^ blocks) & ~free;
    long hasBlocks = (blocks | -blocks) >> (Long.SIZE - 1);
    return (differs - ONES)
        & ~differs
        & TOPS
        & hasBlocks; // Hacker's Delight, 6-1: a zero in a word
  }
}
