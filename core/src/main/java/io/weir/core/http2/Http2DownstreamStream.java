package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.weir.core.http.DownstreamStream;
import io.weir.core.http.Failure;
import io.weir.core.http.Fields;
import io.weir.core.http.LocalResponse;
import io.weir.core.http.Method;
import io.weir.core.http.RequestHead;
import io.weir.core.http.RequestListener;
import io.weir.core.http.ResponseHead;
import io.weir.core.http.TunnelEnd;
import io.weir.core.worker.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a client's connection, which carries one request: between the exchange on one side,
 * and its {@link Http2RequestBody} and {@link Http2Answer} on the other. For its loop.
 */
final class Http2DownstreamStream extends Deadline implements DownstreamStream, ReadBatch.Member {
  /*
   * The stream outlives its exchange: what was answered may wait for the client's window, and what
   * is left of the request is thrown away until the client has heard that it can stop (RFC 9113
   * section 8.1). The one deadline is for whatever is waited for:
   *
   *   a piece of the body      as its pace allows, then 408
   *   room in the window       idle from the last time that the client gave some, then reset
   */

  private final Http2Downstream connection;
  private final Http2Stream stream;
  private final RequestHead head;
  private int held; // by its head and its trailers
  private final long requestNanos;

  private @Nullable RequestListener exchange;
  private boolean exchanging = true;

  private final Http2RequestBody body;
  private final Http2Answer answer;
  private boolean resetByClient;

  /** A CONNECT, of which HTTP/1 would say GET. */
  private boolean connects;

  /** What the stream is once it has left HTTP. */
  private @Nullable Http2ClientTunnel tunnel;

  /**
   * A request that just came.
   *
   * @param held what was taken of {@link HeldHeads} for it
   */
  Http2DownstreamStream(
      Http2Downstream connection,
      Http2Stream stream,
      RequestHead head,
      int held,
      long requestNanos) {
    this.connection = connection;
    this.stream = stream;
    this.head = head;
    this.held = held;
    this.requestNanos = requestNanos;
    this.body = new Http2RequestBody(connection, this, stream);
    this.answer = new Http2Answer(connection, this, stream, head.method().equals(Method.HEAD));
  }

  // The request.

  /**
   * Its head came.
   *
   * @param ends whether nothing follows it
   */
  void begin(RequestGuard.Verdict verdict, Failure failure, boolean ends) {
    body.complete(ends);
    switch (verdict) {
      case MALFORMED -> {
        answer.failsWith(Http2Error.PROTOCOL_ERROR);
        connection.handler().onRefused(this, head, Failure.BAD_REQUEST);
      }
      case REFUSED -> connection.handler().onRefused(this, head, failure);
      case FINE -> {
        connects = head.isWebSocket();
        body.begin(head);
        RequestListener listener = connection.handler().onHead(this, head);
        exchange = exchanging ? listener : null;
        if (exchanging) {
          holds(head.footprint()); // with what we add to it
        }
      }
    }
  }

  private void holds(int bytes) {
    connection.heads().add(bytes - held);
    held = bytes;
  }

  /** A piece of its body; how many bytes of it were taken. */
  int onData(ByteBuf data, boolean ends) throws Http2Exception {
    if (tunnel == null) {
      return body.onData(data, ends);
    }
    body.complete(ends);
    connection.batch().touch(this);
    return tunnel.onData(data, ends);
  }

  /** So much has come of a frame of its body that is not complete. */
  void onPartOfData(int bytes) {
    if (tunnel == null) {
      body.onPartOfFrame(bytes);
    }
  }

  void onTrailers(Fields fields) throws Http2Exception {
    if (connects) { // section 8.5: nothing but DATA
      throw Http2Exception.streamError(
          stream.id(), Http2Error.PROTOCOL_ERROR, "HEADERS where only DATA may be");
    }
    if (exchange != null) {
      int bytes = fields.footprint();
      if (!connection.heads().take(bytes)) {
        giveUp();
        return;
      }
      held += bytes;
    }
    body.onTrailers(fields);
  }

  @Override
  public void readBody(boolean wanted) {
    body.read(wanted);
  }

  @Override
  public void forgetRest(boolean forOthers) {
    body.forget(forOthers);
  }

  /** Who hears of what comes; null when nobody wants it any more. */
  @Nullable RequestListener exchange() {
    return exchange;
  }

  /** Whether the deadline is for the client's window. */
  boolean isStalled() {
    return answer.isStalled();
  }

  @Override
  public void onBatchEnd() {
    if (tunnel != null) {
      tunnel.onBatchEnd();
      return;
    }
    RequestListener current = exchange;
    if (current != null) {
      current.onRequestBatchEnd();
    }
  }

  // How it can end early.

  /** The client breaks a rule on this stream. */
  void fail(Http2Error with) {
    fail(with, Failure.BAD_REQUEST);
  }

  private void fail(Http2Error with, Failure failure) {
    answer.failsWith(with);
    RequestListener current = exchange;
    if (current != null) {
      current.onRequestFailure(failure);
    } else {
      reset(with);
    }
  }

  void onReset() {
    resetByClient = true;
  }

  /** The stream is closed, for whatever reason. */
  void onClosed(Failure why) {
    connection.timers().remove(this);
    answer.onClosed();
    if (tunnel != null) {
      tunnel.onClosed();
      return;
    }
    body.drop();
    RequestListener current = exchange;
    exchange = null;
    if (current != null) {
      current.onRequestFailure(why);
    }
  }

  ClosedStreams.Way way() {
    if (stream.isResetSent()) {
      return ClosedStreams.Way.RESET_BY_US;
    }
    return resetByClient ? ClosedStreams.Way.RESET_BY_CLIENT : ClosedStreams.Way.COMPLETE;
  }

  private void reset(Http2Error with) {
    exchange = null;
    answer.reset(with);
  }

  @Override
  protected void onDeadline(long now) {
    RequestListener current = exchange;
    if (current != null && answer.isStalled() && !answer.isWaiting()) {
      waitsForWindow(false); // the window was as large as what waited for it
    } else if (current == null || answer.isStalled()) {
      fail(Http2Error.CANCEL, Failure.REQUEST_TIMEOUT); // it does not take what it asked for
    } else if (body.isAwaited()) {
      current.onRequestFailure(Failure.REQUEST_TIMEOUT);
    }
  }

  // The response.

  @Override
  public long requestNanos() {
    return requestNanos;
  }

  @Override
  public void sendInterim(ResponseHead interim) {
    answer.interim(interim);
  }

  @Override
  public void sendHead(ResponseHead response) {
    if (!answer.isClosed()) {
      body.answered();
      answer.head(response);
    }
  }

  @Override
  public TunnelEnd upgrade(ResponseHead response) {
    exchange = null;
    answer.unstall(); // a tunnel has a time of its own
    answer.switched(response);
    Http2ClientTunnel end =
        new Http2ClientTunnel(connection, answer, stream, body.handOver(), body.isComplete());
    tunnel = end;
    return end;
  }

  @Override
  public void sendBody(ByteBuf data) {
    if (!answer.takesData()) {
      data.release();
      return;
    }
    body.responseGoesOn();
    answer.body(data);
  }

  @Override
  public void sendEnd(@Nullable Fields responseTrailers) {
    answer.end(responseTrailers);
  }

  /** Never: a head is handed to the codec at once, and its field block counts from then on. */
  @Override
  public boolean takeBack() {
    return false;
  }

  @Override
  public boolean sendLocal(LocalResponse response) {
    if (answer.isFailed()) {
      abort();
      return false;
    }
    answer.local(response);
    return true;
  }

  @Override
  public void exchangeEnded() {
    exchanging = false;
    exchange = null;
    body.drop();
    holds(0);
    connection.exchangeEnded(head, answer.isEnded());
    if (answer.isClosed()) {
      return;
    }
    answer.stall(); // from now on there is only the client's window to wait for
    answer.watch();
    ChannelFuture last = answer.end();
    if (last != null && !body.isComplete()) {
      last.addListener(sent -> stopRequest());
    }
  }

  /** The response is complete and the request is not: nobody wants the rest (section 8.1). */
  private void stopRequest() {
    if (!body.isComplete()) {
      reset(Http2Error.NO_ERROR);
    }
  }

  @Override
  public void endAfterThis() {
    // Another stream is another matter: how this request ended says nothing about the connection.
  }

  @Override
  public void flush() {
    answer.push();
    if (exchanging && tunnel == null && !answer.isClosed() && answer.isHeldBack()) {
      waitsForWindow(true); // of one that never was open nobody tells that it closed
      answer.watch();
    }
    connection.writer().flushSoon();
  }

  @Override
  public void holdsBack() {
    answer.holdsBack();
  }

  @Override
  public boolean isWritable() {
    return answer.isWritable();
  }

  @Override
  public boolean isGone() {
    return answer.isClosed();
  }

  void onWritability(boolean writable) {
    answer.onWritability(writable);
    if (!exchanging) {
      answer.onRoom();
      return;
    }
    if (tunnel != null) {
      tunnel.onWritability(writable);
      return;
    }
    if (!answer.isEnded()) {
      waitsForWindow(answer.isHeldBack());
    }
    RequestListener current = exchange;
    if (current != null) {
      current.onDownstreamWritability(writable);
    }
  }

  /** The client gave room in its window. */
  void onRoom() {
    answer.onRoom();
  }

  /** The client is to make room in its window next, or not, and then to send its body. */
  private void waitsForWindow(boolean shut) {
    if (shut == answer.isStalled()) {
      return;
    }
    if (shut) {
      body.pause();
      answer.stall();
    } else {
      answer.unstall();
      body.resume();
    }
  }

  /** Its client takes nothing, and others need the memory. */
  void onMemoryWanted() {
    boolean hasTaken = tunnel != null && !answer.isUnsent();
    if (!hasTaken) {
      giveUp();
    }
  }

  /** Ends, for the memory that it holds. */
  private void giveUp() {
    RequestListener current = exchange;
    boolean answered = current != null && answer.canBeOurs();
    if (!answered) {
      answer.failsWith(Http2Error.ENHANCE_YOUR_CALM);
    }
    if (current != null) {
      current.onRequestFailure(Failure.OVERLOAD);
    } else if (tunnel == null || !tunnel.giveUp()) {
      connection.handler().onStreamRefused(Failure.OVERLOAD);
    }
    if (!answered && !answer.isClosed()) { // it had only its client to wait for
      reset(Http2Error.ENHANCE_YOUR_CALM);
    }
  }

  @Override
  public void abort() {
    exchange = null;
    if (answer.isSent() && body.isComplete()) {
      flush(); // closed as soon as its last frame leaves (RFC 9113 section 5.1)
      return;
    }
    answer.cut();
  }

  @Override
  public void drop() {
    exchange = null;
    connection.cut(Failure.DROPPED);
  }
}
