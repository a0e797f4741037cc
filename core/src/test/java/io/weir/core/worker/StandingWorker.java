package io.weir.core.worker;

import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.weir.metrics.Metrics;

/** Makes a worker whose loop is the calling thread, for tests of what asks a worker for little. */
public final class StandingWorker {
  private StandingWorker() {}

  public static Worker create() {
    return create(new EmbeddedChannel().eventLoop(), Clock.SYSTEM);
  }

  /** One with deadlines, which come when there is a {@link #tick} and that loop runs its tasks. */
  public static Worker create(EventLoop loop, Clock clock) {
    Metrics metrics = new Metrics(1);
    return new Worker(0, loop, Transport.NIO, metrics.worker(0), metrics.latency(0), clock);
  }

  /** Has the loop look at what is due by its clock. */
  public static void tick(Worker worker) {
    worker.timers().tick();
  }
}
