package io.weir.core.http2;

/**
 * The streams of one connection that ended last, and how: what may still come on them, and what is
 * to be said about it, differs (RFC 9113 section 5.1). Confined to its loop.
 */
final class ClosedStreams {
  /** As many as may be open at once; what is older than that is not on its way any more. */
  private static final int KEPT = Http2Limits.STREAMS;

  private static final int WAY_BITS = 2;

  /** How a stream ended. */
  enum Way {
    /** It was never heard of, was skipped, or ended long ago. */
    UNKNOWN,
    /** Both sides said all that they had to say. */
    COMPLETE,
    RESET_BY_CLIENT,
    /** The client may not know yet. */
    RESET_BY_US
  }

  private static final Way[] WAYS = Way.values();

  /** Each the id, which has 31 bits, and behind it the way. */
  private final long[] ring = new long[KEPT];

  private int next;

  void add(int id, Way way) {
    ring[next] = (long) id << WAY_BITS | way.ordinal();
    next = (next + 1) % KEPT;
  }

  Way of(int id) {
    for (long entry : ring) {
      if (entry >>> WAY_BITS == id) {
        return WAYS[(int) (entry & ((1 << WAY_BITS) - 1))];
      }
    }
    return Way.UNKNOWN;
  }
}
