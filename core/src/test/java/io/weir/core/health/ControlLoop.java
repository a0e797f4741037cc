package io.weir.core.health;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A control loop that the test's own thread drives: real sockets, and time only when told so. */
final class ControlLoop implements AutoCloseable {
  /** Far longer than anything on the loopback takes. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final MockTicker clock = Ticker.newMockTicker();
  private final ChannelFactory<? extends Channel> channels;
  final ManualIoEventLoop loop;
  final HealthMonitor monitor;

  ControlLoop() {
    this(NioIoHandler.newFactory(), NioSocketChannel::new);
  }

  ControlLoop(IoHandlerFactory handlers, ChannelFactory<? extends Channel> channels) {
    this.channels = channels;
    this.loop = new ManualIoEventLoop(null, Thread.currentThread(), handlers, clock);
    this.monitor = new HealthMonitor(loop, channels, new SplittableRandom(), clock::nanoTime);
  }

  CheckRunner runner() {
    return new CheckRunner(loop, channels);
  }

  /** Runs the loop until something is so; the clock stands still. */
  void runsUntil(String what, BooleanSupplier holds) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("expected " + what);
      }
      loop.run(TURN_NANOS);
    }
  }

  /** Moves the clock and runs what is due. */
  void passes(Duration time) {
    clock.advance(time.toNanos(), TimeUnit.NANOSECONDS);
    loop.runNow();
  }

  @Override
  public void close() {
    monitor.close();
    loop.shutdown();
    runsUntil("the loop to end", loop::isTerminated);
  }
}
