package io.weir.core.http2;

/**
 * How much work beside requests one connection may cause: a bucket of credits, spent by frames that
 * cost us something, filled by time and by requests that end well. Confined to its loop.
 */
final class FloodBudget {
  /*
   * Every flood of HTTP/2 is the same trade: a frame that is cheap to send and makes the other side
   * work. A count per kind and window would need a limit for each kind, and an honest client that
   * does much (a browser that leaves a page with 100 images, a gRPC client that cancels) would meet
   * it first. So there is one bucket, and what clients do to good purpose fills it: whoever completes
   * as many requests as it cancels, or gets as many pieces of data as it acknowledges, never runs
   * out.
   */

  /** A SETTINGS is acknowledged, and a window in it is added to every stream. */
  static final int SETTINGS = 20;

  /** Answered with as many bytes. */
  static final int PING = 2;

  /**
   * A request that began and was for nothing: ours to abort, perhaps a backend's connection lost.
   */
  static final int RESET = 10;

  /** Read and thrown away. */
  static final int IDLE_FRAME = 1;

  /** A DATA frame that brings nothing but padding; some clients end a body with one. */
  static final int EMPTY_DATA = 2;

  /** What a complete exchange brings. */
  static final int EXCHANGE = 10;

  /** What a piece of a body that we send brings: it may be acknowledged twice. */
  static final int DATA_SENT = 2;

  /** A page of 128 images that is left, and once more. */
  private static final int MOST = 3000;

  /** Ten cancelled requests a second, or a PING every 20 ms, for ever. */
  private static final int PER_SECOND = 100;

  private static final long NANOS_PER_CREDIT = 1_000_000_000L / PER_SECOND;

  private int credits = MOST;
  private long filledAt;

  FloodBudget(long now) {
    filledAt = now;
  }

  /** Takes so many credits; false if there are not enough. */
  boolean spend(int cost, long now) {
    if (credits < cost) {
      fill(now);
    }
    credits -= cost;
    return credits >= 0;
  }

  private void fill(long now) {
    long earned = (now - filledAt) / NANOS_PER_CREDIT;
    filledAt += earned * NANOS_PER_CREDIT;
    credits = (int) Math.min(MOST, credits + earned);
  }

  void earn(int more) {
    credits = Math.min(MOST, credits + more);
  }
}
