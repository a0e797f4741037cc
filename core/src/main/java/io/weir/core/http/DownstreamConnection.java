package io.weir.core.http;

/** One connection of a client, as the door that let it in sees it. Called on its loop only. */
public interface DownstreamConnection {
  /** Whether nothing was asked on it yet. */
  boolean isNew();

  /** Ends when the requests that are under way have ended; for a process that stops. */
  void drain();

  /** Ends at once. */
  void abort();

  /**
   * Ends at once.
   *
   * @param why what becomes of the requests that are under way
   */
  void cut(Failure why);
}
