package io.weir.core.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One request to a backend, as its exchange sees it. HTTP/1 connections and HTTP/2 streams are
 * adapters to it. Called on the worker's loop only.
 */
public interface UpstreamStream {
  /**
   * Begins the request.
   *
   * @param target the request-target to send, in origin-form or {@code *}
   */
  void sendHead(RequestHead head, String target, ForwardedFor forwarded);

  /** Sends body bytes; consumes {@code data}. */
  void sendBody(ByteBuf data);

  /** Ends the request. */
  void sendEnd(@Nullable Fields trailers);

  /**
   * The response said that the exchange leaves HTTP; the stream is not used any more.
   *
   * @return the backend's side of what follows
   */
  TunnelEnd upgrade();

  /** Lets what was sent go out. */
  void flush();

  /** False when the backend reads more slowly than we send. */
  boolean isWritable();

  /** Whether more of the response is wanted now. */
  void readResponse(boolean wanted);

  /** The exchange ended before the response did: the listener hears nothing more. */
  void cancel();
}
