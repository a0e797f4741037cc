package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.weir.core.http.BodyLength;
import io.weir.core.http.Failure;
import io.weir.core.http.Fields;
import io.weir.core.http.Repeat;
import io.weir.core.http.ResponseHead;
import io.weir.core.http.ResponseListener;
import io.weir.core.worker.SlowReaders;
import org.jspecify.annotations.Nullable;

/**
 * The response that comes on one stream to a backend: its head, its body, of which a part may wait
 * until somebody wants it, and its trailers. For its loop.
 */
final class Http2Response {
  /** More than any protocol built on 1xx sends; a backend that sends them without end is broken. */
  private static final int MAX_INTERIM = 64;

  /** As much as a client can hold, see {@link SlowReaders}. */
  private static final int MOST_AT_ONCE = 64 * 1024;

  private final Http2Upstream connection;
  private final Http2UpstreamStream request;
  private final ResponseHead head;
  private int interim;
  private boolean begun;
  private boolean complete;

  // The body.
  private final KeptBytes waiting = new KeptBytes();
  private @Nullable Untaken untaken;
  private long announced = -1;
  private long received;
  private boolean forbidden;
  private boolean wanted = true;

  private @Nullable Fields trailers;

  /**
   * One that is to come.
   *
   * @param request which fails where the memory is wanted of what waits
   */
  Http2Response(Http2Upstream connection, Http2UpstreamStream request, ResponseHead head) {
    this.connection = connection;
    this.request = request;
    this.head = head;
  }

  ResponseHead head() {
    return head;
  }

  /** Whether its head has come, which an interim one is not. */
  boolean isBegun() {
    return begun;
  }

  /** Whether the backend has sent all of it. */
  boolean isComplete() {
    return complete;
  }

  /** Whether all of it was passed on but its trailers, and somebody waits for those. */
  boolean isDelivered() {
    return complete && wanted && waiting.isEmpty();
  }

  @Nullable Fields trailers() {
    return trailers;
  }

  void onHeaders(ResponseBlock block, boolean ends, ResponseListener to) throws Http2Exception {
    if (begun) {
      onTrailers(block, ends);
      return;
    }
    if (!request.read(block, head, ends)) {
      throw request.malformed("a malformed head");
    }
    if (head.isInterim()) {
      onInterim(to);
      return;
    }
    begun = true;
    announced = head.bodyLength();
    forbidden = announced == BodyLength.NONE;
    complete = ends;
    to.onResponseHead(head);
    request.onPassedOn();
  }

  private void onInterim(ResponseListener to) throws Http2Exception {
    if (++interim > MAX_INTERIM) {
      throw request.malformed("interim responses without end");
    }
    to.onInterim(head);
    request.awaitResponse();
  }

  private void onTrailers(ResponseBlock block, boolean ends) throws Http2Exception {
    if (!ends || block.isMalformed()) {
      throw request.malformed("malformed trailers");
    }
    checkLength(true);
    trailers = block.fields();
    complete = true;
    request.finishIfDelivered();
  }

  /** A piece of the body; how many bytes of it were taken. */
  int onData(ByteBuf data, boolean ends, ResponseListener to) throws Http2Exception {
    if (!begun) {
      throw request.malformed("a body without a head");
    }
    int n = data.readableBytes();
    received += n;
    checkLength(ends);
    complete = ends;
    if (!wanted || !waiting.isEmpty()) {
      keep(data);
      return 0;
    }
    if (n > 0) {
      to.onResponseBody(data.readRetainedSlice(n));
    }
    request.onPassedOn();
    return n;
  }

  /** As much as was announced, neither more nor less (RFC 9113 section 8.1.1). */
  private void checkLength(boolean ends) throws Http2Exception {
    boolean wrong =
        forbidden
            ? received > 0
            : announced >= 0 && (received > announced || (ends && received < announced));
    if (wrong) {
      throw request.malformed("content-length says another length");
    }
  }

  /** Whether more of it is wanted now. */
  boolean isWanted() {
    return wanted;
  }

  void want(boolean more) {
    wanted = more;
  }

  /** Keeps a copy of what nobody wants now. */
  private void keep(ByteBuf data) {
    int bytes = data.readableBytes();
    waiting.add(data, connection.allocator());
    if (bytes == 0) {
      return;
    }
    if (untaken == null) {
      untaken =
          new Untaken(
              waiting,
              UpstreamCodec.STREAM_WINDOW,
              () -> request.fail(Failure.OVERLOAD, Repeat.NEVER));
    }
    connection.slowReaders().add(untaken);
  }

  /** What waits, as far as it is wanted: for the rest the backend has no room before. */
  void deliverWaiting() {
    if (waiting.isEmpty()) {
      return;
    }
    for (ResponseListener to = request.listener(); wanted && to != null; to = request.listener()) {
      ByteBuf bytes = waiting.take(MOST_AT_ONCE, connection.allocator());
      if (bytes == null) {
        waitsForNobody();
        break;
      }
      int n = bytes.readableBytes();
      to.onResponseBody(bytes);
      consumed(n);
    }
    connection.batch().touch(request);
  }

  /** What came while nobody wanted it, for what the stream becomes. */
  KeptBytes handOver() {
    waitsForNobody();
    return waiting;
  }

  /** Nobody will have what was kept. */
  void drop() {
    waitsForNobody();
    int dropped = waiting.drop();
    if (dropped > 0) {
      consumed(dropped);
    }
  }

  private void waitsForNobody() {
    if (untaken != null) {
      connection.slowReaders().remove(untaken);
    }
  }

  /** So many bytes of what was kept have gone on: the backend may send as many more. */
  private void consumed(int bytes) {
    Http2Stream stream = request.stream();
    if (stream != null) {
      connection.writer().consumed(stream, bytes);
    }
  }
}
