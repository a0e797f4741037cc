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

  private final int[] starts; // ascending, with the sign bit flipped so that int order is right
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
      starts[i] = start ^ Integer.MIN_VALUE;
      while (bucket <= start >>> shift) {
        buckets[bucket++] = i;
      }
    }
    Arrays.fill(buckets, bucket, buckets.length, count);
  }

  int find(int address) {
    int bucket = address >>> shift;
    int low = buckets[bucket];
    int high = buckets[bucket + 1];
    int wanted = address ^ Integer.MIN_VALUE;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (starts[middle] <= wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? AddressMap.NONE : nodes.get(low - 1);
  }
}
