package io.weir.firewall.address;

import org.jspecify.annotations.Nullable;

/** Sorted keys, divided by the bits that follow those that all of them share. */
final class Buckets {
  private static final int MAX_BITS = 20; // four keys each for four million
  private static final int CROWD = 24; // keys in a bucket; a search of five steps

  private final int sharedBits;
  private final int bits;
  private final int[] firsts;

  private Buckets(int sharedBits, int bits) {
    this.sharedBits = sharedBits;
    this.bits = bits;
    firsts = new int[(1 << bits) + 1];
  }

  /**
   * For the first {@code count} of these keys, a bucket for every two to four keys; null if an
   * eighth of the keys crowds into few of them.
   */
  static @Nullable Buckets of(long[] keys, int count) {
    long different = count == 0 ? 0 : keys[0] ^ keys[count - 1];
    int shared = Math.min(Long.numberOfLeadingZeros(different), Long.SIZE - 1);
    int bits = Math.clamp(Integer.SIZE - 2 - Integer.numberOfLeadingZeros(count), 1, MAX_BITS);
    Buckets made = new Buckets(shared, bits);
    return made.fill(keys, count) > count >>> 3 ? null : made;
  }

  /** How many keys are in crowded buckets. */
  private int fill(long[] keys, int count) {
    int crowded = 0;
    int next = 0;
    for (int bucket = 0; bucket < firsts.length - 1; bucket++) {
      int first = next;
      firsts[bucket] = first;
      while (next < count && (keys[next] << sharedBits) >>> (Long.SIZE - bits) == bucket) {
        next++;
      }
      crowded += next - first > CROWD ? next - first : 0;
    }
    firsts[firsts.length - 1] = count;
    return crowded;
  }

  int sharedBits() {
    return sharedBits;
  }

  /** How many bits choose a bucket. */
  int bits() {
    return bits;
  }

  /** The place of the first key in or after a bucket. */
  int first(int bucket) {
    return firsts[bucket];
  }

  /** The last of some keys that is not above the wanted one, or the place before them. */
  static int search(long[] keys, int first, int size, long wanted) {
    int at = first - 1;
    int left = size;
    while (left > 0) {
      int half = (left + 1) >>> 1;
      at += half & SortedKeys.notAbove(keys[at + half], wanted);
      left -= half;
    }
    return at;
  }
}
