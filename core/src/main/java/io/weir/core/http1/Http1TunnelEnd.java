package io.weir.core.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannelConfig;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.weir.core.http.Closing;
import io.weir.core.http.PeerFault;
import io.weir.core.http.TunnelEnd;
import io.weir.core.http.TunnelListener;
import io.weir.core.worker.Deadline;
import io.weir.core.worker.SlowReader;
import io.weir.core.worker.Worker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that was HTTP/1 and carries another protocol now; stands in the pipeline where the
 * handler of HTTP stood. Confined to its loop.
 */
final class Http1TunnelEnd extends ChannelInboundHandlerAdapter implements TunnelEnd {
  private static final Logger LOG = LoggerFactory.getLogger(Http1TunnelEnd.class);

  /** A peer that reads nothing would otherwise keep what was sent, and the connection, for ever. */
  private static final long LINGER_NANOS = 30_000_000_000L;

  private final Worker worker;
  private final boolean toBackend;
  private final Deadline linger = new Linger();

  /** What arrived before the connection left HTTP. */
  private @Nullable ByteBuf early;

  private @Nullable ChannelHandlerContext context;
  private @Nullable TunnelListener listener;
  private boolean ended;

  /** Made once it has not taken something; a client has one already, for all that it does. */
  private @Nullable SlowReader unsent;

  Http1TunnelEnd(Worker worker, @Nullable ByteBuf early, boolean toBackend) {
    this.worker = worker;
    this.early = early;
    this.toBackend = toBackend;
  }

  /** Puts one in the place of {@code handler}, where a client was; takes over {@code early}. */
  static Http1TunnelEnd ofClient(
      ChannelHandlerContext handler, Worker worker, @Nullable ByteBuf early) {
    return inPlaceOf(handler, new Http1TunnelEnd(worker, early, false));
  }

  /** The same where a backend was. */
  static Http1TunnelEnd ofBackend(ChannelHandlerContext handler, Worker worker) {
    return inPlaceOf(handler, new Http1TunnelEnd(worker, null, true));
  }

  private static Http1TunnelEnd inPlaceOf(ChannelHandlerContext handler, Http1TunnelEnd end) {
    handler.pipeline().addLast(end);
    handler.pipeline().remove(handler.handler());
    return end;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    watch();
    ((DuplexChannelConfig) ctx.channel().config()).setAllowHalfClosure(true);
  }

  private ChannelHandlerContext ctx() {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return ctx;
  }

  @Override
  public boolean isStream() {
    return false;
  }

  // What goes out.

  @Override
  public void begin(TunnelListener to) {
    listener = to;
    ByteBuf first = early;
    early = null;
    read(true); // first: the early bytes may say that no more are wanted for now
    if (first != null) {
      to.onBytes(first);
      to.onBatchEnd();
    }
  }

  @Override
  public void send(ByteBuf data) {
    ctx().write(data, ctx().voidPromise());
  }

  @Override
  public void sendEnd() {
    Closing.endOutput(ctx());
  }

  @Override
  public void flush() {
    ctx().flush();
  }

  @Override
  public boolean isWritable() {
    return ctx().channel().isWritable();
  }

  @Override
  public void read(boolean wanted) {
    if (ctx().channel().config().isAutoRead() != wanted) {
      ctx().channel().config().setAutoRead(wanted);
    }
  }

  @Override
  public void close(boolean otherEnded) {
    listener = null;
    if (otherEnded) {
      Closing.afterFlush(ctx().channel());
    } else {
      Closing.cutAfterFlush(ctx().channel());
    }
    if (ctx().channel().isOpen()) {
      worker.timers().set(linger, worker.clock().nanos() + LINGER_NANOS);
    }
  }

  // What comes in.

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    TunnelListener to = listener;
    ByteBuf data = (ByteBuf) message;
    if (to == null) {
      data.release();
    } else {
      to.onBytes(data);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    TunnelListener to = listener;
    if (to != null) {
      to.onBatchEnd();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    watch();
    TunnelListener to = listener;
    if (to != null) {
      to.onWritability(ctx.channel().isWritable());
    }
  }

  /** The end of what the other side sends: a FIN, or its word within TLS, which a reset lacks. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    boolean end =
        event instanceof ChannelInputShutdownEvent
            || (event instanceof SslCloseCompletionEvent said && said.isSuccess());
    TunnelListener to = listener;
    if (end && !ended && to != null) {
      ended = true;
      to.onEnd();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    worker.timers().remove(linger);
    taken();
    TunnelListener to = listener;
    listener = null;
    if (early != null) {
      early.release();
      early = null;
    }
    if (to != null) {
      to.onClosed();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!PeerFault.is(cause)) {
      LOG.error("bug: a tunnel failed", cause);
    }
    ctx.close();
  }

  // What a backend does not take.

  private void watch() {
    if (!toBackend) {
      return;
    }
    if (isWritable()) {
      taken();
    } else if (ctx().channel().isOpen()) {
      if (unsent == null) {
        unsent = new Unsent();
      }
      worker.slowReaders().add(unsent);
    }
  }

  private void taken() {
    if (unsent != null) {
      worker.slowReaders().remove(unsent);
    }
  }

  /** It may still wait when the tunnel is over. */
  private final class Unsent extends SlowReader {
    @Override
    protected void cut() {
      if (isWritable() || !ctx().channel().isOpen()) {
        return;
      }
      TunnelListener to = listener;
      if (to != null) {
        to.onOverload();
      }
      Closing.reset(ctx().channel());
    }
  }

  private final class Linger extends Deadline {
    @Override
    protected void onDeadline(long now) {
      Closing.reset(ctx().channel());
    }
  }
}
