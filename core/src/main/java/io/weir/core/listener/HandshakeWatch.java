package io.weir.core.listener;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.weir.core.exchange.ClientConnection;
import io.weir.core.meter.ListenerMeter;
import io.weir.core.worker.Deadline;
import io.weir.core.worker.Worker;
import io.weir.tls.HandshakeInfo;
import io.weir.tls.TlsFailure;
import org.jspecify.annotations.Nullable;

/** Times and counts one TLS handshake, then leaves the pipeline. Confined to its loop. */
final class HandshakeWatch extends ChannelInboundHandlerAdapter {
  private final Worker worker;
  private final ListenerMeter meter;
  private final ClientConnection connection;
  private final long handshakeMillis;
  private final long began;
  private Expiry expiry = new Expiry(null);
  private boolean counted;

  HandshakeWatch(
      Worker worker, ListenerMeter meter, ClientConnection connection, long handshakeMillis) {
    this.worker = worker;
    this.meter = meter;
    this.connection = connection;
    this.handshakeMillis = handshakeMillis;
    this.began = worker.clock().nanos();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    expiry = new Expiry(ctx);
    worker.timers().set(expiry, began + handshakeMillis * 1_000_000);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    worker.timers().remove(expiry);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    switch (event) {
      case SslHandshakeCompletionEvent handshake when handshake.isSuccess() -> completed(ctx);
      case SslHandshakeCompletionEvent handshake -> failed(TlsFailure.of(handshake.cause()));
      case Termination.Refused refused -> failed(refused.why());
      default -> ctx.fireUserEventTriggered(event);
    }
  }

  private void completed(ChannelHandlerContext ctx) {
    HandshakeInfo info = HandshakeInfo.of(ctx.pipeline().get(SslHandler.class));
    connection.handshakeCompleted(info);
    meter.handshakeCompleted(worker.counters(), info, worker.clock().nanos() - began);
    ctx.pipeline().remove(this);
  }

  private void failed(TlsFailure failure) {
    if (!counted) {
      counted = true;
      meter.handshakeFailed(worker.counters(), failure);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    failed(TlsFailure.CLOSED);
    ctx.fireChannelInactive();
  }

  /** What a failed handshake throws was counted; the handler of TLS closes the connection. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    failed(TlsFailure.of(cause));
    ctx.close();
  }

  private final class Expiry extends Deadline {
    private final @Nullable ChannelHandlerContext ctx;

    Expiry(@Nullable ChannelHandlerContext ctx) {
      this.ctx = ctx;
    }

    @Override
    protected void onDeadline(long now) {
      failed(TlsFailure.TIMEOUT);
      if (ctx != null) {
        ctx.close();
      }
    }
  }
}
