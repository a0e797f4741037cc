package io.weir.core.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** The ways to end a connection. On its loop. */
public final class Closing {
  private Closing() {}

  /** When all that was written is out, and nothing unread is left to turn the end into a reset. */
  public static void afterFlush(Channel channel) {
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /**
   * The same where what was written is not all there should have been: within TLS nothing says that
   * it was (RFC 8446 section 6.1).
   */
  public static void cutAfterFlush(Channel channel) {
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> atOnce(channel));
  }

  /** Lingers, and nobody asks when the first step is done. */
  public static void linger(Channel channel) {
    linger(channel, () -> {});
  }

  /**
   * In two steps: a connection closed with unread bytes is reset, and a reset can destroy the
   * answer before the client has read it (RFC 9112 section 9.6). The caller reads on, throws away
   * what it reads, and closes when the client does or after some time.
   *
   * @param sent hears that all is out: only from then on the client can be waited for
   */
  public static void linger(Channel channel, Runnable sent) {
    sayEnd(channel)
        .addListener((ChannelFutureListener) Closing::shutDownOutput)
        .addListener(flushed -> {
          if (flushed.isSuccess()) {
            sent.run();
          }
        });
    if (!channel.config().isAutoRead()) {
      channel.config().setAutoRead(true);
    }
  }

  /** In one direction, once what was written is out; within TLS by its own word for the end. */
  public static void endOutput(ChannelHandlerContext ctx) {
    ChannelFuture said = sayEnd(ctx.channel());
    if (ctx.pipeline().get(SslHandler.class) == null) {
      said.addListener((ChannelFutureListener) Closing::shutDownOutput);
    }
  }

  /**
   * All that was written goes out, and within TLS the word for the end behind it (RFC 8446 section
   * 6.1); what TLS has not encrypted by then it would throw away.
   */
  private static ChannelFuture sayEnd(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      return channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
    }
    channel.flush();
    return tls.closeOutbound();
  }

  private static void shutDownOutput(ChannelFuture sent) {
    if (sent.isSuccess() && sent.channel() instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
    }
  }

  /** At once and so that it cannot look complete. */
  public static void reset(Channel channel) {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      atOnce(channel);
    }
  }

  /**
   * Without a word: TLS would first say that all is complete (RFC 9112 section 9.8), and wait for a
   * client that does not read.
   */
  public static void atOnce(Channel channel) {
    ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
    if (tls == null) {
      channel.close();
    } else {
      tls.close(); // goes on beneath it
    }
  }
}
