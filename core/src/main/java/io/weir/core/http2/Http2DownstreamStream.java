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
import io.weir.core.worker.SlowReader;
import org.jspecify.annotations.Nullable;

/** One stream of a client's connection: one request and where it is answered. For its loop. */
final class Http2DownstreamStream extends Deadline implements DownstreamStream, ReadBatch.Member {
  /*
   * The stream outlives its exchange: what was answered may wait for the client's window, and what
   * is left of the request is thrown away until the client has heard that it can stop (RFC 9113
   * section 8.1). The one deadline is for whatever is waited for:
   *
   *   a piece of the body      as its pace allows, then 408
   *   room in the window       idle from the last time that the client gave some, then reset
   *
   * A window that is shut is waited for only where something of an answer is behind it: else a client
   * could stop the time of its body with it, and who reads nothing of one stream would lose another.
   */

  private final Http2Downstream connection;
  private final Http2Stream stream;
  private final RequestHead head;
  private int held; // by its head and its trailers
  private final long requestNanos;
  private final boolean toHead;

  private @Nullable RequestListener exchange;
  private boolean exchanging = true;

  // The request.
  private final Http2RequestBody body;
  private boolean resetByClient;

  /** A CONNECT, of which HTTP/1 would say GET. */
  private boolean connects;

  // The response.
  private final Http2Answer answer;
  private @Nullable Http2Error error;

  /** Whether the deadline is for the client's window. */
  private boolean stalled;

  /** Its backend is not read on, since the window is shut. */
  private boolean moreWaits;

  private @Nullable Slow slow;

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
    this.toHead = head.method().equals(Method.HEAD);
    this.body = new Http2RequestBody(connection, this, stream);
    this.answer = new Http2Answer(connection.writer(), stream);
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
        error = Http2Error.PROTOCOL_ERROR;
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

  @Override
  public void holdsBack() {
    moreWaits = true;
  }

  /** Who hears of what comes; null when nobody wants it any more. */
  @Nullable RequestListener exchange() {
    return exchange;
  }

  /** Whether the deadline is for the client's window. */
  boolean isStalled() {
    return stalled;
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
    error = with;
    RequestListener current = exchange;
    if (current != null) {
      current.onRequestFailure(Failure.BAD_REQUEST);
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
    waitsForNobody();
    answer.drop();
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
    answer.drop();
    if (!isClosed()) {
      connection.writer().reset(stream, with);
    }
  }

  private boolean isClosed() {
    return stream.state() == Http2Stream.State.CLOSED || stream.isResetSent();
  }

  @Override
  protected void onDeadline(long now) {
    RequestListener current = exchange;
    if (current != null && stalled && !moreWaits && !connection.writer().holdsBack(stream)) {
      waitsForBody(); // the window was as large as what waited for it
    } else if (current == null || stalled) {
      error = Http2Error.CANCEL; // the client does not take what it asked for
      if (current == null) {
        reset(Http2Error.CANCEL);
      } else {
        current.onRequestFailure(Failure.CLIENT_CLOSED);
      }
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
    if (!isClosed()) {
      connection.writer().writeInterim(stream, interim);
    }
  }

  @Override
  public void sendHead(ResponseHead response) {
    if (isClosed()) {
      return;
    }
    body.answered();
    answer.head(response);
  }

  @Override
  public TunnelEnd upgrade(ResponseHead response) {
    connection.timers().clear(this);
    exchange = null;
    stalled = false; // a tunnel has a time of its own
    if (!isClosed()) {
      connection.writer().writeSwitched(stream, response);
    }
    Http2ClientTunnel end =
        new Http2ClientTunnel(connection, this, stream, body.handOver(), body.isComplete());
    tunnel = end;
    return end;
  }

  /** What its backend had to say was cut. */
  void cancel() {
    reset(error == null ? Http2Error.CANCEL : error);
  }

  /** Whether DATA can still be sent. */
  boolean takesData() {
    return !isClosed() && !answer.isEnded();
  }

  @Override
  public void sendBody(ByteBuf data) {
    if (!takesData()) {
      data.release();
      return;
    }
    body.responseGoesOn();
    answer.body(data);
  }

  @Override
  public void sendEnd(@Nullable Fields responseTrailers) {
    if (!takesData()) {
      return;
    }
    answer.end(responseTrailers);
  }

  /** Never: a head is handed to the codec at once, and its field block counts from then on. */
  @Override
  public boolean takeBack() {
    return false;
  }

  @Override
  public void sendLocal(LocalResponse response) {
    if (isClosed()) {
      return;
    }
    if (error != null) {
      reset(error);
      return;
    }
    answer.local(response, toHead);
  }

  @Override
  public void exchangeEnded() {
    exchanging = false;
    exchange = null;
    body.drop();
    holds(0);
    connection.exchangeEnded(head, answer.isEnded());
    if (isClosed()) {
      return;
    }
    stalled = true; // from now on there is only the client's window to wait for
    onProgress();
    if (!connection.writer().isWritable(stream)) {
      waitsForClient();
    }
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
    if (exchanging && tunnel == null && !isClosed() && isHeldBack()) {
      if (!stalled) {
        waitsForWindow(); // of one that never was open nobody tells that it closed
      }
      waitsForClient();
    }
    connection.writer().flushSoon();
  }

  @Override
  public boolean isWritable() {
    return !isClosed() && connection.writer().isWritable(stream);
  }

  void onWritability(boolean writable) {
    if (writable) {
      moreWaits = false;
      waitsForNobody();
    } else if (!isClosed()) {
      waitsForClient();
    }
    if (!exchanging) {
      onProgress();
      return;
    }
    if (tunnel != null) {
      tunnel.onWritability(writable);
      return;
    }
    boolean held = isHeldBack();
    if (stalled != held && !answer.isEnded()) {
      if (held) {
        waitsForWindow();
      } else {
        waitsForBody();
      }
    }
    RequestListener current = exchange;
    if (current != null) {
      current.onDownstreamWritability(writable);
    }
  }

  /** Whether some of the answer is behind a window that is shut, here or still at the backend. */
  private boolean isHeldBack() {
    return !connection.writer().isWritable(stream)
        && (moreWaits || connection.writer().holdsBack(stream));
  }

  private void waitsForWindow() {
    stalled = true;
    body.pause();
    onProgress();
  }

  private void waitsForBody() {
    stalled = false;
    connection.timers().clear(this);
    body.resume();
  }

  /** Of a window that never was open nobody tells that it closed. */
  void tunnelWrote() {
    if (!isWritable()) {
      waitsForClient();
    }
  }

  /** Only who leaves something here: one not answered yet may just share a socket that is full. */
  private void waitsForClient() {
    if (!connection.writer().holdsBack(stream)) {
      return;
    }
    if (slow == null) {
      slow = new Slow();
    }
    connection.slowReaders().add(slow);
  }

  private void waitsForNobody() {
    if (slow != null) {
      connection.slowReaders().remove(slow);
    }
  }

  /** The client takes nothing of this stream, whatever it does with the others. */
  private final class Slow extends SlowReader {
    @Override
    protected void cut() {
      boolean hasTaken = tunnel != null && !connection.writer().holdsBack(stream);
      if (!isClosed() && !hasTaken) {
        giveUp();
      }
    }
  }

  /** Ends, for the memory that it holds. */
  private void giveUp() {
    RequestListener current = exchange;
    boolean answered = current != null && error == null && isWritable() && !answer.isBegun();
    if (!answered) {
      error = Http2Error.ENHANCE_YOUR_CALM;
    }
    if (current != null) {
      current.onRequestFailure(Failure.OVERLOAD);
    } else if (tunnel == null || !tunnel.giveUp()) {
      connection.handler().onStreamRefused(Failure.OVERLOAD);
    }
    if (!answered && !isClosed()) { // it had only its client to wait for
      reset(Http2Error.ENHANCE_YOUR_CALM);
    }
  }

  /** The client gave room in its window: it does take what we send. */
  void onProgress() {
    if (stalled) {
      connection.timers().set(this, connection.in(connection.handler().limits().idleNanos()));
    }
  }

  @Override
  public void abort() {
    reset(error == null ? Http2Error.INTERNAL_ERROR : error);
  }

  @Override
  public void drop() {
    exchange = null;
    connection.abort();
  }
}
