package io.weir.daemon.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Lines of one worker on their way to the writer: a ring of bytes with one producer and one
 * consumer, without a lock.
 *
 * <p>{@code tail} and {@code head} count bytes since the beginning and never wrap; the place in
 * memory is their remainder. The producer publishes whole lines, so the consumer sees no half ones.
 */
final class LineRing {
  private final ByteBuffer memory; // the producer's view; used with absolute positions only
  private final ByteBuffer view; // the consumer's view
  private final int mask;

  private volatile long tail; // written by the producer only
  private volatile long head; // written by the consumer only
  private volatile long lost; // lines; written by the consumer only
  private long headSeen; // the producer's last look at head

  /**
   * Makes an empty ring.
   *
   * @param capacity bytes, a power of two
   */
  LineRing(int capacity) {
    if (Integer.bitCount(capacity) != 1) {
      throw new IllegalArgumentException("capacity: " + capacity + " (expected: a power of two)");
    }
    memory = ByteBuffer.allocateDirect(capacity);
    view = memory.duplicate();
    mask = capacity - 1;
  }

  /** Takes a copy of a line; false when there is no room. Producer only. */
  boolean offer(byte[] line, int length) {
    long from = tail;
    if (from + length - headSeen > capacity()) {
      headSeen = head;
      if (from + length - headSeen > capacity()) {
        return false;
      }
    }
    int start = (int) from & mask;
    int first = Math.min(length, capacity() - start);
    memory.put(start, line, 0, first);
    memory.put(0, line, first, length - first);
    tail = from + length;
    return true;
  }

  /** Whether more than half is taken, as far as the producer knows. Producer only. */
  boolean isFilling() {
    if (tail - headSeen <= capacity() / 2) {
      return false;
    }
    headSeen = head;
    return tail - headSeen > capacity() / 2;
  }

  boolean isEmpty() {
    return tail == head;
  }

  /** Writes out all that is there; after a failure the rest is still there. Consumer only. */
  void drain(WritableByteChannel out) throws IOException {
    long at = head;
    long to = tail;
    try {
      while (at < to) {
        int start = (int) at & mask;
        view.limit(Math.min(start + (int) (to - at), capacity())).position(start);
        at += out.write(view);
      }
    } finally {
      head = at;
    }
  }

  /** Loses all that is there. Consumer only. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  void discard() {
    long to = tail;
    for (long at = head; at < to; at++) {
      if (memory.get((int) at & mask) == '\n') {
        lost++;
      }
    }
    head = to;
  }

  /** Lines that were discarded. Any thread. */
  long lost() {
    return lost;
  }

  private int capacity() {
    return mask + 1;
  }
}
