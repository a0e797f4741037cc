package io.weir.core.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.core.http.Fields;
import io.weir.core.http.UpstreamStream;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What was sent of a request's body, for as long as the backend may say that it did nothing with
 * it. Confined to its loop.
 */
final class SentBody {
  /**
   * Calls of services are smaller; of an upload more than this is not kept, and so not repeated.
   */
  private static final int MOST_BYTES = 64 * 1024;

  private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>(2);
  private int bytes;
  private boolean whole = true;
  private boolean ended;
  private @Nullable Fields trailers;

  /** Keeps a piece; {@code data} stays the caller's. */
  void add(ByteBuf data) {
    bytes += data.readableBytes();
    if (bytes <= MOST_BYTES) {
      pieces.add(data.retainedSlice());
    } else {
      whole = false;
      release();
    }
  }

  void end(@Nullable Fields with) {
    ended = true;
    trailers = with;
  }

  /** Whether all of it was kept. */
  boolean isWhole() {
    return whole;
  }

  /** Sends it once more. */
  void sendTo(UpstreamStream to) {
    for (ByteBuf piece : pieces) {
      to.sendBody(piece.retainedSlice());
    }
    if (ended) {
      to.sendEnd(trailers);
    }
  }

  void release() {
    while (!pieces.isEmpty()) {
      pieces.remove().release();
    }
  }
}
