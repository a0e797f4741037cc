package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.weir.core.http.Failure;
import io.weir.core.http.Fields;
import io.weir.core.http.ForwardedFor;
import io.weir.core.http.Method;
import io.weir.core.http.Repeat;
import io.weir.core.http.RequestHead;
import io.weir.core.http.ResponseHead;
import io.weir.core.http.ResponseListener;
import io.weir.core.http.TunnelEnd;
import io.weir.core.http.UpstreamStream;
import io.weir.core.worker.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * One request on a connection to a backend, and its response. The deadline is for the response to
 * begin and to go on. For its loop.
 */
final class Http2UpstreamStream extends Deadline implements UpstreamStream, ReadBatch.Member {
  /** More than any protocol built on 1xx sends; a backend that sends them without end is broken. */
  private static final int MAX_INTERIM = 64;

  private final Http2Upstream connection;
  private final long framesBefore;
  private final boolean via;
  private final long silence;
  private @Nullable ResponseListener listener;
  private @Nullable Http2Stream stream;

  // The request.
  private @Nullable WebSocketConnect connect;
  private boolean toHead;
  private boolean requestComplete;

  // The response.
  private final ResponseHead head;
  private boolean headRead;
  private boolean responseComplete;
  private int interim;
  private final Http2ResponseBody body;
  private boolean wanted = true;
  private @Nullable Fields trailers;
  private boolean refused;

  /** What the stream is once it has left HTTP. */
  private @Nullable Http2BackendTunnel tunnel;

  /**
   * A stream that is not yet open.
   *
   * @param via whether the request tells of us
   * @param silence how long the backend may be silent, in nanoseconds
   */
  Http2UpstreamStream(
      Http2Upstream connection,
      ResponseHead head,
      ResponseListener listener,
      boolean via,
      long silence) {
    this.connection = connection;
    this.head = head;
    this.listener = listener;
    this.via = via;
    this.silence = silence;
    this.framesBefore = connection.frames();
    this.body = new Http2ResponseBody(connection, this);
  }

  // The request.

  @Override
  public void sendHead(RequestHead request, String target, ForwardedFor forwarded) {
    toHead = request.method().equals(Method.HEAD);
    if (request.isWebSocket()) {
      connect = WebSocketConnect.of(request);
      if (!connection.takesWebSockets() || connect == null) {
        neverOpens(connect == null ? Failure.BAD_REQUEST : Failure.NO_WEBSOCKETS, Repeat.NEVER);
        return;
      }
    }
    if (!connection.writer().prepareHead(request, target, forwarded, via)) {
      neverOpens(Failure.HEAD_TOO_LARGE, Repeat.NEVER);
      return;
    }
    requestComplete = !request.hasBody() && connect == null;
    stream = connection.writer().writeHead(this, requestComplete);
    if (stream == null) {
      neverOpens(Failure.UPSTREAM_RESET, Repeat.ALWAYS);
    } else if (requestComplete || connect != null) {
      awaitResponse();
    }
  }

  private void neverOpens(Failure failure, Repeat repeat) {
    connection.streams().ended();
    fail(failure, repeat);
  }

  @Override
  public void sendBody(ByteBuf data) {
    Http2Stream open = open();
    if (open == null) {
      data.release();
      return;
    }
    connection.writer().writeData(open, data, false);
    if (headRead) {
      awaitResponse(); // a call that goes both ways lives as long as one of them does
    }
  }

  @Override
  public void sendEnd(@Nullable Fields requestTrailers) {
    Http2Stream open = open();
    if (open == null || requestComplete || connect != null) {
      return; // a CONNECT asks for both directions, whatever its answer will be
    }
    requestComplete = true;
    if (requestTrailers != null && BlockEncoder.hasAny(requestTrailers)) {
      if (!connection.writer().writeTrailers(open, requestTrailers)) {
        fail(Failure.HEAD_TOO_LARGE, Repeat.NEVER);
        return;
      }
    } else {
      connection.writer().writeData(open, Unpooled.EMPTY_BUFFER, true);
    }
    awaitResponse();
  }

  /** Its stream; null if it has none. */
  @Nullable Http2Stream stream() {
    return stream;
  }

  /** Null when nothing can be sent any more. */
  private @Nullable Http2Stream open() {
    Http2Stream current = stream;
    boolean closed =
        current == null
            || listener == null
            || current.isResetSent()
            || current.state() == Http2Stream.State.CLOSED;
    return closed ? null : current;
  }

  @Override
  public TunnelEnd upgrade() {
    Http2Stream current = stream;
    if (current == null) {
      throw new IllegalStateException("an answer to nothing");
    }
    listener = null;
    connection.timers().remove(this);
    connection.streams().giveBack(head);
    Http2BackendTunnel end =
        new Http2BackendTunnel(connection, current, body.handOver(), responseComplete);
    tunnel = end;
    return end;
  }

  @Override
  public void flush() {
    connection.writer().flushSoon();
  }

  @Override
  public boolean isWritable() {
    Http2Stream open = open();
    return open == null || connection.writer().isWritable(open);
  }

  void onWritability(boolean writable) {
    if (tunnel != null) {
      tunnel.onWritability(writable);
      return;
    }
    ResponseListener current = listener;
    if (current == null) {
      return;
    }
    if (isAwaited()) {
      awaitResponse();
    } else {
      connection.timers().clear(this);
    }
    current.onUpstreamWritability(writable);
  }

  /** The backend gives room to send more; maybe not yet enough for what waits. */
  void onRoom() {
    Http2Stream open = open();
    if (open != null && connection.writer().holdsBack(open)) {
      awaitResponse();
    }
  }

  @Override
  public void readResponse(boolean more) {
    wanted = more;
    if (!more) {
      connection.timers().clear(this);
      return;
    }
    awaitResponse();
    deliverWaiting();
    finishIfComplete();
  }

  private void awaitResponse() {
    if (wanted && listener != null && isAwaited()) {
      connection.timers().set(this, connection.in(silence));
    }
  }

  /** Whether the next is the backend's to do: to respond, to go on, or to take what waits. */
  private boolean isAwaited() {
    return requestComplete || headRead || connect != null || !isWritable();
  }

  @Override
  public void cancel() {
    listener = null;
    end();
    stop(Http2Error.CANCEL);
  }

  /** The exchange is over for this stream; its head may be used again. */
  private void end() {
    connection.timers().remove(this);
    body.drop();
    connection.streams().giveBack(head);
  }

  /** Nobody wants what this stream may still bring, or take. */
  private void stop(Http2Error why) {
    Http2Stream current = stream;
    if (current != null && current.state() != Http2Stream.State.CLOSED && !current.isResetSent()) {
      connection.writer().reset(current, why);
    }
  }

  // The response.

  /** Where the next field block goes; null if it is no head. */
  @Nullable ResponseHead expectedHead() {
    return headRead || listener == null ? null : head;
  }

  void onHeaders(ResponseBlock block, boolean ends) throws Http2Exception {
    if (tunnel != null) { // RFC 9113 section 8.5: nothing but DATA
      throw malformed("HEADERS where only DATA may be");
    }
    ResponseListener current = listener;
    if (current == null) {
      return;
    }
    if (headRead) {
      onTrailers(block, ends);
      return;
    }
    if (connect != null && WebSocketConnect.isGrantedBy(block)) {
      connect.grant(head);
    } else if (!ResponseGuard.check(block, head, toHead, ends)) {
      throw malformed("a malformed head");
    }
    if (head.isInterim()) {
      onInterim(current);
      return;
    }
    headRead = true;
    body.begin(head.bodyLength());
    responseComplete = ends;
    current.onResponseHead(head);
    connection.batch().touch(this);
    awaitResponse();
    finishIfComplete();
  }

  private void onInterim(ResponseListener current) throws Http2Exception {
    if (++interim > MAX_INTERIM) {
      throw malformed("interim responses without end");
    }
    current.onInterim(head);
    awaitResponse();
  }

  private void onTrailers(ResponseBlock block, boolean ends) throws Http2Exception {
    if (!ends || block.isMalformed()) {
      throw malformed("malformed trailers");
    }
    checkLength(true);
    trailers = block.fields();
    responseComplete = true;
    finishIfComplete();
  }

  /** A piece of the body; how many bytes of it were taken. */
  int onData(ByteBuf data, boolean ends) throws Http2Exception {
    if (tunnel != null) {
      connection.batch().touch(this);
      return tunnel.onData(data, ends);
    }
    int n = data.readableBytes();
    ResponseListener current = listener;
    if (current == null) {
      return n;
    }
    if (!headRead) {
      throw malformed("a body without a head");
    }
    body.count(n);
    checkLength(ends);
    responseComplete = ends;
    if (!wanted || body.isWaiting()) {
      body.keep(data);
      return 0;
    }
    if (n > 0) {
      current.onResponseBody(data.readRetainedSlice(n));
    }
    connection.batch().touch(this);
    awaitResponse();
    finishIfComplete();
    return n;
  }

  private void checkLength(boolean ends) throws Http2Exception {
    if (body.hasWrongLength(ends)) {
      throw malformed("content-length says another length");
    }
  }

  private Http2Exception malformed(String what) {
    int id = stream == null ? 0 : stream.id();
    return Http2Exception.streamError(id, Http2Error.PROTOCOL_ERROR, "%s", what);
  }

  /** What waits, as far as it is wanted: for the rest the backend has no room before. */
  private void deliverWaiting() {
    if (!body.isWaiting()) {
      return;
    }
    for (ResponseListener to = listener; wanted && to != null; to = listener) {
      ByteBuf bytes = body.take();
      if (bytes == null) {
        break;
      }
      int n = bytes.readableBytes();
      to.onResponseBody(bytes);
      body.consumed(n);
    }
    connection.batch().touch(this);
  }

  private void finishIfComplete() {
    ResponseListener current = listener;
    if (current == null || !responseComplete || !wanted || body.isWaiting()) {
      return;
    }
    listener = null;
    connection.timers().remove(this);
    Http2Stream done = stream;
    if (done != null && (!requestComplete || connection.writer().holdsBack(done))) {
      stop(Http2Error.NO_ERROR); // the rest of the request has nobody who wants it
    }
    connection.answered();
    current.onResponseEnd(trailers);
    connection.streams().giveBack(head);
  }

  @Override
  public void onBatchEnd() {
    if (tunnel != null) {
      tunnel.onBatchEnd();
      return;
    }
    ResponseListener current = listener;
    if (current != null) {
      current.onResponseBatchEnd();
    }
  }

  // How it can end early.

  void onReset(long code) {
    refused = code == Http2Error.REFUSED_STREAM.code();
  }

  /**
   * The stream is closed, for whatever reason.
   *
   * @param unseen whether the backend said that it will never look at it
   */
  void onClosed(boolean unseen) {
    if (tunnel != null) {
      tunnel.onClosed();
      return;
    }
    if (responseComplete || listener == null) {
      return; // what came of it is still to be taken
    }
    Repeat repeat = Repeat.NEVER;
    if (!headRead && (refused || unseen)) {
      repeat = Repeat.ALWAYS;
    } else if (connection.frames() == framesBefore) {
      repeat = Repeat.IF_IDEMPOTENT;
    }
    fail(Failure.UPSTREAM_RESET, repeat);
  }

  /** It cannot be answered through this connection, or breaks a rule. */
  void fail(Failure failure, Repeat repeat) {
    Http2Error why =
        failure == Failure.UPSTREAM_PROTOCOL ? Http2Error.PROTOCOL_ERROR : Http2Error.CANCEL;
    if (tunnel != null) {
      stop(why);
      tunnel.onClosed();
      return;
    }
    ResponseListener current = listener;
    if (current == null) {
      return;
    }
    listener = null;
    end();
    stop(why);
    current.onResponseFailure(failure, repeat);
  }

  @Override
  protected void onDeadline(long now) {
    connection.suspect();
    fail(Failure.UPSTREAM_TIMEOUT, Repeat.NEVER);
  }
}
