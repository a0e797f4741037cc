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
import io.weir.core.http.Failure;
import io.weir.core.log.AccessLog;
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
  private final AccessLog.@Nullable Sink log;
  private final Relayed connection;
  private final Pool pool;
  private final RelayTally tally;
  private final Picks picks = new Picks();
  private @Nullable Backend held;
  private @Nullable Channel dialled;
  private @Nullable ByteBuf early;
  private boolean inputEnded;
  private boolean gone;

  /**
   * For one connection.
   *
   * @param log is told when it has ended; null when nothing is logged
   */
  public PassthroughHandler(Worker worker, AccessLog.@Nullable Sink log, Relayed connection) {
    this.worker = worker;
    this.log = log;
    this.connection = connection;
    this.pool = connection.pool();
    this.tally = new RelayTally(connection, worker.clock());
  }

  /** Nothing is read before there is somebody to read it, so that the client waits, and not we. */
  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ctx.channel().config().setAutoRead(false);
    ctx.channel().config().setAutoClose(false); // see RelaySide.exceptionCaught
    prepare(ctx.channel());
    connect(ctx, Failure.NO_BACKEND);
  }

  private static void prepare(Channel channel) {
    // A side that has said all may still listen. Not every channel takes this as an option.
    ((DuplexChannelConfig) channel.config()).setAllowHalfClosure(true);
    // A relay may be silent for long: this is how the kernel finds out that its peer is gone. With
    // Unix sockets it knows anyway, and there is no such option.
    channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
  }

  private void connect(ChannelHandlerContext ctx, Failure soFar) {
    if (!picks.mayContinue() || !pool.on(worker).pick(pool, picks)) {
      sendAway(ctx, soFar);
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
        tally.connectNanos = worker.clock().nanos() - dialling;
        pool.meter().connected(worker.counters(), tally.connectNanos);
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
    connect(ctx, failure);
  }

  private void sendAway(ChannelHandlerContext ctx, Failure why) {
    tally.failed(why);
    connection.meter().connectionRejected(worker.counters(), Rejection.NO_BACKEND);
    ctx.close();
  }

  private void relay(ChannelHandlerContext ctx, Channel upstream, Backend backend) {
    countRetries(true);
    backend.meter().opened(worker.counters());
    Relay relay =
        new Relay(worker, connection, tally, backend, ctx.channel(), upstream, this::ended);
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
      ByteBuf header =
          ProxyHeaderWriter.write(upstream.alloc(), version, connection.peer().onward());
      upstream.writeAndFlush(header, upstream.voidPromise()); // the backend may speak first
    }
  }

  private void ended() {
    letGo();
    connection.meter().relayEnded(worker.counters(), tally.nanos());
    if (log != null) {
      log.write(tally.record(picks.count() == 0 ? null : picks.last(), picks.count()));
    }
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
    if (event instanceof Failure why) {
      tally.failed(why);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    gone = true;
    tally.failed(Failure.CLIENT_CLOSED);
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
