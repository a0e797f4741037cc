package io.weir.firewall.address;

import java.util.Arrays;

/** Looks up the interval of an IPv4 address. */
final class IntervalsV4 {
  /*
   * The upper bits of the address choose a bucket, the rest is a binary search in the starts that
   * fall in there. There are about as many buckets as intervals, up to 64 Ki (256 KiB, which stays
   * in the second-level cache): a million random prefixes leave some 30 starts in each, two cache
   * lines. Where all prefixes crowd into few buckets the search is still logarithmic.
   */
  private static final int MAX_BUCKET_BITS = 16;

  private final int[] starts; // ascending, unsigned
  private final NodeNumbers nodes;
  private final int[] buckets; // the first start in or after each bucket, and the count at the end
  private final int shift;

  IntervalsV4(IntervalSweep intervals) {
    int count = intervals.count;
    starts = new int[count];
    nodes = new NodeNumbers(intervals.values, count);
    int bits = Math.clamp(32 - Integer.numberOfLeadingZeros(count), 1, MAX_BUCKET_BITS);
    shift = 32 - bits;
    buckets = new int[(1 << bits) + 1];
    int bucket = 0;
    for (int i = 0; i < count; i++) {
      int start = (int) intervals.lows[i];
      starts[i] = start;
      while (bucket <= start >>> shift) {
        buckets[bucket++] = i;
      }
    }
    Arrays.fill(buckets, bucket, buckets.length, count);
  }

  int find(int address) {
    int bucket = address >>> shift;
    int at = buckets[bucket] - 1; // where no start in the bucket is low enough
    int left = buckets[bucket + 1] - buckets[bucket];
    long wanted = Integer.toUnsignedLong(address);
    while (left > 0) { // without a branch on what is compared, as in SortedKeys
      int half = (left + 1) >>> 1;
      long above = (wanted - Integer.toUnsignedLong(starts[at + half])) >> (Long.SIZE - 1);
      at += half & (int) ~above;
      left -= half;
    }
    return at < 0 ? AddressMap.NONE : nodes.get(at);
  }
}
