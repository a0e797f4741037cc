package io.weir.core.http;

/**
 * Takes the requests of one client connection once their heads were read and found well-formed.
 * Called on the worker's loop only.
 */
public interface RequestHandler {
  /** The limits of the next request. */
  HttpLimits limits();

  /** Whether the connection should end after the request that is under way. */
  boolean isDraining();

  /**
   * A request begins.
   *
   * @param head valid until {@link DownstreamStream#exchangeEnded}, which may come during this call
   * @return who hears the rest of the request
   */
  RequestListener onHead(DownstreamStream stream, RequestHead head);

  /** Bytes that came and went since this was last called; at the end of every exchange. */
  void onTraffic(long in, long out);

  /** The connection breaks its protocol, or floods it, and ends; its requests hear of it. */
  void onConnectionRefused(Failure failure);

  /**
   * A stream ends of which no exchange hears: nothing of its request was done, or all but the rest
   * of its answer.
   */
  void onStreamRefused(Failure failure);

  /**
   * A request is malformed, too large or too slow, and ends here.
   *
   * @param head as much of it as was read
   */
  void onRefused(DownstreamStream stream, RequestHead head, Failure failure);
}
