package io.weir.core.health;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoop;
import io.netty.channel.ManualIoEventLoop;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import io.weir.core.worker.Transport;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** A control loop that the test's own thread drives: real sockets, and time only when told so. */
final class ControlLoop implements AutoCloseable {
  /** Far longer than anything on the loopback takes. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final MockTicker clock = Ticker.newMockTicker();
  private final Function<SocketAddress, Bootstrap> connecting;
  final ManualIoEventLoop loop;
  final HealthMonitor monitor;

  ControlLoop() {
    this(Transport.NIO);
  }

  ControlLoop(Transport transport) {
    this(transport, loop -> address -> transport.connecting(loop, address));
  }

  ControlLoop(
      Transport transport, Function<EventLoop, Function<SocketAddress, Bootstrap>> connections) {
    this.loop = new ManualIoEventLoop(null, Thread.currentThread(), transport.ioHandlers(), clock);
    this.connecting = connections.apply(loop);
    this.monitor = new HealthMonitor(loop, connecting, new SplittableRandom(), clock::nanoTime);
  }

  CheckRunner runner() {
    return new CheckRunner(loop, connecting);
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
