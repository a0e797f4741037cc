package io.weir.core.worker;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.internal.PlatformDependent;

/** How much of what passes through it a connection may hold. */
public final class Buffering {
  /**
   * What one read brings at most. Twice that would make long bodies cheaper by about a thirtieth,
   * and whoever reads slowly twice as dear.
   */
  public static final int READ_BYTES = 32 * 1024;

  /** What may wait to be written before the other side is read no more. */
  private static final int WAITING_BYTES = 32 * 1024;

  private static final int SMALLEST_READ = 64;
  private static final int FIRST_READ = 2048;

  /** What waits just did, and one more read that was under way. */
  private static final int HELD_BYTES = WAITING_BYTES + READ_BYTES;

  private static final RecvByteBufAllocator READS =
      new AdaptiveRecvByteBufAllocator(SMALLEST_READ, FIRST_READ, READ_BYTES);

  private static final WriteBufferWaterMark WRITES =
      new WriteBufferWaterMark(WAITING_BYTES / 2, WAITING_BYTES);

  private Buffering() {}

  /** Holds back the connections that are made so. */
  public static Bootstrap limit(Bootstrap dialled) {
    return dialled
        .option(ChannelOption.RECVBUF_ALLOCATOR, READS)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITES);
  }

  /** Holds back the connections that are accepted so. */
  public static ServerBootstrap limit(ServerBootstrap accepted) {
    return accepted
        .childOption(ChannelOption.RECVBUF_ALLOCATOR, READS)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITES);
  }

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
