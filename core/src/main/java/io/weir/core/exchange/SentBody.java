package io.weir.core.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.core.http.Fields;
import io.weir.core.http.UpstreamStream;
import io.weir.core.worker.Copies;
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

  private final Copies copies;

  /** A copy, so that many small pieces are no more than their bytes, and hold no more of a read. */
  private @Nullable ByteBuf bytes;

  private boolean whole = true;
  private boolean ended;
  private @Nullable Fields trailers;

  SentBody(Copies copies) {
    this.copies = copies;
  }

  /** Keeps a piece; {@code data} stays the caller's. */
  void add(ByteBuf data) {
    int count = data.readableBytes();
    if (!whole || count == 0) {
      return;
    }
    ByteBuf kept = bytes;
    boolean much = count > MOST_BYTES - (kept == null ? 0 : kept.readableBytes());
    if (much || !copies.take(count)) {
      whole = false;
      release();
      return;
    }
    if (kept == null) {
      kept = data.alloc().buffer(count);
      bytes = kept;
    }
    kept.writeBytes(data, data.readerIndex(), count);
  }

  void end(@Nullable Fields with) {
    ended = true;
    trailers = with;
  }

  /** Whether all of it was kept. */
  boolean isWhole() {
    return whole;
  }

  /**
   * Sends it once more: a copy, since what is kept may grow and move while that is on its way.
   *
   * @return whether that was anything
   */
  boolean sendTo(UpstreamStream to) {
    ByteBuf kept = bytes;
    if (kept != null) {
      to.sendBody(kept.copy());
    }
    if (ended) {
      to.sendEnd(trailers);
    }
    return kept != null;
  }

  void release() {
    if (bytes != null) {
      copies.giveBack(bytes.readableBytes());
      bytes.release();
      bytes = null;
    }
  }
}
