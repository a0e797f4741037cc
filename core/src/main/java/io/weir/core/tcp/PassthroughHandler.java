package io.weir.core.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannelConfig;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.weir.core.exchange.Peer;
import io.weir.core.http.Failure;
import io.weir.core.meter.ListenerMeter;
import io.weir.core.meter.ListenerMeter.Rejection;
import io.weir.core.proxyprotocol.ProxyHeaderWriter;
import io.weir.core.proxyprotocol.ProxyVersion;
import io.weir.core.upstream.Backend;
import io.weir.core.upstream.Picks;
import io.weir.core.upstream.Pool;
import io.weir.core.worker.NotYetConnected;
import io.weir.core.worker.Worker;
import org.jspecify.annotations.Nullable;

/**
 * A client connection that is to be passed on as it is: connects to a backend, tries the next one
 * if it cannot be reached, then makes way for a {@link Relay}. Confined to its loop.
 */
public final class PassthroughHandler extends ChannelInboundHandlerAdapter {
  private final Worker worker;
  private final Pool pool;
  private final ListenerMeter meter;
  private final long idleNanos;
  private final Peer peer;
  private final Picks picks = new Picks();
  private final long began;
  private @Nullable Backend held;
  private @Nullable Channel dialled;
  private @Nullable ByteBuf early;
  private boolean inputEnded;
  private boolean gone;

  /**
   * For one connection.
   *
   * @param idleNanos after which a relay that passes nothing is closed
   */
  public PassthroughHandler(
      Worker worker, Pool pool, ListenerMeter meter, Peer peer, long idleNanos) {
    this.worker = worker;
    this.pool = pool;
    this.meter = meter;
    this.peer = peer;
    this.idleNanos = idleNanos;
    this.began = worker.clock().nanos();
  }

  /** Nothing is read before there is somebody to read it, so that the client waits, and not we. */
  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ctx.channel().config().setAutoRead(false);
    ctx.channel().config().setAutoClose(false); // see RelaySide.exceptionCaught
    prepare(ctx.channel());
    connect(ctx);
  }

  private static void prepare(Channel channel) {
    // A side that has said all may still listen. Not every channel takes this as an option.
    ((DuplexChannelConfig) channel.config()).setAllowHalfClosure(true);
    // A relay may be silent for long: this is how the kernel finds out that its peer is gone. With
    // Unix sockets it knows anyway, and there is no such option.
    channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
  }

  private void connect(ChannelHandlerContext ctx) {
    if (!pool.on(worker).pick(pool, picks)) {
      sendAway(ctx);
      return;
    }
    Backend backend = picks.last();
    hold(backend);
    long dialling = worker.clock().nanos();
    ChannelFuture connecting =
        worker
            .transport()
            .connecting(worker.loop(), backend.address())
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.AUTO_CLOSE, false)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, pool.settings().connectMillis())
            .handler(NotYetConnected.INSTANCE)
            .connect();
    dialled = connecting.channel();
    prepare(dialled);
    connecting.addListener(done -> {
      if (gone) {
        connecting.channel().close();
      } else if (done.isSuccess()) {
        pool.meter().connected(worker.counters(), worker.clock().nanos() - dialling);
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
    backend.meter().active(worker.counters(), 1);
  }

  private void letGo() {
    Backend backend = held;
    if (backend != null) {
      held = null;
      backend.addInFlight(-1);
      backend.meter().active(worker.counters(), -1);
      backend.meter().requestEnded(worker.counters());
    }
  }

  private void failed(ChannelHandlerContext ctx, Backend backend, Throwable cause) {
    letGo();
    Failure failure =
        cause instanceof ConnectTimeoutException ? Failure.CONNECT_TIMEOUT : Failure.CONNECT_FAILED;
    backend.meter().failed(worker.counters(), failure);
    if (picks.mayContinue()) {
      connect(ctx);
    } else {
      sendAway(ctx);
    }
  }

  private void sendAway(ChannelHandlerContext ctx) {
    meter.connectionRejected(worker.counters(), Rejection.NO_BACKEND);
    ctx.close();
  }

  private void relay(ChannelHandlerContext ctx, Channel upstream, Backend backend) {
    countRetries(true);
    backend.meter().opened(worker.counters());
    Relay relay =
        new Relay(worker, meter, backend, idleNanos, ctx.channel(), upstream, this::ended);
    upstream.pipeline().addLast(relay.fromBackend());
    announce(upstream);
    ctx.pipeline().replace(this, ctx.name(), relay.fromClient());
    if (early != null) {
      relay.fromClient().pass(early);
      relay.fromClient().passed();
      early = null;
    }
    if (inputEnded) {
      relay.fromClient().endInput();
    }
    upstream.config().setAutoRead(true);
    if (upstream.isWritable()) {
      ctx.channel().config().setAutoRead(true);
    }
  }

  private void announce(Channel upstream) {
    ProxyVersion version = pool.settings().proxyProtocol();
    if (version != null) {
      ByteBuf header = ProxyHeaderWriter.write(upstream.alloc(), version, peer.onward());
      upstream.writeAndFlush(header, upstream.voidPromise()); // the backend may speak first
    }
  }

  private void ended() {
    letGo();
    meter.relayEnded(worker.counters(), worker.clock().nanos() - began);
  }

  private void countRetries(boolean ok) {
    if (picks.count() > 1) {
      pool.meter().retried(worker.counters(), ok);
    }
  }

  // While connecting. Bytes come only from what was read to choose the pool, and with a FIN.

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    early =
        early == null
            ? bytes
            : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), early, bytes);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {}

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    inputEnded |= event == ChannelInputShutdownEvent.INSTANCE;
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    gone = true;
    countRetries(false);
    if (dialled != null) {
      dialled.close();
    }
    if (early != null) {
      early.release();
      early = null;
    }
    ended();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
