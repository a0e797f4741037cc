package io.weir.core.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.core.http.Failure;
import io.weir.core.http.TunnelEnd;
import io.weir.core.http.TunnelListener;
import io.weir.core.worker.Deadline;
import io.weir.core.worker.IdleDeadline;
import io.weir.core.worker.Worker;
import org.jspecify.annotations.Nullable;

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
  private final IdleDeadline idle;
  private final Deadline lateEnd = new LateEnd();
  private boolean open = true;

  Tunnel(
      Exchange exchange,
      @Nullable ResponsePace pace,
      TunnelEnd client,
      TunnelEnd backend,
      long idleNanos) {
    this.exchange = exchange;
    this.worker = exchange.worker();
    this.client = client;
    this.backend = backend;
    this.idleNanos = idleNanos;
    this.idle = new Idle(worker, idleNanos);
    this.fromClient = new Direction(client, backend, null);
    this.fromBackend = new Direction(backend, client, pace);
  }

  void begin() {
    idle.start();
    backend.begin(fromBackend);
    if (open) {
      client.begin(fromClient);
    }
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
    idle.stop();
    worker.timers().remove(lateEnd);
    client.close(fromBackend.ended);
    backend.close(fromClient.ended);
    exchange.tunnelEnded(fromClient.bytes, fromBackend.bytes);
  }

  /** What comes from one side and goes to the other. */
  private final class Direction implements TunnelListener, ResponsePace.Held {
    private final TunnelEnd from;
    private final TunnelEnd to;
    private final @Nullable ResponsePace pace; // only what clients are sent has one
    private long bytes;
    private boolean paused;
    private boolean ended;

    Direction(TunnelEnd from, TunnelEnd to, @Nullable ResponsePace pace) {
      this.from = from;
      this.to = to;
      this.pace = pace;
    }

    private Direction opposite() {
      return this == fromClient ? fromBackend : fromClient;
    }

    @Override
    public void onBytes(ByteBuf data) {
      int count = data.readableBytes();
      bytes += count;
      to.send(data);
      boolean holds = pace != null && pace.holdsAfter(count, this);
      if (!paused && (holds || !to.isWritable())) {
        paused = true;
        from.read(false);
      }
    }

    @Override
    public void onBatchEnd() {
      idle.heard();
      to.flush();
      if (pace != null) {
        pace.tell();
      }
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
      if (writable) {
        opposite().resume();
      }
    }

    private boolean isHeld() {
      return pace != null && pace.isHolding();
    }

    /** Goes on, once the other side reads and no rule holds it back. */
    @Override
    public void resume() {
      if (open && paused && !isHeld() && to.isWritable()) {
        paused = false;
        idle.heard();
        from.read(true);
      }
    }

    @Override
    public void onOverload() {
      exchange.tunnelFailed(Failure.OVERLOAD);
      close();
    }

    @Override
    public void onClosed() {
      close();
    }
  }

  private final class Idle extends IdleDeadline {
    Idle(Worker worker, long nanos) {
      super(worker, nanos);
    }

    @Override
    protected void onDeadline(long now) {
      if (fromBackend.isHeld()) {
        start(); // it is silent because we do not listen
        return;
      }
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
