package io.weir.core.http1;

import io.netty.buffer.ByteBuf;
import io.weir.core.http.Failure;
import io.weir.core.http.Fields;
import io.weir.core.http.HttpLimits;
import io.weir.core.http.RequestHandler;
import io.weir.core.http.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * The body of the request that a connection reads: what has come of it, and whether more is wanted.
 * Used again for the next one. Confined to its loop.
 */
final class RequestBody {
  /** A request refused early may leave this much of its body to be thrown away. */
  private static final int DISCARDED_BYTES = 64 * 1024;

  private final RequestHandler handler;

  /** From the first request that has a body. */
  private @Nullable BodyReader reader;

  private @Nullable Failure failure;
  private boolean complete = true;
  private boolean wanted;

  RequestBody(RequestHandler handler) {
    this.handler = handler;
  }

  /** The next request, whose body nobody wants yet. */
  void begin(RequestHead head, HttpLimits limits) {
    complete = !head.hasBody();
    wanted = false;
    if (complete) {
      return;
    }
    failure = null;
    if (reader == null) {
      reader = new BodyReader(limits.maxHeadBytes(), limits.maxFields());
    }
    reader.begin(head.bodyLength());
  }

  /** Where the request ends is not known. */
  void lose() {
    complete = false;
    reader = null;
  }

  private BodyReader reader() {
    BodyReader current = reader;
    if (current == null) {
      throw new IllegalStateException("no body");
    }
    return current;
  }

  /**
   * The next piece, which the caller releases; null when {@code in} has no more. Behind it the body
   * may have ended, or failed.
   */
  @Nullable ByteBuf next(ByteBuf in) {
    BodyReader current = reader();
    ByteBuf piece = current.next(in);
    if (current.isMalformed()) {
      failure = current.refusal();
      return null;
    }
    if (current.announced() > handler.limits().maxBodyBytes()) {
      if (piece != null) {
        piece.release();
      }
      failure = Failure.BODY_TOO_LARGE;
      return null;
    }
    return piece;
  }

  /** Why the rest cannot be had; null if it can. */
  @Nullable Failure failure() {
    return failure;
  }

  /** Whether the last piece was taken. */
  boolean isEnded() {
    return reader().isEnded();
  }

  /** The last piece was passed on: the request is complete. Its trailers. */
  @Nullable Fields complete() {
    complete = true;
    return reader().trailers();
  }

  /** Whether the request is complete; also if it has no body. */
  boolean isComplete() {
    return complete;
  }

  /** Whether what is still to come may be thrown away. */
  boolean isNearlyComplete() {
    return complete || (reader != null && reader.missing() <= DISCARDED_BYTES);
  }

  /** Whether the exchange takes more of it now. */
  boolean isWanted() {
    return wanted;
  }

  void want(boolean more) {
    wanted = more;
  }
}
