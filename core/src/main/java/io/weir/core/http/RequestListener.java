package io.weir.core.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Hears the rest of a request whose head was accepted. Called on the worker's loop only. */
public interface RequestListener {
  /** A piece of the body; consumes {@code data}. */
  void onRequestBody(ByteBuf data);

  /** The request, which has a body, is complete. Not called for requests without one. */
  void onRequestEnd(@Nullable Fields trailers);

  /** All that arrived together was delivered: a good moment to flush. */
  void onRequestBatchEnd();

  /** The rest of the request cannot be had: malformed, too large, too late, or the client left. */
  void onRequestFailure(Failure failure);

  /** The client reads again, or no longer as fast as we send. */
  void onDownstreamWritability(boolean writable);
}
