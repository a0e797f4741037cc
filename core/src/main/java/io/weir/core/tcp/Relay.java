package io.weir.core.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;

/**
 * One direction of a relayed connection: what is read here is written to the other side, which is
 * read only as fast as this side takes it. Both sides are on the same loop.
 */
final class Relay extends ChannelInboundHandlerAdapter {
  private final Channel other;
  private final Bytes bytes;
  private boolean inputEnded;

  /** Hears how many bytes went from this side to the other. */
  interface Bytes {
    void passed(long count);
  }

  Relay(Channel other, Bytes bytes) {
    this.other = other;
    this.bytes = bytes;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!other.isActive()) {
      ReferenceCountUtil.release(message);
      return;
    }
    bytes.passed(((ByteBuf) message).readableBytes());
    other.write(message, other.voidPromise());
    if (!other.isWritable()) {
      ctx.channel().config().setAutoRead(false);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    other.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    other.config().setAutoRead(ctx.channel().isWritable());
  }

  /** A side that has no more to say may still have something to hear: only this half is closed. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ChannelInputShutdownReadComplete.INSTANCE && !inputEnded) {
      inputEnded = true;
      other
          .writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener(
              (ChannelFutureListener)
                  sent -> {
                    if (sent.channel() instanceof DuplexChannel duplex) {
                      duplex.shutdownOutput();
                      closeIfBothEnded(ctx.channel(), duplex);
                    }
                  });
      return;
    }
    ctx.fireUserEventTriggered(event);
  }

  private static void closeIfBothEnded(Channel here, DuplexChannel there) {
    boolean bothEnded =
        there.isInputShutdown() && here instanceof DuplexChannel d && d.isOutputShutdown();
    if (bothEnded) {
      here.close();
      there.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close(); // a reset of the peer; the other side hears it by channelInactive
  }
}
