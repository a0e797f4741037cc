package io.weir.core.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One request of a client, as its exchange sees it: where the response goes. HTTP/1 connections and
 * HTTP/2 streams are adapters to it. Called on the worker's loop only.
 */
public interface DownstreamStream {
  /** Passes a 1xx response on; nothing happens for clients that do not know them. */
  void sendInterim(ResponseHead head);

  /** Begins the response. {@link ResponseHead#bodyLength} says what follows. */
  void sendHead(ResponseHead head);

  /**
   * Answers that the exchange leaves HTTP, as the client asked. From then on the stream is only
   * told that the exchange has ended.
   *
   * @return the client's side of what follows
   */
  TunnelEnd upgrade(ResponseHead head);

  /** Sends body bytes; consumes {@code data}. */
  void sendBody(ByteBuf data);

  /** Ends the response that {@link #sendHead} began. */
  void sendEnd(@Nullable Fields trailers);

  /**
   * Takes back the response that {@link #sendHead} began, so that another can take its place.
   *
   * @return false if some of it has left, so that only {@link #abort} remains
   */
  boolean takeBack();

  /**
   * Sends a whole response of our own.
   *
   * @return false if none can be sent, so that the request ended in another way
   */
  boolean sendLocal(LocalResponse response);

  /** The exchange is over: its head may be reused and the next request be read. */
  void exchangeEnded();

  /** The connection must not be used for another request, because of how this one was. */
  void endAfterThis();

  /** Lets what was sent go out. */
  void flush();

  /** False when the client reads more slowly than we send. */
  boolean isWritable();

  /** Whether it has ended, so that nobody can be told anything any more. */
  boolean isGone();

  /** Whether more of the request's body is wanted now. */
  void readBody(boolean wanted);

  /**
   * Nobody will ever want the rest of the request: what came of it and what still comes is thrown
   * away. A connection of HTTP/1 ends after it.
   *
   * @param forOthers whether the client may go on to send it, since the connection carries requests
   *     of others, too, which would have to wait behind it
   */
  void forgetRest(boolean forOthers);

  /** More of the response is there, and is not sent before the client makes room for it. */
  void holdsBack();

  /** When the first byte of the request arrived, in nanoseconds of the worker's clock. */
  long requestNanos();

  /** Ends the connection or stream at once, so that the client sees that the response is cut. */
  void abort();

  /** Ends the connection without a word, whatever else is under way on it. */
  void drop();
}
