package io.weir.core.listener;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.weir.core.http.Closing;
import io.weir.core.meter.ListenerMeter;
import io.weir.core.worker.Deadline;
import io.weir.core.worker.Worker;
import io.weir.tls.TlsFailure;
import org.jspecify.annotations.Nullable;

/** Ends a connection whose ClientHello does not come in time. Confined to its loop. */
final class HelloWatch extends ChannelInboundHandlerAdapter {
  private final Worker worker;
  private final ListenerMeter meter;
  private final long nanos;
  private final Expiry expiry = new Expiry();
  private @Nullable ChannelHandlerContext ctx;
  private boolean counted;

  /**
   * For one connection.
   *
   * @param nanos from now on, within which the hello must be there
   */
  HelloWatch(Worker worker, ListenerMeter meter, long nanos) {
    this.worker = worker;
    this.meter = meter;
    this.nanos = nanos;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
    worker.timers().set(expiry, worker.clock().nanos() + nanos);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    worker.timers().remove(expiry);
  }

  /** There will be no hello that says where to go; what follows from that is not counted again. */
  void failed(TlsFailure why) {
    if (!counted) {
      counted = true;
      meter.handshakeFailed(worker.counters(), why);
    }
  }

  /** Half a hello, or none, and no more will come. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    context.fireUserEventTriggered(event);
    if (event == ChannelInputShutdownEvent.INSTANCE && !context.isRemoved()) {
      context.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close(); // a reset
  }

  private final class Expiry extends Deadline {
    @Override
    protected void onDeadline(long now) {
      if (ctx != null && ctx.channel().isActive()) {
        failed(TlsFailure.TIMEOUT);
        Closing.reset(ctx.channel());
      }
    }
  }
}
