package io.weir.core.health;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.weir.core.proxyprotocol.ProxyHeader;
import io.weir.core.proxyprotocol.ProxyHeaderWriter;
import io.weir.core.proxyprotocol.ProxyVersion;

/** Begins a check as backends that ask for a PROXY header want it: we speak for ourselves. */
final class CheckHeader extends ChannelInboundHandlerAdapter {
  private final ProxyVersion version;

  CheckHeader(ProxyVersion version) {
    this.version = version;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    ByteBuf header = ProxyHeaderWriter.write(context.alloc(), version, ProxyHeader.LOCAL);
    context.writeAndFlush(header, context.voidPromise());
    context.fireChannelActive();
    context.pipeline().remove(this);
  }
}
