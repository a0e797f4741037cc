package io.weir.core.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.weir.core.http.BodyLength;
import io.weir.core.http.DownstreamStream;
import io.weir.core.http.Fields;
import io.weir.core.http.LocalResponse;
import io.weir.core.http.RequestHandler;
import io.weir.core.http.RequestHead;
import io.weir.core.http.ResponseHead;
import io.weir.core.http.TunnelEnd;
import io.weir.core.worker.HttpDate;
import org.jspecify.annotations.Nullable;

/**
 * Where the requests of one connection are answered, one after another: writes their responses, and
 * with each head what becomes of the connection. Confined to its loop.
 */
final class Http1DownstreamStream implements DownstreamStream {
  /** Room for a small body behind its head. */
  private static final int COPIED_AT_MOST = 4096;

  /** An answer of ours that is larger is not all in memory for a client that does not read it. */
  private static final int PIECE_BYTES = 64 * 1024;

  private final Http1Downstream connection;
  private final RequestReader reader;
  private final RequestHandler handler;
  private final RequestBody body;
  private final ClientDeadline deadline;
  private final Http1Output output;
  private final HttpDate date;
  private int served;
  private boolean last;

  /** An answer of ours that is sent in pieces, and how much of its body was. */
  private @Nullable LocalResponse rest;

  private int restAt;

  /** Where the next request would begin is not certain: the client may or may not send a body. */
  private boolean goesNoFurther;

  Http1DownstreamStream(
      Http1Downstream connection,
      RequestReader reader,
      RequestHandler handler,
      ClientDeadline deadline,
      Http1Output output,
      HttpDate date) {
    this.connection = connection;
    this.reader = reader;
    this.handler = handler;
    this.body = reader.body();
    this.deadline = deadline;
    this.output = output;
    this.date = date;
  }

  // The request.

  /** A request begins. */
  void begin(RequestHead request) {
    served++;
    goesNoFurther = request.expectsContinue();
  }

  /** Whether no request has begun yet. */
  boolean isFirst() {
    return served == 0;
  }

  /** The client sends the body, so that it is certain where it ends. */
  void bodyBegan() {
    goesNoFurther = false;
  }

  @Override
  public long requestNanos() {
    return reader.requestNanos();
  }

  @Override
  public void readBody(boolean wanted) {
    reader.wantBody(wanted);
  }

  @Override
  public void forgetRest(boolean forOthers) {
    goesNoFurther = true;
    reader.forgetRest();
  }

  @Override
  public void holdsBack() {
    // The connection has told its deadline of that.
  }

  // The response.

  private ChannelHandlerContext ctx() {
    return connection.ctx();
  }

  /** A 1xx, which a client of HTTP/1.0 would not understand (RFC 9110 section 15.2). */
  @Override
  public void sendInterim(ResponseHead head) {
    if (reader.head().minorVersion() == 0) {
      return;
    }
    if (head.status() == 100) {
      goesNoFurther = false;
    }
    ByteBuf out = output.tail(ctx(), head.fields().length());
    HeadWriter.response(head, false, ConnectionOption.SILENT, date.line(), out);
  }

  @Override
  public void sendHead(ResponseHead head) {
    if (!body.isComplete()) {
      deadline.bodyIsAnswered();
    }
    RequestHead request = reader.head();
    long length = head.bodyLength();
    boolean unknownLength = length == BodyLength.CHUNKED || length == BodyLength.UNTIL_CLOSE;
    boolean chunked = unknownLength && request.minorVersion() > 0;
    last = (unknownLength && !chunked) || !mayGoOn(request);
    output.headBegins();
    int estimate = head.fields().length() + Math.clamp(length, 0, COPIED_AT_MOST);
    HeadWriter.response(head, chunked, option(request), date.line(), output.tail(ctx(), estimate));
    output.bodyIsChunked(chunked);
  }

  @Override
  public void sendBody(ByteBuf data) {
    if (!body.isComplete()) {
      deadline.responseGoesOn();
    }
    output.body(ctx(), data);
  }

  @Override
  public void sendEnd(@Nullable Fields trailers) {
    output.end(ctx(), trailers);
  }

  @Override
  public boolean sendLocal(LocalResponse response) {
    RequestHead request = reader.head();
    last = !mayGoOn(request);
    int length = response.bodyLength();
    ByteBuf out = output.tail(ctx(), response.lines().length + Math.min(length, PIECE_BYTES));
    if (!HeadWriter.local(response, request.method(), option(request), date.line(), out)) {
      return true;
    }
    if (length <= PIECE_BYTES) {
      response.writeBody(out);
    } else {
      rest = response;
      restAt = 0;
    }
    return true;
  }

  /** Whether an answer of ours was begun that {@link #sendRest} goes on with. */
  boolean hasRest() {
    return rest != null;
  }

  /** Sends what is left while the client takes it; whether that was all. */
  boolean sendRest() {
    LocalResponse current = rest;
    if (current == null) {
      return true;
    }
    int length = current.bodyLength();
    while (restAt < length && isWritable()) {
      int piece = Math.min(PIECE_BYTES, length - restAt);
      current.writeBody(output.tail(ctx(), piece), restAt, piece);
      output.push(ctx());
      restAt += piece;
    }
    if (restAt < length) {
      return false;
    }
    rest = null;
    return true;
  }

  /** A 101: the last that is HTTP. */
  @Override
  public TunnelEnd upgrade(ResponseHead head) {
    ByteBuf out = output.tail(ctx(), head.fields().length());
    HeadWriter.response(head, false, ConnectionOption.SILENT, date.line(), out);
    last = true;
    output.flush(ctx());
    return connection.leaveHttp();
  }

  @Override
  public boolean takeBack() {
    return output.takeBack();
  }

  @Override
  public void flush() {
    if (!reader.isConsuming()) {
      output.flush(ctx());
    }
  }

  @Override
  public boolean isWritable() {
    return ctx().channel().isWritable();
  }

  @Override
  public boolean isGone() {
    return connection.isClosing();
  }

  // What becomes of the connection.

  /** Whether the response that was begun is the connection's last. */
  boolean isLast() {
    return last;
  }

  /** Whether another request can follow: nobody minds, and the rest of this one is small. */
  private boolean mayGoOn(RequestHead request) {
    return request.persistent()
        && body.isNearlyComplete()
        && !goesNoFurther
        && !handler.isDraining()
        && served < handler.limits().maxRequests();
  }

  private ConnectionOption option(RequestHead request) {
    if (last) {
      return ConnectionOption.ENDS;
    }
    return request.minorVersion() == 0 ? ConnectionOption.STAYS : ConnectionOption.SILENT;
  }

  @Override
  public void endAfterThis() {
    goesNoFurther = true;
  }

  @Override
  public void exchangeEnded() {
    connection.exchangeEnded();
  }

  @Override
  public void abort() {
    connection.abort();
  }

  @Override
  public void drop() {
    connection.abort();
  }
}
