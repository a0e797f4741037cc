package io.weir.core.worker;

import io.netty.channel.embedded.EmbeddedChannel;
import io.weir.metrics.Metrics;

/** Makes a worker whose loop is the calling thread, for tests of what asks a worker for little. */
public final class StandingWorker {
  private StandingWorker() {}

  public static Worker create() {
    Metrics metrics = new Metrics(1);
    return new Worker(
        0,
        new EmbeddedChannel().eventLoop(),
        Transport.NIO,
        metrics.worker(0),
        metrics.latency(0),
        Clock.SYSTEM);
  }
}
