package io.weir.core.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.weir.core.worker.SlowReader;
import io.weir.core.worker.SlowReaders;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that arrived before they were wanted: a pipelined request, or a body whose backend is not
 * yet connected, or takes nothing. Owns them. Much of them counts where memory is short. Confined
 * to its loop.
 */
final class Waiting extends SlowReader {
  /** From here on no more is read; a usual socket read is no larger. */
  private static final int MUCH_BYTES = 64 * 1024;

  private final SlowReaders slowReaders;
  private final Runnable giveUp;
  private @Nullable ByteBuf bytes;
  private boolean forgets;
  private int forgotten;

  /**
   * For one connection.
   *
   * @param giveUp ends what they wait for, where their memory is wanted
   */
  Waiting(SlowReaders slowReaders, Runnable giveUp) {
    this.slowReaders = slowReaders;
    this.giveUp = giveUp;
  }

  boolean isEmpty() {
    return bytes == null;
  }

  boolean isMuch() {
    return forgotten >= MUCH_BYTES || (bytes != null && bytes.readableBytes() >= MUCH_BYTES);
  }

  /** Keeps them; consumes {@code rest}. Nothing may be waiting. */
  void keep(ByteBuf rest) {
    if (forgets) {
      forgotten += rest.readableBytes();
      rest.release();
    } else {
      bytes = rest;
      if (isMuch()) {
        slowReaders.add(this);
      }
    }
  }

  /**
   * Throws away what waits and from now on all that is kept. As much as would have waited is still
   * read, so that a client's end is noticed.
   */
  void forget() {
    forgets = true;
    release();
  }

  /** What waited, now the caller's. */
  @Nullable ByteBuf take() {
    ByteBuf taken = bytes;
    bytes = null;
    slowReaders.remove(this);
    return taken;
  }

  /** What waited and {@code arrived} behind it, now the caller's; consumes {@code arrived}. */
  ByteBuf takeWith(ByteBuf arrived, ByteBufAllocator allocator) {
    ByteBuf first = take();
    return first == null
        ? arrived
        : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, first, arrived);
  }

  void release() {
    ByteBuf left = take();
    if (left != null) {
      left.release();
    }
  }

  @Override
  protected void cut() {
    if (!isEmpty()) {
      giveUp.run();
    }
  }
}
