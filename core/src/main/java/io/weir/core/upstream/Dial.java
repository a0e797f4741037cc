package io.weir.core.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.weir.core.http.Failure;
import io.weir.core.proxyprotocol.ProxyHeader;
import io.weir.core.proxyprotocol.ProxyHeaderWriter;
import io.weir.core.worker.Deadline;
import io.weir.core.worker.NotYetConnected;
import io.weir.core.worker.Worker;
import io.weir.tls.TlsFailure;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to connect to a backend, TLS and the protocol's first words included, and the
 * requests that wait for it. Confined to its loop.
 */
public final class Dial implements UpstreamProtocol.Opening {
  /**
   * Requests that wait for one connection: as many as every server of HTTP/2 lets in at once (RFC
   * 9113 section 6.5.2 advises no less). For the next, another connection is made meanwhile.
   */
  private static final int MOST_WAITING = 100;

  private final WorkerBackend home;
  private final PoolSettings settings;
  private final @Nullable ProxyHeader told;
  private final UpstreamProtocol protocol;
  private final long began;
  private final Listener first;
  private final ArrayDeque<Listener> waiting = new ArrayDeque<>(1);
  private final Deadline opening = new OpeningDeadline();
  private @Nullable Channel channel;
  private @Nullable UpstreamConnection connection;

  /** Hears how it went; one of the three, once, unless it was cancelled. */
  public interface Listener {
    /**
     * There is a connection with room for this request, which must begin at once.
     *
     * @param nanos that it took; negative for those who joined while it was being made
     */
    void onConnected(UpstreamConnection connection, long nanos);

    /** There is a connection, and those who came first fill it. */
    void onDialFull();

    void onDialFailed(Failure failure);
  }

  Dial(WorkerBackend home, PoolSettings settings, @Nullable ProxyHeader told, Listener first) {
    this.home = home;
    this.settings = settings;
    this.told = told;
    this.protocol = settings.protocol();
    this.first = first;
    this.began = home.worker().clock().nanos();
    waiting.add(first);
  }

  /** Waits for it, too; false if it cannot carry another, or is made in another way. */
  boolean takesIn(PoolSettings wanted, @Nullable ProxyHeader wantedTold, Listener listener) {
    if (waiting.size() >= MOST_WAITING
        || !settings.equals(wanted)
        || !Objects.equals(told, wantedTold)) {
      return false;
    }
    waiting.add(listener);
    return true;
  }

  /** This listener waits no more; with the last one the dial ends. */
  public void cancel(Listener listener) {
    waiting.remove(listener);
    if (waiting.isEmpty()) {
      end();
      if (channel != null) {
        channel.close();
      }
    }
  }

  void connect() {
    Worker worker = home.worker();
    ChannelFuture connecting =
        worker
            .transport()
            .connecting(worker.loop(), home.backend().address())
            .option(ChannelOption.AUTO_CLOSE, false) // an answer may wait behind a failed write
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, settings.connectMillis())
            .handler(NotYetConnected.INSTANCE)
            .connect();
    channel = connecting.channel();
    connecting.addListener(done -> {
      if (!done.isSuccess()) {
        fail(
            done.cause() instanceof ConnectTimeoutException
                ? Failure.CONNECT_TIMEOUT
                : Failure.CONNECT_FAILED);
      } else {
        connected(connecting.channel());
      }
    });
  }

  /** The header goes first, also before TLS. */
  private void connected(Channel fresh) {
    if (told != null && settings.proxyProtocol() != null) {
      ByteBuf header = ProxyHeaderWriter.write(fresh.alloc(), settings.proxyProtocol(), told);
      fresh.write(header, fresh.voidPromise());
    }
    if (settings.tls() == null) {
      speak(fresh);
      return;
    }
    SslHandler tls =
        settings.tls().newHandler(fresh.alloc(), home.backend().host(), home.backend().port());
    tls.setHandshakeTimeoutMillis(settings.connectMillis());
    fresh.pipeline().addLast(tls);
    fresh.pipeline().addLast(new HandshakeWatch(tls));
  }

  /** The way is open: now for the protocol. */
  private void speak(Channel connected) {
    if (waiting.isEmpty()) {
      connected.close();
      return;
    }
    UpstreamConnection fresh = protocol.newConnection(home, settings, this);
    Place place = fresh.place();
    place.told = told;
    home.opened();
    connected.closeFuture().addListener(closed -> home.closed(place));
    connection = fresh;
    connected.pipeline().addLast(fresh);
    if (fresh.hasRoom()) {
      onOpen();
    } else if (!waiting.isEmpty()) {
      Worker worker = home.worker();
      worker.timers().set(opening, worker.clock().nanos() + settings.connectMillis() * 1_000_000L);
    }
  }

  @Override
  public void onOpen() {
    UpstreamConnection open = connection;
    if (open == null) {
      throw new IllegalStateException("not connected");
    }
    end();
    if (!open.hasRoom()) {
      fail(Failure.UPSTREAM_REFUSED); // its first word is that it takes nothing
      open.retire();
      return;
    }
    long nanos = home.worker().clock().nanos() - began;
    while (open.hasRoom() && !waiting.isEmpty()) {
      Listener next = waiting.remove();
      next.onConnected(open, next.equals(first) ? nanos : -1);
    }
    while (!waiting.isEmpty()) {
      waiting.remove().onDialFull();
    }
  }

  @Override
  public void onNeverOpen(Failure failure) {
    fail(failure);
  }

  private void fail(Failure failure) {
    end();
    while (!waiting.isEmpty()) {
      waiting.remove().onDialFailed(failure);
    }
  }

  /** Nobody joins any more. */
  private void end() {
    home.dialled(this);
    home.worker().timers().remove(opening);
  }

  private final class OpeningDeadline extends Deadline {
    @Override
    protected void onDeadline(long now) {
      fail(Failure.CONNECT_TIMEOUT);
      if (channel != null) {
        channel.close();
      }
    }
  }

  /** Waits for the TLS handshake, then makes way for HTTP. */
  private final class HandshakeWatch extends ChannelInboundHandlerAdapter {
    private final SslHandler tls;

    HandshakeWatch(SslHandler tls) {
      this.tls = tls;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
        ctx.fireUserEventTriggered(event);
        return;
      }
      if (!handshake.isSuccess()) {
        fail(failure(handshake.cause())); // stays, for the exception that follows
        ctx.close();
        return;
      }
      if (!protocol.isAgreedBy(tls.applicationProtocol())) {
        fail(Failure.NOT_HTTP2);
        ctx.close();
        return;
      }
      ctx.pipeline().remove(this);
      speak(ctx.channel());
    }

    private Failure failure(Throwable cause) {
      if (cause instanceof SslHandshakeTimeoutException) {
        return Failure.CONNECT_TIMEOUT;
      }
      home.backend().tlsFailed(cause);
      boolean refusesAll = TlsFailure.of(cause) == TlsFailure.ALPN && !protocol.isAgreedBy(null);
      return refusesAll ? Failure.NOT_HTTP2 : Failure.UPSTREAM_TLS;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      fail(Failure.UPSTREAM_TLS);
      ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      fail(Failure.UPSTREAM_TLS);
      ctx.close();
    }
  }
}
