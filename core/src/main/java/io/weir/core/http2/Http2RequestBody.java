package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.weir.core.http.BodyPace;
import io.weir.core.http.Failure;
import io.weir.core.http.Fields;
import io.weir.core.http.RequestHead;
import io.weir.core.http.RequestListener;
import org.jspecify.annotations.Nullable;

/**
 * The body of one stream's request: what came of it, whether more is wanted, and until when that
 * must come. For its loop.
 */
final class Http2RequestBody {
  /** What all streams of a connection may keep before any of it counts, as with HTTP/1. */
  private static final int MUCH_BYTES = 64 * 1024;

  private final Http2Downstream connection;
  private final Http2DownstreamStream request;
  private final Http2Stream stream;

  /** What came while nobody wanted it. */
  private final KeptBytes waiting = new KeptBytes();

  private @Nullable Untaken untaken; // once much waited

  private final BodyPace pace = new BodyPace();
  private long announced = -1;
  private long received;
  private int counted; // of a frame that is not complete
  private boolean complete;
  private boolean wanted;
  private boolean endTold;
  private boolean forgotten;
  private boolean forgottenForOthers; // whose window it must not keep shut
  private @Nullable Fields trailers;

  /**
   * Of a request that just came.
   *
   * @param request whose deadline is set for what must come
   */
  Http2RequestBody(Http2Downstream connection, Http2DownstreamStream request, Http2Stream stream) {
    this.connection = connection;
    this.request = request;
    this.stream = stream;
  }

  /** Its request is one to be answered by others. */
  void begin(RequestHead head) {
    announced = head.bodyLength();
    endTold = !head.hasBody(); // there is nothing to tell of: it knows
    pace.begin(connection.handler().limits());
  }

  /** Whether nothing follows what came. */
  void complete(boolean ends) {
    complete = ends;
  }

  /** Whether the client has sent all of it. */
  boolean isComplete() {
    return complete;
  }

  /** Whether the client owes a piece of it. */
  boolean isAwaited() {
    return !complete && wanted;
  }

  /** What came while nobody wanted it, for what the stream becomes. */
  KeptBytes handOver() {
    isTaken();
    return waiting;
  }

  /** A piece of it; how many bytes of it were taken. */
  int onData(ByteBuf data, boolean ends) throws Http2Exception {
    int n = data.readableBytes();
    received += n;
    pace.count(Math.max(0, n - counted)); // less where some of it was padding
    counted = 0;
    checkLength(ends);
    complete = ends;
    RequestListener current = request.exchange();
    if (current == null) {
      return n;
    }
    if (received > connection.handler().limits().maxBodyBytes()) {
      current.onRequestFailure(Failure.BODY_TOO_LARGE);
      return n;
    }
    if (forgotten) {
      return forgottenForOthers ? n : 0; // with none the client's window stays shut
    }
    if (!wanted || !waiting.isEmpty()) {
      waiting.add(data, connection.allocator());
      waitsForBackend();
      return 0;
    }
    if (n > 0) {
      current.onRequestBody(data.readRetainedSlice(n));
    }
    afterDelivery();
    return n;
  }

  /** So much has come of a frame that is not complete. */
  void onPartOfFrame(int bytes) {
    if (request.exchange() == null || complete) {
      return;
    }
    pace.count(Math.max(0, bytes - counted));
    counted = bytes;
    awaitMore();
  }

  void onTrailers(Fields fields) throws Http2Exception {
    checkLength(true);
    complete = true;
    if (request.exchange() != null) {
      trailers = fields;
      afterDelivery();
    }
  }

  /** As much as was announced, neither more nor less (RFC 9113 section 8.1.1). */
  private void checkLength(boolean ends) throws Http2Exception {
    boolean wrong = announced >= 0 && (received > announced || (ends && received < announced));
    if (wrong) {
      throw Http2Exception.streamError(
          stream.id(), Http2Error.PROTOCOL_ERROR, "content-length says another length");
    }
  }

  /** Whether more of it is wanted from now on. */
  void read(boolean more) {
    if (wanted == more) {
      return;
    }
    wanted = more;
    if (!more) {
      pause();
      clearDeadline();
      return;
    }
    deliverWaiting();
    afterDelivery();
  }

  private void deliverWaiting() {
    RequestListener current = request.exchange();
    ByteBuf bytes = current == null ? null : waiting.take();
    if (current != null && bytes != null) {
      isTaken();
      int n = bytes.readableBytes();
      current.onRequestBody(bytes);
      connection.writer().consumed(stream, n);
    }
  }

  /** Little is left out: many small messages may wait for one backend to be connected. */
  private void waitsForBackend() {
    if (connection.writer().untaken() < MUCH_BYTES) {
      return;
    }
    if (untaken == null) {
      untaken = new Untaken(waiting, Http2Limits.STREAM_WINDOW, this::giveUp);
    }
    connection.slowReaders().add(untaken);
  }

  private void isTaken() {
    if (untaken != null) {
      connection.slowReaders().remove(untaken);
    }
  }

  private void giveUp() {
    RequestListener current = request.exchange();
    if (current != null) {
      current.onRequestFailure(Failure.OVERLOAD);
    }
  }

  /** All that has come was passed on: tells of the end, or waits for more. */
  private void afterDelivery() {
    RequestListener current = request.exchange();
    if (current == null || !waiting.isEmpty()) {
      return;
    }
    if (!complete) {
      awaitMore();
    } else if (!endTold && wanted) {
      endTold = true;
      clearDeadline();
      Fields last = trailers;
      trailers = null; // the stream may live on, and nobody counts them any more
      current.onRequestEnd(last);
    }
    connection.batch().touch(request); // last: outside of a batch what was passed on goes out now
  }

  /** The response has begun: from now on only silence counts. */
  void answered() {
    if (!complete) {
      pace.responds(connection.in(0), connection.handler().limits().tunnelIdleNanos());
      awaitMore();
    }
  }

  /** A piece of the response was sent meanwhile: there was no silence. */
  void responseGoesOn() {
    if (!complete) {
      pace.goesOn(connection.in(0));
      awaitMore();
    }
  }

  /** The client's time for the next piece goes on. */
  void resume() {
    if (!complete) {
      awaitMore();
    }
  }

  private void awaitMore() {
    if (wanted && !request.isStalled()) {
      connection.timers().set(request, pace.due(connection.in(0)));
    }
  }

  private void clearDeadline() {
    if (!request.isStalled()) {
      connection.timers().clear(request);
    }
  }

  /** The client's time for the next piece stands still. */
  void pause() {
    pace.pause(connection.in(0));
  }

  /** What waits, and what still comes, is for nobody. */
  void forget(boolean forOthers) {
    forgotten = true;
    forgottenForOthers = forOthers;
    isTaken();
    int dropped = waiting.drop();
    if (forOthers && dropped > 0) {
      connection.writer().consumed(stream, dropped);
    }
  }

  /** Nobody will have what waits. */
  void drop() {
    trailers = null;
    isTaken();
    int dropped = waiting.drop();
    if (dropped > 0) {
      connection.writer().consumed(stream, dropped);
    }
  }
}
