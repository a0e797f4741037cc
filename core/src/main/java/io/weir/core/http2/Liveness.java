package io.weir.core.http2;

import io.weir.core.worker.Deadline;
import io.weir.core.worker.Worker;

/**
 * Whether a backend is still behind its connection: where a response is late a PING asks, since it
 * may be the answer that is late or the connection that is dead. For one connection, on its loop.
 */
final class Liveness extends Deadline {
  /** What our PING says. */
  private static final long PING = 0x77656972_616c6976L;

  private final Http2Upstream connection;
  private final UpstreamCodec codec;
  private final Worker worker;
  private final long patienceNanos;
  private boolean doubted;

  /**
   * Of a connection that is alive.
   *
   * @param patienceNanos until a PING must have come back
   */
  Liveness(Http2Upstream connection, UpstreamCodec codec, Worker worker, long patienceNanos) {
    this.connection = connection;
    this.codec = codec;
    this.worker = worker;
    this.patienceNanos = patienceNanos;
  }

  /** Whether a PING is out that did not come back. */
  boolean isDoubted() {
    return doubted;
  }

  /** Asks the backend. */
  void doubt() {
    doubted = true;
    codec.encoder.writePing(connection.ctx(), false, PING, connection.ctx().newPromise());
    worker.timers().set(this, connection.in(patienceNanos));
    connection.writer().flushSoon();
  }

  /** The backend says that it is there. */
  void confirm() {
    doubted = false;
    worker.timers().clear(this);
  }

  /** The connection is gone. */
  void end() {
    worker.timers().remove(this);
  }

  @Override
  protected void onDeadline(long now) {
    connection.onDead();
  }
}
