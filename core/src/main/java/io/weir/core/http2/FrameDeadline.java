package io.weir.core.http2;

import io.weir.core.http.RequestHandler;
import io.weir.core.worker.Deadline;
import io.weir.core.worker.Worker;

/**
 * Until when a frame or a field block that a client has begun must end; one of a body only has to
 * go on. For one connection, on its loop.
 */
final class FrameDeadline extends Deadline {
  private final Http2Downstream connection;
  private final FrameGate gate;
  private final RequestHandler handler;
  private final Worker worker;
  private long framesSeen;
  private boolean awaiting;

  FrameDeadline(Http2Downstream connection, FrameGate gate, RequestHandler handler, Worker worker) {
    this.connection = connection;
    this.gate = gate;
    this.handler = handler;
    this.worker = worker;
  }

  /** What was read ended within a frame or a field block. */
  void awaitRest() {
    boolean progress = gate.frames() != framesSeen && !gate.isInBlock();
    framesSeen = gate.frames();
    if (gate.isInData()) {
      until(handler.limits().bodyIdleNanos());
    } else if (progress || !awaiting) {
      until(handler.limits().headerNanos());
    }
    awaiting = true;
  }

  private void until(long nanosFromNow) {
    worker.timers().set(this, worker.clock().nanos() + nanosFromNow);
  }

  /** Nothing is incomplete. */
  void clear() {
    if (awaiting) {
      awaiting = false;
      worker.timers().clear(this);
    }
  }

  /** The connection is gone. */
  void end() {
    worker.timers().remove(this);
  }

  @Override
  protected void onDeadline(long now) {
    awaiting = false;
    connection.onSlowFrame();
  }
}
