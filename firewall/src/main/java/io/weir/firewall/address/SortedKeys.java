package io.weir.firewall.address;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Distinct unsigned numbers, of which the largest one not above another is found. */
final class SortedKeys {
  /*
   * Two ways, chosen when it is made. Where the keys spread evenly, the bits after those that all
   * keys share choose a bucket, in which few keys are left to search.
   *
   * Where they crowd, as IPv6 prefixes often do, the keys are the leaves of a tree without pointers:
   * each level is every 16th key of the level below, a node is 16 keys (two cache lines), and a
   * million prefixes are five or six levels, the upper ones always cached.
   *
   * Both search without a branch: what is asked for is random, so that every second branch would be
   * predicted wrong, and the next memory be waited for in vain. Buckets took four fifths of the
   * tree's time for two million keys, and a search with branches four thirds.
   */
  private static final int MAX_BUCKET_BITS = 17; // 512 KiB
  private static final int FULLEST_BUCKET = 64;
  private static final int NODE_BITS = 4;
  private static final int NODE = 1 << NODE_BITS;

  private final long[] keys; // padded with the largest number to whole nodes
  private final int count;

  private final int sharedBits;
  private final int shift;
  private final int @Nullable [] buckets; // the first key in or after each, and the count

  private final long[][] levels; // the keys first; empty where there are buckets
  private final int[] counts; // how many keys of each level are no padding

  /** Of the first {@code count} of these, ascending without sign. */
  SortedKeys(long[] sorted, int count) {
    this.count = count;
    keys = padded(sorted, count);
    long different = count == 0 ? 0 : keys[0] ^ keys[count - 1];
    sharedBits = Math.min(Long.numberOfLeadingZeros(different), Long.SIZE - 1);
    int bits = Math.clamp(Integer.SIZE - Integer.numberOfLeadingZeros(count), 1, MAX_BUCKET_BITS);
    shift = Long.SIZE - bits;
    buckets = buckets(bits);
    levels = buckets == null ? levels() : new long[0][];
    counts = new int[levels.length];
    for (int level = 0, n = count; level < counts.length; level++) {
      counts[level] = n;
      n = (n + NODE - 1) >> NODE_BITS;
    }
  }

  long get(int place) {
    return keys[place];
  }

  /** The place of the largest key that is not above the wanted one, or -1. */
  int floor(long wanted) {
    if (count == 0 || Long.compareUnsigned(wanted, keys[0]) < 0) {
      return -1;
    }
    if (Long.compareUnsigned(wanted, keys[count - 1]) >= 0) {
      return count - 1;
    }
    int[] starts = buckets;
    return starts == null ? floorInTree(wanted) : floorInBucket(wanted, starts);
  }

  private int floorInBucket(long wanted, int[] starts) {
    int bucket = bucket(wanted);
    int at = starts[bucket] - 1; // where no key of the bucket is low enough
    int left = starts[bucket + 1] - starts[bucket];
    while (left > 0) {
      int half = (left + 1) >>> 1;
      at += half & notAbove(keys[at + half], wanted);
      left -= half;
    }
    return at;
  }

  private int floorInTree(long wanted) {
    int at = 0;
    for (int level = levels.length - 1; level >= 0; level--) {
      long[] nodes = levels[level];
      int last = at << NODE_BITS; // of which it is known that it is not above
      last += 8 & notAbove(nodes[last + 8], wanted);
      last += 4 & notAbove(nodes[last + 4], wanted);
      last += 2 & notAbove(nodes[last + 2], wanted);
      last += 1 & notAbove(nodes[last + 1], wanted);
      at = Math.min(last, counts[level] - 1);
    }
    return at;
  }

  /** All bits set if {@code key <= wanted} without sign, else none (Hacker's Delight, 2-12). */
  private static int notAbove(long key, long wanted) {
    return (int) (((~key | wanted) & ((key ^ wanted) | ~(wanted - key))) >> (Long.SIZE - 1));
  }

  private int bucket(long key) {
    return (int) ((key << sharedBits) >>> shift);
  }

  private int @Nullable [] buckets(int bits) {
    int[] starts = new int[(1 << bits) + 1];
    int next = 0;
    for (int i = 0; i < count; i++) {
      int bucket = bucket(keys[i]);
      while (next <= bucket) {
        starts[next++] = i;
      }
      if (i - starts[bucket] >= FULLEST_BUCKET) {
        return null;
      }
    }
    Arrays.fill(starts, next, starts.length, count);
    return starts;
  }

  private long[][] levels() {
    int depth = 1;
    for (int n = count; n > NODE; n = (n + NODE - 1) >> NODE_BITS) {
      depth++;
    }
    long[][] made = new long[depth][];
    made[0] = keys;
    int below = count;
    for (int level = 1; level < depth; level++) {
      int size = (below + NODE - 1) >> NODE_BITS;
      long[] sampled = new long[size];
      for (int i = 0; i < size; i++) {
        sampled[i] = made[level - 1][i << NODE_BITS];
      }
      made[level] = padded(sampled, size);
      below = size;
    }
    return made;
  }

  private static long[] padded(long[] sorted, int count) {
    long[] padded = Arrays.copyOf(sorted, Math.max(NODE, (count + NODE - 1) & -NODE));
    Arrays.fill(padded, count, padded.length, -1L);
    return padded;
  }
}
