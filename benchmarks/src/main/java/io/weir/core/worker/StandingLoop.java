package io.weir.core.worker;

import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.weir.metrics.Metrics;

/** Makes a worker whose loop is the calling thread. */
public final class StandingLoop {
  private StandingLoop() {}

  /** The only worker of these metrics; its deadlines never come. */
  public static Worker worker(Metrics metrics) {
    EventLoop loop = new EmbeddedChannel().eventLoop();
    return new Worker(0, loop, Transport.NIO, metrics.worker(0), metrics.latency(0), Clock.SYSTEM);
  }
}
