package io.weir.firewall.address;

/** Finds keys that spread evenly: two words of 64 bits for about four keys. */
final class KeyWords {
  /*
   * After the bits that all keys share, some bits choose a bucket. Its two words hold up to eight of
   * its keys, by the 13 bits that follow, and how many keys come before the bucket. Four are compared
   * at once: they are 15 bits apart, so that a subtraction leaves a guard bit set where it did not
   * need to borrow.
   *
   *   63   62..60         59..45  44..30  29..15  14..0
   *    0   before / 16    key     key     key     key     unused ones are above everything
   *        before % 16    key     key     key     key     (here four bits: 63..60)
   *    1   the place of the first key: 31 bits, how many there are: 32 bits
   *
   * Seven bits do not count to millions: they count from a group of 8 buckets on, and what came
   * before the group is in a table of some hundred kilobytes that is read at the same time. Buckets
   * with more than eight keys, one in 25 if keys are random, are searched.
   *
   * Of IPv4 the 13 bits are usually all that there are. Longer keys that agree with the wanted one in
   * them are compared in full, which waits for memory a second time.
   *
   * With two million random keys this takes half the time that a table of buckets took with a binary
   * search without branches for IPv4, and three quarters of it for IPv6. Four words with whole keys
   * need no second look, but are four times as much memory that is in no cache: for IPv6 that was
   * slower than the search.
   */
  private static final int GROUP_BITS = 3;
  private static final int MOST_BEFORE = 127;

  private static final int LANES = 4; // in each word
  private static final int LANE_BITS = 13;
  private static final int LANE_STEP = LANE_BITS + 2;
  private static final long UNUSED = (1L << (LANE_BITS + 1)) - 1;
  private static final long ONES =
      1L | (1L << LANE_STEP) | (1L << (2 * LANE_STEP)) | (1L << (3 * LANE_STEP));
  private static final long GUARDS = ONES << (LANE_STEP - 1);
  private static final int BEFORE_SHIFT = LANES * LANE_STEP;
  private static final long ALL_LANES = (1L << BEFORE_SHIFT) - 1;

  private final long[] keys;
  private final int sharedBits;
  private final int bucketBits;
  private final boolean lanesSayAll;
  private final long[] words;
  private final int[] groups;

  KeyWords(long[] keys, Buckets buckets, int width) {
    this.keys = keys;
    sharedBits = buckets.sharedBits();
    bucketBits = buckets.bits();
    lanesSayAll = sharedBits + bucketBits + LANE_BITS >= width;
    words = new long[2 << bucketBits];
    groups = new int[Math.max(1, 1 << bucketBits >> GROUP_BITS)];
    for (int bucket = 0; bucket < 1 << bucketBits; bucket++) {
      int first = buckets.first(bucket);
      if ((bucket & ((1 << GROUP_BITS) - 1)) == 0) {
        groups[bucket >>> GROUP_BITS] = first;
      }
      int before = first - groups[bucket >>> GROUP_BITS];
      fill(2 * bucket, first, buckets.first(bucket + 1) - first, before);
    }
  }

  private void fill(int at, int first, int size, int before) {
    if (size > 2 * LANES || before > MOST_BEFORE) {
      words[at] = Long.MIN_VALUE | ((long) first << Integer.SIZE) | size;
      return;
    }
    words[at] = (long) (before >>> 4) << BEFORE_SHIFT;
    words[at + 1] = (long) (before & 15) << BEFORE_SHIFT;
    for (int i = 0; i < 2 * LANES; i++) {
      long bits = i < size ? lane(keys[first + i] << sharedBits) : UNUSED;
      words[at + i / LANES] |= bits << (i % LANES * LANE_STEP);
    }
  }

  private long lane(long rest) {
    return (rest << bucketBits) >>> (Long.SIZE - LANE_BITS);
  }

  /** The place of the largest key that is not above the wanted one, which shares their bits. */
  int floor(long wanted) {
    long rest = wanted << sharedBits;
    int bucket = (int) (rest >>> (Long.SIZE - bucketBits));
    long one = words[2 * bucket];
    long two = words[2 * bucket + 1];
    if (one < 0) { // seldom
      int first = (int) (one >>> Integer.SIZE) & Integer.MAX_VALUE;
      return Buckets.search(keys, first, (int) one, wanted);
    }
    long low = lane(rest) * ONES;
    long bound = low | GUARDS;
    long lanesOfOne = one & ALL_LANES;
    long lanesOfTwo = two & ALL_LANES;
    long notAboveOne = (bound - lanesOfOne) & GUARDS;
    long notAboveTwo = (bound - lanesOfTwo) & GUARDS;
    int before = (int) ((one >>> BEFORE_SHIFT << 4) | (two >>> BEFORE_SHIFT));
    int at =
        groups[bucket >>> GROUP_BITS]
            + before
            + Long.bitCount(notAboveOne)
            + Long.bitCount(notAboveTwo)
            - 1;
    if (lanesSayAll) {
      return at;
    }
    long equalOne = notAboveOne & ((lanesOfOne | GUARDS) - low);
    long equalTwo = notAboveTwo & ((lanesOfTwo | GUARDS) - low);
    int equal = Long.bitCount(equalOne) + Long.bitCount(equalTwo);
    while (equal > 0 && Long.compareUnsigned(keys[at], wanted) > 0) {
      at--;
      equal--;
    }
    return at;
  }
}
