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
 * One stream of a connection to a backend: one request, and the {@link Http2Response} to it. The
 * deadline is for the response to begin and to go on. For its loop.
 */
final class Http2UpstreamStream extends Deadline implements UpstreamStream, ReadBatch.Member {
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

  private final Http2Response response;
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
    this.listener = listener;
    this.via = via;
    this.silence = silence;
    this.framesBefore = connection.frames();
    this.response = new Http2Response(connection, this, head);
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
    if (response.isBegun()) {
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
    connection.streams().giveBack(response.head());
    Http2BackendTunnel end =
        new Http2BackendTunnel(connection, current, response.handOver(), response.isComplete());
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
    response.want(more);
    if (!more) {
      connection.timers().clear(this);
      return;
    }
    awaitResponse();
    response.deliverWaiting();
    finishIfDelivered();
  }

  void awaitResponse() {
    if (response.isWanted() && listener != null && isAwaited()) {
      connection.timers().set(this, connection.in(silence));
    }
  }

  /** Whether the next is the backend's to do: to respond, to go on, or to take what waits. */
  private boolean isAwaited() {
    return requestComplete || response.isBegun() || connect != null || !isWritable();
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
    response.drop();
    connection.streams().giveBack(response.head());
  }

  /** Nobody wants what this stream may still bring, or take. */
  private void stop(Http2Error why) {
    Http2Stream current = stream;
    if (current != null && current.state() != Http2Stream.State.CLOSED && !current.isResetSent()) {
      connection.writer().reset(current, why);
    }
  }

  // The response.

  /** Who hears of it; null when nobody wants it any more. */
  @Nullable ResponseListener listener() {
    return listener;
  }

  /** Where the next field block goes; null if it is no head. */
  @Nullable ResponseHead expectedHead() {
    return response.isBegun() || listener == null ? null : response.head();
  }

  void onHeaders(ResponseBlock block, boolean ends) throws Http2Exception {
    if (tunnel != null) { // RFC 9113 section 8.5: nothing but DATA
      throw malformed("HEADERS where only DATA may be");
    }
    ResponseListener current = listener;
    if (current != null) {
      response.onHeaders(block, ends, current);
    }
  }

  /** Makes of a field block the head that answers this request; false if it is malformed. */
  boolean read(ResponseBlock block, ResponseHead head, boolean ends) {
    if (connect != null && WebSocketConnect.isGrantedBy(block)) {
      connect.grant(head);
      return true;
    }
    return ResponseGuard.check(block, head, toHead, ends);
  }

  /** A piece of the body; how many bytes of it were taken. */
  int onData(ByteBuf data, boolean ends) throws Http2Exception {
    if (tunnel != null) {
      connection.batch().touch(this);
      return tunnel.onData(data, ends);
    }
    ResponseListener current = listener;
    return current == null ? data.readableBytes() : response.onData(data, ends, current);
  }

  Http2Exception malformed(String what) {
    int id = stream == null ? 0 : stream.id();
    return Http2Exception.streamError(id, Http2Error.PROTOCOL_ERROR, "%s", what);
  }

  /** Some of the response was passed on: more is waited for, or that was all. */
  void onPassedOn() {
    connection.batch().touch(this);
    awaitResponse();
    finishIfDelivered();
  }

  void finishIfDelivered() {
    ResponseListener current = listener;
    if (current == null || !response.isDelivered()) {
      return;
    }
    listener = null;
    connection.timers().remove(this);
    Http2Stream done = stream;
    if (done != null && (!requestComplete || connection.writer().holdsBack(done))) {
      stop(Http2Error.NO_ERROR); // the rest of the request has nobody who wants it
    }
    connection.answered();
    current.onResponseEnd(response.trailers());
    connection.streams().giveBack(response.head());
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
   * @param unseen what follows where the backend said that it will never look at it, else {@link
   *     Repeat#NEVER}
   */
  void onClosed(Repeat unseen) {
    if (tunnel != null) {
      tunnel.onClosed();
      return;
    }
    if (response.isComplete() || listener == null) {
      return; // what came of it is still to be taken
    }
    Repeat again = refused ? Repeat.ALWAYS : unseen;
    if (again != Repeat.NEVER && !response.isBegun()) {
      fail(Failure.UPSTREAM_REFUSED, again);
    } else {
      boolean stale = connection.frames() == framesBefore;
      fail(Failure.UPSTREAM_RESET, stale ? Repeat.IF_IDEMPOTENT : Repeat.NEVER);
    }
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
