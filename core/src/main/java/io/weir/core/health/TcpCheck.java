package io.weir.core.health;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Promise;

/** Passes when the backend takes the connection and, with TLS, completes the handshake. */
final class TcpCheck extends CheckHandler {
  private final String connected;

  TcpCheck(boolean tls, Promise<Outcome> outcome) {
    super(tls, outcome);
    this.connected = tls ? "connected with TLS" : "connected";
  }

  @Override
  void ready(ChannelHandlerContext context) {
    settle(Outcome.pass(connected));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object greeting) {
    ReferenceCountUtil.release(greeting); // some protocols speak first
  }
}
