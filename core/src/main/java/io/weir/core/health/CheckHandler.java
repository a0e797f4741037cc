package io.weir.core.health;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Promise;

/** The end of a check's pipeline: asks when the connection is ready, and settles the outcome. */
abstract sealed class CheckHandler extends ChannelInboundHandlerAdapter
    permits TcpCheck, MySqlCheck, HttpCheck, Http2Check, GrpcCheck {
  private final boolean tls;
  private final Promise<Outcome> outcome;

  CheckHandler(boolean tls, Promise<Outcome> outcome) {
    this.tls = tls;
    this.outcome = outcome;
  }

  /** The connection stands, and TLS too if there is any. */
  abstract void ready(ChannelHandlerContext context);

  /** The first outcome counts; whoever waits for it closes the connection. */
  final void settle(Outcome found) {
    outcome.trySuccess(found);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (!tls) {
      ready(context);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
      return;
    }
    if (!handshake.isSuccess()) {
      settle(Outcome.fail(handshake.cause()));
      return;
    }
    ready(context);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    settle(Outcome.fail("connection closed before the answer was complete"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    settle(Outcome.fail(cause));
  }
}
