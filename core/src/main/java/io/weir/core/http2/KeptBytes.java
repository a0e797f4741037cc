package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of one stream that came while nobody wanted them: a copy, so that it holds no more than its
 * bytes, and no more than the stream's window lets come. Confined to its loop.
 */
final class KeptBytes {
  private @Nullable ByteBuf bytes;

  boolean isEmpty() {
    return bytes == null;
  }

  /**
   * Keeps a copy of {@code data} behind what there is; a frame that brought nothing leaves none.
   */
  void add(ByteBuf data, ByteBufAllocator allocator) {
    if (!data.isReadable()) {
      return;
    }
    ByteBuf kept = bytes;
    if (kept == null) {
      kept = allocator.buffer(data.readableBytes());
      bytes = kept;
    }
    kept.writeBytes(data);
  }

  /** What was kept, now the caller's. */
  @Nullable ByteBuf take() {
    ByteBuf taken = bytes;
    bytes = null;
    return taken;
  }

  /** The same, but of what was kept no more than the first {@code most} bytes. */
  @Nullable ByteBuf take(int most, ByteBufAllocator allocator) {
    ByteBuf kept = bytes;
    if (kept == null || kept.readableBytes() <= most) {
      return take();
    }
    ByteBuf piece = allocator.buffer(most).writeBytes(kept, most);
    kept.discardReadBytes(); // what comes for it must not make this larger
    return piece;
  }

  /** Throws away what was kept, and says how much it was. */
  int drop() {
    ByteBuf dropped = take();
    if (dropped == null) {
      return 0;
    }
    int count = dropped.readableBytes();
    dropped.release();
    return count;
  }
}
