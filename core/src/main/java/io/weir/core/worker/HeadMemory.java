package io.weir.core.worker;

/**
 * Heap that the heads of requests hold which came over the HTTP/2 connections of one worker and are
 * under way. Confined to its loop.
 */
public final class HeadMemory {
  /*
   * On HTTP/1 a head of 16 KiB costs its client 16 KiB, and a connection has one. On HTTP/2 a field
   * that the table of HPACK keeps comes again for a byte, so that 30 bytes make a head of 32 KiB of
   * heap, and a connection may have 128 of them, for as long as it lets us wait for their bodies.
   * No bound of one connection would do: a page of 100 images whose site has set large cookies takes
   * 2 MiB, and as much for each connection that one address may have is all the heap there is. So
   * heads have a part of the heap together. As long as there is room nobody is refused; when there
   * is none, who holds much already is; and beyond a reserve, who holds anything.
   */

  /** A quarter: what requests are made of beside their heads needs room, too. */
  private static final int PART_OF_HEAP = 4;

  /** For each worker, if the heap has as much: a page of 100 images with large cookies. */
  private static final long LEAST = 2 << 20;

  private long held;
  private long most = Long.MAX_VALUE;

  /**
   * How many bytes the heads of one worker may hold; at least 2 MiB, if the heap has as much.
   *
   * @param bytes that clients who wait may hold, if less is to be theirs; 0 says nothing
   * @param workers 0 where a configuration is only checked
   */
  public static long within(long bytes, int workers) {
    long part = Runtime.getRuntime().maxMemory() / PART_OF_HEAP;
    long all = bytes == 0 ? part : Math.min(bytes, part);
    int count = Math.max(workers, 1);
    return Math.max(all / count, Math.min(LEAST, part / count));
  }

  /** So many bytes at most from now on; what is held already stays. */
  public void atMost(long bytes) {
    most = bytes;
  }

  /** Bytes that are held. */
  public long held() {
    return held;
  }

  public boolean hasRoomFor(int bytes) {
    return held + bytes <= most;
  }

  /** Whether they fit into the half more that is for those who hold little. */
  public boolean hasReserveFor(int bytes) {
    return held + bytes - most <= most / 2;
  }

  /** So many bytes more are held, or fewer. */
  public void add(int bytes) {
    held += bytes;
  }
}
