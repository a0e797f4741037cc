package io.weir.core.worker;

import io.netty.util.internal.PlatformDependent;

/** How much memory clients may hold who do not take what they asked for. */
public final class Buffering {
  /** What one holds at most: what may wait to be written, and one more read that was under way. */
  private static final int HELD_BYTES = 64 * 1024 + 64 * 1024;

  private Buffering() {}

  /**
   * How many clients of one worker may hold as much as they can, so that all of them together hold
   * no more than {@code bytes}; at least one.
   *
   * @param bytes 0 stands for half of what this process has for buffers
   * @param workers 0 where a configuration is only checked
   */
  public static int slowReaders(long bytes, int workers) {
    long all = bytes == 0 ? PlatformDependent.maxDirectMemory() / 2 : bytes;
    return Math.clamp(all / HELD_BYTES / Math.max(workers, 1), 1, Integer.MAX_VALUE);
  }
}
