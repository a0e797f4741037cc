package io.weir.core.tcp;

import io.netty.channel.Channel;
import io.weir.core.http.Failure;
import io.weir.core.meter.ListenerMeter;
import io.weir.core.meter.ListenerMeter.Rejection;
import io.weir.core.upstream.Backend;
import io.weir.core.worker.IdleDeadline;
import io.weir.core.worker.SlowReaders;
import io.weir.core.worker.Worker;

/**
 * A client and a backend that hear each other's bytes, each direction with an end of its own, until
 * both are gone or nothing was heard for too long. Confined to its loop, which both are on.
 */
final class Relay extends IdleDeadline {
  private final Worker worker;
  private final ListenerMeter listener;
  private final RelayTally tally;
  private final Backend backend;
  private final Runnable onEnd;
  private final RelaySide fromClient;
  private final RelaySide fromBackend;
  private int open = 2;

  /**
   * Between two channels that are connected and read nothing yet.
   *
   * @param onEnd called once, when both are gone
   */
  Relay(
      Worker worker,
      Relayed connection,
      RelayTally tally,
      Backend backend,
      Channel client,
      Channel upstream,
      Runnable onEnd) {
    super(worker, connection.idleNanos());
    this.worker = worker;
    this.listener = connection.meter();
    this.tally = tally;
    this.backend = backend;
    this.onEnd = onEnd;
    this.fromClient = new RelaySide(this, client);
    this.fromBackend = new RelaySide(this, upstream);
    fromClient.facing(fromBackend);
    fromBackend.facing(fromClient);
    start();
  }

  /** The handler for the client's pipeline. */
  RelaySide fromClient() {
    return fromClient;
  }

  /** The handler for the backend's pipeline. */
  RelaySide fromBackend() {
    return fromBackend;
  }

  /** Whether what is written on that side goes to the backend. */
  boolean isToBackend(RelaySide side) {
    return side == fromBackend;
  }

  SlowReaders slowReaders() {
    return worker.slowReaders();
  }

  /** Bytes of one side went on to the other. */
  void passed(RelaySide from, long count) {
    if (from == fromClient) {
      tally.bytesIn += count;
      listener.bytes(worker.counters(), count, 0);
      backend.meter().bytes(worker.counters(), 0, count);
    } else {
      tally.bytesOut += count;
      listener.bytes(worker.counters(), 0, count);
      backend.meter().bytes(worker.counters(), count, 0);
    }
    heard();
  }

  /** One of the two is gone. */
  void closed() {
    open--;
    if (open == 0) {
      stop();
      onEnd.run();
    }
  }

  @Override
  protected void onDeadline(long now) {
    close();
  }

  /** Why it is about to end, where that is not its two ends' own doing. */
  void failed(Failure why) {
    tally.failed(why);
  }

  /** What waits for the backend is given up, and the rest with it. */
  void cut() {
    failed(Failure.OVERLOAD);
    listener.connectionRejected(worker.counters(), Rejection.OVERLOAD);
    close();
  }

  /** Ends both, at once. */
  void close() {
    fromClient.channel().close();
    fromBackend.channel().close();
  }
}
