package io.weir.core.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Hears the response of a backend. Called on the worker's loop only. */
public interface ResponseListener {
  /** A 1xx response; the head is valid during the call. */
  void onInterim(ResponseHead head);

  /** The response begins; the head is valid until the response ends. */
  void onResponseHead(ResponseHead head);

  /** A piece of the body; consumes {@code data}. */
  void onResponseBody(ByteBuf data);

  /** The response is complete, and the stream no longer belongs to the exchange. */
  void onResponseEnd(@Nullable Fields trailers);

  /** All that arrived together was delivered: a good moment to flush. */
  void onResponseBatchEnd();

  /**
   * The response cannot be had, and the stream no longer belongs to the exchange.
   *
   * @param repeat whether the request may be sent once more
   */
  void onResponseFailure(Failure failure, Repeat repeat);

  /** The backend reads again, or no longer as fast as we send. */
  void onUpstreamWritability(boolean writable);
}
