package io.weir.core.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.weir.core.http.Failure;
import io.weir.core.worker.NotYetConnected;
import io.weir.core.worker.Worker;
import org.jspecify.annotations.Nullable;

/** One attempt to connect to a backend, TLS included. Confined to its loop. */
public final class Dial {
  private final WorkerBackend home;
  private final PoolSettings settings;
  private final UpstreamProtocol protocol;
  private final long began;
  private @Nullable Listener listener;
  private @Nullable Channel channel;

  /** Hears how it went; one of the two, once, unless the dial was cancelled. */
  public interface Listener {
    void onConnected(UpstreamConnection connection, long nanos);

    void onDialFailed(Failure failure);
  }

  private Dial(
      WorkerBackend home, PoolSettings settings, UpstreamProtocol protocol, Listener listener) {
    this.home = home;
    this.settings = settings;
    this.protocol = protocol;
    this.listener = listener;
    this.began = home.worker().clock().nanos();
  }

  /** Begins to connect. The listener may be called before this returns. */
  public static Dial start(
      WorkerBackend home, PoolSettings settings, UpstreamProtocol protocol, Listener listener) {
    Dial dial = new Dial(home, settings, protocol, listener);
    dial.connect();
    return dial;
  }

  /** Nobody waits any more. */
  public void cancel() {
    listener = null;
    if (channel != null) {
      channel.close();
    }
  }

  private void connect() {
    Worker worker = home.worker();
    ChannelFuture connecting =
        new Bootstrap()
            .group(worker.loop())
            .channelFactory(worker.transport().clientChannels())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.AUTO_CLOSE, false) // an answer may wait behind a failed write
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, settings.connectMillis())
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel fresh) {
                    prepare(fresh);
                  }
                })
            .connect(home.backend().address());
    channel = connecting.channel();
    connecting.addListener(done -> {
      if (!done.isSuccess()) {
        fail(
            done.cause() instanceof ConnectTimeoutException
                ? Failure.CONNECT_TIMEOUT
                : Failure.CONNECT_FAILED);
      } else if (settings.tls() == null) {
        succeed(connecting.channel());
      }
    });
  }

  private void prepare(Channel fresh) {
    fresh.pipeline().addLast(NotYetConnected.INSTANCE);
    if (settings.tls() == null) {
      return;
    }
    SslHandler tls =
        settings
            .tls()
            .newHandler(
                fresh.alloc(),
                home.backend().address().getHostString(),
                home.backend().address().getPort());
    tls.setHandshakeTimeoutMillis(settings.connectMillis());
    fresh.pipeline().addLast(tls);
    fresh.pipeline().addLast(new HandshakeWatch());
  }

  private void succeed(Channel connected) {
    Listener waiting = listener;
    if (waiting == null) {
      connected.close();
      return;
    }
    listener = null;
    UpstreamConnection connection = protocol.newConnection(home, settings);
    connected.pipeline().addLast(connection);
    home.backend().meter().opened(home.worker().counters());
    waiting.onConnected(connection, home.worker().clock().nanos() - began);
  }

  private void fail(Failure failure) {
    Listener waiting = listener;
    listener = null;
    if (waiting != null) {
      waiting.onDialFailed(failure);
    }
  }

  /** Waits for the TLS handshake, then makes way for HTTP. */
  private final class HandshakeWatch extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof SslHandshakeCompletionEvent handshake) {
        if (handshake.isSuccess()) {
          ctx.pipeline().remove(this);
          succeed(ctx.channel());
        } else {
          fail(Failure.UPSTREAM_TLS); // stays, for the exception that follows
          ctx.close();
        }
        return;
      }
      ctx.fireUserEventTriggered(event);
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
