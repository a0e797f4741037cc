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
   * as many requests as it cancels never runs out.
   *
   * Data that is acknowledged is not a matter of credits. Some send a WINDOW_UPDATE for the stream
   * and one for the connection with every 4 KiB that they read (the HTTP/2 of Go does), long after
   * the data was sent and whatever the size of its frames. So what was sent brings the right to so
   * many WINDOW_UPDATEs, which is kept apart: it buys nothing else, and is not lost where the bucket
   * is full when the data is sent. Only those beyond it cost credits.
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

  /** What a piece of a body that we send brings: some measure the way by a PING for each. */
  private static final int DATA_SENT = 2;

  /** How many WINDOW_UPDATEs a piece may bring, however small: for its stream and for all. */
  private static final int UPDATES_PER_PIECE = 2;

  /** So many bytes bring one more: two for every 4 KiB. */
  private static final int BYTES_PER_UPDATE = 2 * 1024;

  /** As much as may be on its way at once: 128 MiB, which is 10 Gbit/s for 100 ms. */
  private static final int MOST_UPDATES = 64 * 1024;

  /** A page of 128 images that is left, and once more. */
  private static final int MOST = 3000;

  /** Ten cancelled requests a second, or a PING every 20 ms, for ever. */
  private static final int PER_SECOND = 100;

  private static final long NANOS_PER_CREDIT = 1_000_000_000L / PER_SECOND;

  private int credits = MOST;
  private long filledAt;
  private int updates;

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

  /** A piece of a body of so many bytes was sent. */
  void sent(int bytes) {
    earn(DATA_SENT);
    int more = UPDATES_PER_PIECE + bytes / BYTES_PER_UPDATE;
    updates = Math.min(MOST_UPDATES, updates + more);
  }

  /** A WINDOW_UPDATE came; false if there are too many. */
  boolean update(long now) {
    if (updates > 0) {
      updates--;
      return true;
    }
    return spend(IDLE_FRAME, now);
  }

  void earn(int more) {
    credits = Math.min(MOST, credits + more);
  }
}
