package io.weir.core.http2;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;

/**
 * Holds the reading of one client's connection back while too much that we said to it waits for its
 * socket. Confined to its loop.
 */
final class UnreadAnswers {
  /*
   * Bodies wait for the client's windows, and none is handed to a socket that is full. Heads do not:
   * they have no flow control. An answer that is nothing but a head (to HEAD, a 204, a redirect) also
   * ends its stream as soon as it is written, so the limit of streams does not bound them, and a
   * request can be a hundredth of its answer. What bounds them is that a client that does not read is
   * not read from either.
   *
   * RFC 9113 section 5.2.2 wants frames read promptly, or each side could wait for a WINDOW_UPDATE
   * that the other has sent. That cannot happen here: what we wait for has passed the windows, it
   * leaves as soon as the client reads its socket, whatever it may have written. A client that
   * writes all before it reads anything is not held back as long as it keeps to what it was told:
   * 128 streams at once, and what a socket and MOST_BYTES take of the answers to them. Bodies alone
   * never come so far that the reading stops, so an upload, a PING or a cancel gets through beside a
   * download that fills the socket. Who never reads at all is cut by the deadline of the socket.
   */

  /**
   * What may wait above the mark at which a socket counts as writable again: two thirds are a body
   * that was under way (64 KiB at most), and some hundred small heads. With what is below the mark
   * these are the 128 KiB that a client counts for that does not read.
   */
  private static final int MOST_BYTES = 96 * 1024;

  private final Http2Downstream connection;
  private final Runnable goOn = this::goOn;
  private boolean holding;

  UnreadAnswers(Http2Downstream connection) {
    this.connection = connection;
  }

  /** Whether the reading waits for the client. */
  boolean isHolding() {
    return holding;
  }

  /** Whether the next frame must wait. */
  boolean holdsBack(ChannelHandlerContext ctx) {
    if (holding) {
      return true;
    }
    Channel channel = ctx.channel();
    if (!isTooMuch(channel)) {
      return false;
    }
    connection.flush(ctx); // most of the time this batch has just not been sent yet
    holding = isTooMuch(channel);
    if (holding) {
      channel.config().setAutoRead(false);
    }
    return holding;
  }

  private static boolean isTooMuch(Channel channel) {
    return !channel.isWritable() && channel.bytesBeforeWritable() > MOST_BYTES;
  }

  /** The client has read: what was held back follows, but not in the midst of a write. */
  void onWritable() {
    if (holding) {
      connection.ctx().executor().execute(goOn);
    }
  }

  private void goOn() {
    if (!holding) {
      return;
    }
    holding = false;
    ChannelHandlerContext ctx = connection.ctx();
    try {
      connection.channelRead(ctx, Unpooled.EMPTY_BUFFER);
      connection.channelReadComplete(ctx);
    } catch (Exception e) {
      connection.exceptionCaught(ctx, e);
    }
    if (!holding) {
      ctx.channel().config().setAutoRead(true);
    }
  }

  /** Nothing is read any more but the end. */
  void end() {
    holding = false;
  }
}
