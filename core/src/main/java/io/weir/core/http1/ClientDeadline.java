package io.weir.core.http1;

import io.weir.core.http.BodyPace;
import io.weir.core.http.HttpLimits;
import io.weir.core.http.RequestHandler;
import io.weir.core.worker.Deadline;
import io.weir.core.worker.Worker;

/**
 * What one connection waits for its client to do, and until when: one thing at a time. Confined to
 * its loop.
 */
final class ClientDeadline extends Deadline {
  /** How long a client has to read the answer to a request that it is still sending. */
  private static final long LINGER_NANOS = 2_000_000_000L;

  private final Http1Downstream connection;
  private final RequestHandler handler;
  private final Worker worker;
  private final BodyPace pace = new BodyPace();
  private boolean stalled;

  ClientDeadline(Http1Downstream connection, RequestHandler handler, Worker worker) {
    this.connection = connection;
    this.handler = handler;
    this.worker = worker;
  }

  private long now() {
    return worker.clock().nanos();
  }

  private void until(long nanos) {
    worker.timers().set(this, nanos);
  }

  /** Nothing is waited for but that it reads, if it does not. */
  void clear() {
    if (!stalled) {
      worker.timers().clear(this);
    }
  }

  /** Nothing will be waited for any more. */
  void end() {
    worker.timers().remove(this);
  }

  /** It sends a whole head; its time began then. */
  void awaitHead(long began) {
    until(began + handler.limits().headerNanos());
  }

  /** It sends another request, or reads what it was sent. */
  void awaitClient() {
    until(now() + handler.limits().idleNanos());
  }

  /** It reads the last answer and closes. */
  void awaitClose() {
    until(now() + LINGER_NANOS);
  }

  // The body of a request.

  /** A body follows; it is not waited for yet. */
  void beginBody(HttpLimits limits) {
    pace.begin(limits);
  }

  void countBody(int bytes) {
    pace.count(bytes);
  }

  /** It sends the next piece; but first it must read, if it does not. */
  void awaitBody() {
    if (!stalled) {
      until(pace.due(now()));
    }
  }

  /** Nobody wants the next piece now. */
  void pauseBody() {
    pace.pause(now());
    clear();
  }

  /** The response begins before the body is complete: from now on only silence counts. */
  void bodyIsAnswered() {
    pace.responds(now(), handler.limits().bodyIdleNanos());
    awaitMore();
  }

  /** A piece of the response was sent meanwhile: there was no silence. */
  void responseGoesOn() {
    pace.goesOn(now());
    awaitMore();
  }

  private void awaitMore() {
    if (pace.runs()) {
      awaitBody();
    }
  }

  // The reading of the response.

  /** It reads nothing, until {@link #unstall}. */
  void stall() {
    stalled = true;
    pace.pause(now());
    awaitClient();
  }

  void unstall() {
    stalled = false;
  }

  boolean isStalled() {
    return stalled;
  }

  @Override
  protected void onDeadline(long now) {
    connection.onLateClient();
  }
}
