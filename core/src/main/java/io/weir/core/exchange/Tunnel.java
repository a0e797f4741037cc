package io.weir.core.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.core.http.TunnelEnd;
import io.weir.core.http.TunnelListener;
import io.weir.core.worker.Deadline;
import io.weir.core.worker.Worker;

/**
 * An exchange that has left HTTP: bytes both ways, each direction with an end of its own, until
 * both have ended, one side is gone, or nothing was heard for too long. Confined to its loop.
 */
final class Tunnel {
  /*
   * A browser whose WebSocket is a stream ends the stream with its close frame, and waits for the
   * server's. On a connection the server closes first (RFC 6455 section 7.1.1): one that finds a FIN
   * behind a close frame takes its client for gone, and keeps its own close frame to itself. So the
   * end of a stream becomes a FIN only when the backend had time to answer.
   */
  private static final long MOST_ANSWER_NANOS = 5_000_000_000L;

  private final Exchange exchange;
  private final Worker worker;
  private final TunnelEnd client;
  private final TunnelEnd backend;
  private final long idleNanos;
  private final Direction fromClient;
  private final Direction fromBackend;
  private final Deadline idle = new Idle();
  private final Deadline lateEnd = new LateEnd();
  private boolean open = true;

  Tunnel(Exchange exchange, Worker worker, TunnelEnd client, TunnelEnd backend, long idleNanos) {
    this.exchange = exchange;
    this.worker = worker;
    this.client = client;
    this.backend = backend;
    this.idleNanos = idleNanos;
    this.fromClient = new Direction(client, backend);
    this.fromBackend = new Direction(backend, client);
  }

  void begin() {
    awake();
    backend.begin(fromBackend);
    if (open) {
      client.begin(fromClient);
    }
  }

  private void awake() {
    worker.timers().set(idle, worker.clock().nanos() + idleNanos);
  }

  /** What the backend then still says has its time before the silence is too long. */
  private long answerNanos() {
    return Math.min(MOST_ANSWER_NANOS, idleNanos / 2);
  }

  private void close() {
    if (!open) {
      return;
    }
    open = false;
    worker.timers().remove(idle);
    worker.timers().remove(lateEnd);
    client.close();
    backend.close();
    exchange.tunnelEnded(fromClient.bytes, fromBackend.bytes);
  }

  /** What comes from one side and goes to the other. */
  private final class Direction implements TunnelListener {
    private final TunnelEnd from;
    private final TunnelEnd to;
    private long bytes;
    private boolean paused;
    private boolean ended;

    Direction(TunnelEnd from, TunnelEnd to) {
      this.from = from;
      this.to = to;
    }

    private Direction opposite() {
      return this == fromClient ? fromBackend : fromClient;
    }

    @Override
    public void onBytes(ByteBuf data) {
      bytes += data.readableBytes();
      to.send(data);
      if (!paused && !to.isWritable()) {
        paused = true;
        from.read(false);
      }
    }

    @Override
    public void onBatchEnd() {
      awake();
      to.flush();
    }

    @Override
    public void onEnd() {
      ended = true;
      if (opposite().ended) {
        close();
      } else if (isTooEarly()) {
        worker.timers().set(lateEnd, worker.clock().nanos() + answerNanos());
      } else {
        to.sendEnd();
      }
    }

    private boolean isTooEarly() {
      return this == fromClient && from.isStream() && !to.isStream();
    }

    /** This side takes more, so the other may be read. */
    @Override
    public void onWritability(boolean writable) {
      Direction waiting = opposite();
      if (writable && waiting.paused) {
        waiting.paused = false;
        waiting.from.read(true);
      }
    }

    @Override
    public void onClosed() {
      close();
    }
  }

  private final class Idle extends Deadline {
    @Override
    protected void onDeadline(long now) {
      close();
    }
  }

  private final class LateEnd extends Deadline {
    @Override
    protected void onDeadline(long now) {
      backend.sendEnd();
    }
  }
}
