package io.weir.core.tcp;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.weir.core.http.Failure;
import io.weir.core.meter.ListenerMeter;
import io.weir.core.upstream.Backend;
import io.weir.core.upstream.Picks;
import io.weir.core.upstream.Pool;
import io.weir.core.worker.Deadline;
import io.weir.core.worker.Worker;
import org.jspecify.annotations.Nullable;

/**
 * A client connection that is passed on to a backend as it is: connects, tries the next backend if
 * one does not answer, then relays. Confined to its loop.
 */
public final class PassthroughHandler extends ChannelInboundHandlerAdapter {
  private final Worker worker;
  private final Pool pool;
  private final ListenerMeter meter;
  private final long idleNanos;
  private final Picks picks = new Picks();
  private final Deadline idle = new IdleDeadline();
  private final long began;
  private @Nullable Channel downstream;
  private @Nullable Backend held;
  private @Nullable ByteBuf early;
  private boolean connected;
  private boolean ended;

  public PassthroughHandler(Worker worker, Pool pool, ListenerMeter meter, long idleNanos) {
    this.worker = worker;
    this.pool = pool;
    this.meter = meter;
    this.idleNanos = idleNanos;
    this.began = worker.clock().nanos();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    downstream = ctx.channel();
    ctx.channel().config().setAutoRead(false);
    connect(ctx);
  }

  private void connect(ChannelHandlerContext ctx) {
    if (!pool.on(worker).pick(pool, picks)) {
      ctx.close();
      return;
    }
    Backend backend = picks.last();
    hold(backend);
    ChannelFuture connecting =
        new Bootstrap()
            .group(worker.loop())
            .channelFactory(worker.transport().clientChannels())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, pool.settings().connectMillis())
            .handler(new ChannelInboundHandlerAdapter())
            .connect(backend.address());
    connecting.addListener(done -> {
      if (done.isSuccess()) {
        relay(ctx, connecting.channel(), backend);
      } else {
        failed(ctx, backend, done.cause());
      }
    });
  }

  private void hold(Backend backend) {
    held = backend;
    backend.addInFlight(1);
    backend.meter().requestBegan(worker.counters());
  }

  private void letGo() {
    Backend backend = held;
    if (backend != null) {
      held = null;
      backend.addInFlight(-1);
      backend.meter().requestEnded(worker.counters());
    }
  }

  private void failed(ChannelHandlerContext ctx, Backend backend, Throwable cause) {
    letGo();
    backend
        .meter()
        .failed(
            worker.counters(),
            cause instanceof ConnectTimeoutException
                ? Failure.CONNECT_TIMEOUT
                : Failure.CONNECT_FAILED);
    if (!ended && picks.mayContinue()) {
      connect(ctx);
    } else {
      ctx.close();
    }
  }

  private void relay(ChannelHandlerContext ctx, Channel upstream, Backend backend) {
    if (ended) {
      upstream.close();
      return;
    }
    backend.meter().opened(worker.counters());
    if (early != null) {
      meter.bytes(worker.counters(), early.readableBytes(), 0);
      upstream.writeAndFlush(early, upstream.voidPromise());
      early = null;
    }
    upstream
        .pipeline()
        .addLast(
            new Relay(
                ctx.channel(),
                count -> {
                  meter.bytes(worker.counters(), 0, count);
                  backend.meter().bytes(worker.counters(), count, 0);
                  touch();
                }));
    ctx.pipeline()
        .addLast(
            new Relay(
                upstream,
                count -> {
                  meter.bytes(worker.counters(), count, 0);
                  backend.meter().bytes(worker.counters(), 0, count);
                  touch();
                }));
    touch();
    connected = true;
    upstream.config().setAutoRead(true);
    ctx.channel().config().setAutoRead(true);
  }

  private void touch() {
    worker.timers().set(idle, worker.clock().nanos() + idleNanos);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (connected) {
      ctx.fireChannelRead(message);
      return;
    }
    ByteBuf bytes = (ByteBuf) message; // the ClientHello, which was read to choose the pool
    early =
        early == null
            ? bytes
            : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), early, bytes);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ended = true;
    letGo();
    worker.timers().remove(idle);
    if (early != null) {
      early.release();
      early = null;
    }
    meter.relayEnded(worker.counters(), worker.clock().nanos() - began);
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  private final class IdleDeadline extends Deadline {
    @Override
    protected void onDeadline(long now) {
      if (downstream != null) {
        downstream.close();
      }
    }
  }
}
