package io.weir.core.http2;

/**
 * How much may still come from a backend on streams that we have reset: it was on its way before
 * the backend knew. Confined to its loop.
 */
final class UnwantedBytes {
  /*
   * One client's cancelled downloads must not look like a flood of the backend: that would end the
   * requests of everybody on the connection. A backend fills the window that it has, in frames of any
   * size, so each reset stream brings its window and a head. Whose frames they are is not looked at:
   * more than the sum nobody was allowed to send.
   */

  /** A head of the usual size, and trailers: they are not in the window. */
  private static final int HEAD_BYTES = 4 * 1024;

  /** All streams of a connection at once. */
  private static final long MOST = 2L * UpstreamCodec.CONNECTION_WINDOW;

  private long bytes;

  /** A stream was reset, with so much of its window left. */
  void add(int window) {
    bytes = Math.min(MOST, bytes + Math.max(window, 0) + HEAD_BYTES);
  }

  /** Whether a frame of so many bytes is among what was on its way; it is that only once. */
  boolean take(int frameBytes) {
    int taken = Math.max(frameBytes, 1);
    if (bytes < taken) {
      return false;
    }
    bytes -= taken;
    return true;
  }
}
