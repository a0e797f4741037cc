package io.weir.core.health;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import io.weir.core.config.HealthConfig;
import io.weir.core.worker.NotYetConnected;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes one check: opens a connection, sees that it ends in time, and closes it. */
final class CheckRunner {
  private final EventLoop loop;
  private final Function<SocketAddress, Bootstrap> connecting;

  CheckRunner(EventLoop loop, Function<SocketAddress, Bootstrap> connecting) {
    this.loop = loop;
    this.connecting = connecting;
  }

  /**
   * Starts a check. The promise succeeds with its outcome; it fails if the fault is ours (no socket
   * left, say), which tells nothing of the backend. Cancelling it ends the check.
   */
  Promise<Outcome> start(Watch watch) {
    Promise<Outcome> outcome = loop.newPromise();
    try {
      connect(watch, outcome);
    } catch (RuntimeException e) {
      outcome.tryFailure(e);
    }
    return outcome;
  }

  private void connect(Watch watch, Promise<Outcome> outcome) {
    ChannelFuture attempt =
        connecting
            .apply(watch.address().get())
            .disableResolver() // resolving a name would block the loop
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0) // one deadline for all of it
            .handler(new Initializer(watch, outcome))
            .connect();
    attempt.addListener(connected -> connected(connected.cause(), outcome));
    Duration timeout = watch.config().timeout();
    ScheduledFuture<?> deadline =
        loop.schedule(
            () -> outcome.trySuccess(late(timeout)), timeout.toNanos(), TimeUnit.NANOSECONDS);
    outcome.addListener(settled -> end(attempt.channel(), deadline));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the connection to be gone
  private static void end(Channel channel, ScheduledFuture<?> deadline) {
    deadline.cancel(false);
    if (channel.isOpen()) {
      channel.close();
    }
  }

  private static void connected(@Nullable Throwable cause, Promise<Outcome> outcome) {
    if (cause instanceof ChannelException) {
      outcome.tryFailure(cause);
    } else if (cause != null) {
      outcome.trySuccess(Outcome.fail(cause));
    }
  }

  private static Outcome late(Duration timeout) {
    return new Outcome(CheckResult.TIMEOUT, "no answer in " + timeout.toMillis() + " ms");
  }

  /** The pipeline of a check. */
  private static final class Initializer extends ChannelInitializer<Channel> {
    private final Watch watch;
    private final Promise<Outcome> outcome;

    Initializer(Watch watch, Promise<Outcome> outcome) {
      this.watch = watch;
      this.outcome = outcome;
    }

    @Override
    protected void initChannel(Channel channel) {
      ChannelPipeline pipeline = channel.pipeline();
      pipeline.addLast(NotYetConnected.INSTANCE);
      if (watch.proxyProtocol() != null) {
        pipeline.addLast(new CheckHeader(watch.proxyProtocol()));
      }
      TlsHandlers tls = watch.tls();
      if (tls != null) {
        pipeline.addLast(
            tls.create(channel.alloc(), watch.backend().host(), watch.backend().port()));
      }
      boolean secure = tls != null;
      switch (watch.config().probe()) {
        case HealthConfig.Tcp() -> pipeline.addLast(new TcpCheck(secure, outcome));
        case HealthConfig.Tls tlsOnly -> pipeline.addLast(new TcpCheck(secure, outcome));
        case HealthConfig.MySql() -> pipeline.addLast(new MySqlCheck(secure, outcome));
        case HealthConfig.Http http -> {
          String host = host(http.host());
          if (watch.http2()) {
            Http2Check.http(http, host, secure, outcome).addTo(pipeline);
          } else {
            pipeline.addLast(HttpCheck.codec(), new HttpCheck(http, host, secure, outcome));
          }
        }
        case HealthConfig.Grpc grpc ->
            Http2Check.grpc(grpc, host(grpc.host()), secure, outcome).addTo(pipeline);
      }
    }

    private String host(String configured) {
      return configured.isEmpty() ? watch.backend().authority() : configured;
    }
  }
}
