package io.weir.core.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.weir.core.exchange.ClientConnection;
import io.weir.core.http.Failure;
import io.weir.core.meter.ListenerMeter;
import io.weir.core.snapshot.Listener;
import io.weir.core.worker.Deadline;
import io.weir.core.worker.Worker;
import io.weir.tls.HandshakeInfo;
import io.weir.tls.TlsFailure;
import org.jspecify.annotations.Nullable;

/**
 * Times and counts one TLS handshake, then gives its place to the protocol that was agreed on.
 * Confined to its loop.
 */
final class HandshakeWatch extends ChannelInboundHandlerAdapter {
  /** What ALPN calls HTTP/2 (RFC 9113 section 3.2). */
  private static final String H2 = "h2";

  private final WorkerDoor door;
  private final Worker worker;
  private final ListenerMeter meter;
  private final ClientConnection connection;
  private final Listener.Http http;
  private final long began;
  private Expiry expiry = new Expiry(null);
  private boolean counted;

  HandshakeWatch(
      WorkerDoor door, ListenerMeter meter, ClientConnection connection, Listener.Http http) {
    this.door = door;
    this.worker = door.worker();
    this.meter = meter;
    this.connection = connection;
    this.http = http;
    this.began = worker.clock().nanos();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    expiry = new Expiry(ctx);
    worker.timers().set(expiry, began + http.handshakeMillis() * 1_000_000);
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
    speak(ctx.channel(), info);
    ctx.pipeline().remove(this);
  }

  /** A client that did not ask for a protocol means the older one. */
  private void speak(Channel channel, HandshakeInfo info) {
    if (H2.equals(info.alpn())) {
      door.speakHttp2(channel, connection);
    } else if (http.http1()) {
      door.speakHttp1(channel, connection);
    } else {
      connection.onConnectionRefused(Failure.VERSION_NOT_SUPPORTED);
      channel.close();
    }
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
