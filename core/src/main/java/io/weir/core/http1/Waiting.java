package io.weir.core.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that arrived before they were wanted: a pipelined request, or a body whose backend is not
 * yet connected. Owns them. Confined to its loop.
 */
final class Waiting {
  /** From here on no more is read; a usual socket read is no larger. */
  private static final int MUCH_BYTES = 64 * 1024;

  private @Nullable ByteBuf bytes;
  private boolean forgets;
  private int forgotten;

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
}
