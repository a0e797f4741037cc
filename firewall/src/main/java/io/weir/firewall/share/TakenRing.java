package io.weir.firewall.share;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What limiters took, on its way from workers to the thread that fetches it; bounded, lock-free.
 */
final class TakenRing {
  /*
   * An entry is two words: the key, and behind it the limiter plus one, whose release publishes both.
   * A producer claims a place by moving the tail, if the head is less than a round behind; the
   * consumer empties places and then moves the head. The cursors have cache lines of their own.
   */
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int LINE = 16; // longs: two cache lines, which are fetched as a pair
  private static final int TAIL = LINE;
  private static final int HEAD = 2 * LINE;

  private final long[] cursors = new long[3 * LINE];
  private final long[] words;
  private final int capacity;

  /**
   * An empty ring.
   *
   * @param capacity a power of two
   */
  TakenRing(int capacity) {
    this.capacity = capacity;
    words = new long[2 * capacity];
  }

  /** Any thread; false if there is no room. */
  boolean offer(int limiter, long key) {
    long tail;
    do {
      tail = (long) LONGS.getVolatile(cursors, TAIL);
      if (tail - (long) LONGS.getAcquire(cursors, HEAD) >= capacity) {
        return false;
      }
    } while (!LONGS.compareAndSet(cursors, TAIL, tail, tail + 1));
    int at = 2 * ((int) tail & (capacity - 1));
    words[at] = key;
    LONGS.setRelease(words, at + 1, limiter + 1L);
    return true;
  }

  /** One thread. */
  void drain(TakenSink sink) {
    long head = cursors[HEAD];
    for (long end = head + capacity; head < end; head++) {
      int at = 2 * ((int) head & (capacity - 1));
      long mark = (long) LONGS.getAcquire(words, at + 1);
      if (mark == 0) {
        break;
      }
      long key = words[at];
      LONGS.setOpaque(words, at + 1, 0L);
      sink.taken((int) mark - 1, key);
    }
    LONGS.setRelease(cursors, HEAD, head);
  }
}
