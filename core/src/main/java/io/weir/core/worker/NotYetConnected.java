package io.weir.core.worker;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.channels.NotYetConnectedException;

/**
 * The first handler of a connection that we make: keeps from the others that it could not be read
 * before it stood. Any loop.
 *
 * <p>On a busy loop epoll may see the socket between its registration and its connect, and reports
 * it as hung up. Connecting goes on all the same, and tells itself how it went.
 */
@ChannelHandler.Sharable
public final class NotYetConnected extends ChannelInboundHandlerAdapter {
  public static final NotYetConnected INSTANCE = new NotYetConnected();

  private NotYetConnected() {}

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof NotYetConnectedException)) {
      ctx.fireExceptionCaught(cause);
    }
  }
}
