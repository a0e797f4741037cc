package io.weir.core.http;

import io.netty.buffer.ByteBuf;

/**
 * One side of an exchange that has left HTTP: bytes, both ways. HTTP/1 connections and HTTP/2
 * streams are adapters to it. Called on the worker's loop only.
 */
public interface TunnelEnd {
  /**
   * Whether it is one stream of many, whose end is a flag of its last frame. Otherwise it is a
   * connection, whose FIN many take for the end of both directions.
   */
  boolean isStream();

  /** Begins to deliver; nothing is delivered before. */
  void begin(TunnelListener listener);

  /** Sends bytes; consumes {@code data}. */
  void send(ByteBuf data);

  /** Nothing more will be sent; the other direction goes on. */
  void sendEnd();

  /** Lets what was sent go out. */
  void flush();

  /** False when this side reads more slowly than we send. */
  boolean isWritable();

  /** Whether more from this side is wanted now. */
  void read(boolean wanted);

  /**
   * Ends both directions once what was sent is out; the listener hears nothing more.
   *
   * @param otherEnded whether the other side has ended its direction; if not it was cut, and a side
   *     that can be told so is
   */
  void close(boolean otherEnded);
}
