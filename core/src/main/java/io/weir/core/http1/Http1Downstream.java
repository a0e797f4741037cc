package io.weir.core.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.weir.core.http.Closing;
import io.weir.core.http.DownstreamConnection;
import io.weir.core.http.Failure;
import io.weir.core.http.Fields;
import io.weir.core.http.PeerFault;
import io.weir.core.http.RequestHandler;
import io.weir.core.http.RequestHead;
import io.weir.core.http.RequestListener;
import io.weir.core.http.TunnelEnd;
import io.weir.core.worker.Worker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/1 connection of a client: its {@link RequestReader} reads requests one at a time, each
 * of which is answered on its {@link Http1DownstreamStream}. Confined to its loop.
 */
public final class Http1Downstream extends ChannelInboundHandlerAdapter
    implements DownstreamConnection {
  /*
   * At any time the connection is in one of these states:
   *
   *   idle       no request has begun: between two of them
   *   head       one has begun, no exchange: its head is being read
   *   exchange   an exchange, whose request may still be arriving (body not complete)
   *   sending    the exchange is over, and the rest of its answer waits for the client
   *   discarding no exchange, body not complete: the rest of a small body is thrown away
   *   closing    the last response is on its way; what still arrives is thrown away
   */

  private static final Logger LOG = LoggerFactory.getLogger(Http1Downstream.class);

  private final Worker worker;
  private final RequestHandler handler;
  private final Http1Output output = new Http1Output();
  private final ClientDeadline deadline;
  private final RequestReader reader;
  private final Http1DownstreamStream stream;

  private @Nullable ChannelHandlerContext context;
  private @Nullable RequestListener exchange;
  private long received;
  private boolean exchanging;

  /** The exchange is over, but not all of its answer could be written yet. */
  private boolean sending;

  private boolean closing;

  public Http1Downstream(Http1Worker http, RequestHandler handler) {
    this.worker = http.worker();
    this.handler = handler;
    this.deadline = new ClientDeadline(this, handler, worker);
    this.reader = new RequestReader(this, http, handler, deadline);
    this.stream = new Http1DownstreamStream(this, reader, handler, deadline, output, worker.date());
  }

  // Life of the connection.

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    deadline.awaitHead(worker.clock().nanos());
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    closing = true;
    deadline.end();
    RequestListener current = exchange;
    if (current != null) {
      current.onRequestFailure(Failure.CLIENT_CLOSED);
    } else if (sending) {
      answered();
    }
    output.discard();
    reader.release();
    tellTraffic(); // what came for no request
  }

  @Override
  public boolean isNew() {
    return stream.isFirst();
  }

  /** Ends the connection as soon as it has no request; for a process that stops. */
  @Override
  public void drain() {
    if (reader.isIdle() && !closing) {
      end();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!PeerFault.is(cause)) {
      LOG.error("bug: a client connection failed", cause);
    }
    abort();
  }

  ChannelHandlerContext ctx() {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return ctx;
  }

  /** Whether it reads no more requests. */
  boolean isClosing() {
    return closing;
  }

  // The requests.

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    received += in.readableBytes();
    if (closing) {
      in.release();
    } else {
      reader.read(in);
    }
  }

  /** Whether a request was read, or refused, that is not answered yet. */
  boolean isExchanging() {
    return exchanging;
  }

  /** A request begins: its head was read, and its body follows if it has one. */
  void onRequest(RequestHead head) {
    stream.begin(head);
    exchanging = true;
    RequestListener listener = handler.onHead(stream, head);
    exchange = exchanging && !sending ? listener : null;
  }

  /** What came is no request, or none that may be; its head says as much as was read of it. */
  void onRefused(RequestHead head, Failure failure) {
    exchanging = true;
    handler.onRefused(stream, head, failure);
  }

  /** A piece of the body, of a request that may be over; consumes {@code piece}. */
  void onRequestBody(ByteBuf piece) {
    stream.bodyBegan();
    RequestListener current = exchange;
    if (current != null) {
      current.onRequestBody(piece);
    } else {
      piece.release();
    }
  }

  void onRequestEnd(@Nullable Fields trailers) {
    RequestListener current = exchange;
    if (current != null) {
      current.onRequestEnd(trailers);
    } else {
      deadline.awaitClient();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    endBatch();
  }

  /** All that arrived together was looked at. */
  void endBatch() {
    RequestListener current = exchange;
    if (current != null) {
      current.onRequestBatchEnd();
    }
    output.flush(ctx());
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (closing) {
      return;
    }
    boolean writable = ctx.channel().isWritable();
    if (!writable) {
      deadline.stall();
    } else if (deadline.isStalled()) {
      deadline.unstall();
      reader.awaitAgain();
    }
    RequestListener current = exchange;
    if (current != null) {
      current.onDownstreamWritability(writable);
    }
    if (!writable) {
      return;
    }
    if (sending) {
      sendOn();
    } else if (exchanging) {
      reader.regulate();
    } else {
      reader.resume();
    }
  }

  // What goes wrong.

  /** The rest of the request cannot be had. */
  void failRequest(Failure failure) {
    RequestListener current = exchange;
    if (current == null) {
      lingerAndClose();
      return;
    }
    stream.endAfterThis();
    current.onRequestFailure(failure);
  }

  /** Much waits here for nobody, and others need the room. */
  void onMemoryWanted() {
    if (exchange == null) { // it waits behind an answer that the client does not read, or slowly
      handler.onConnectionRefused(Failure.OVERLOAD);
      abort();
    } else {
      failRequest(Failure.OVERLOAD);
    }
  }

  /** The client did not do in time what was waited for. */
  void onLateClient() {
    if (closing) {
      Closing.atOnce(ctx().channel()); // lingered long enough
    } else if (!reader.hasBegun()) {
      ctx().close(); // idle long enough
    } else if (!exchanging && reader.body().isComplete()) {
      reader.refuse(Failure.REQUEST_TIMEOUT);
    } else if (!reader.body().isComplete() && !deadline.isStalled()) {
      failRequest(Failure.REQUEST_TIMEOUT);
    } else if (deadline.isStalled()) {
      cut(Failure.REQUEST_TIMEOUT); // the client reads nothing
    }
  }

  // The end of an exchange.

  /** It carries something else from now on. */
  TunnelEnd leaveHttp() {
    closing = true; // for HTTP
    deadline.end();
    ByteBuf early = reader.takeWaiting();
    if (early != null) {
      received -= early.readableBytes(); // the tunnel counts them
    }
    return Http1TunnelEnd.ofClient(ctx(), worker, early);
  }

  void exchangeEnded() {
    exchange = null;
    sending = !closing && stream.hasRest();
    if (sending) {
      reader.body().want(false);
      sendOn();
    } else {
      answered();
    }
  }

  /** Sends more of an answer whose exchange is over, as much as the client takes. */
  private void sendOn() {
    boolean all = stream.sendRest();
    sending = !all;
    stream.flush();
    if (all) {
      answered();
    }
  }

  private void answered() {
    exchanging = false;
    output.push(ctx());
    tellTraffic();
    reader.end();
    if (closing) {
      return;
    }
    boolean unsaid = handler.isDraining() && reader.isIdle(); // began after the head was sent
    if (stream.isLast() || unsaid) {
      end();
      return;
    }
    if (reader.body().isComplete()) {
      deadline.awaitClient();
    }
    reader.resume();
  }

  private void tellTraffic() {
    handler.onTraffic(received, output.takeWritten());
    received = 0;
  }

  // The end of the connection.

  private void end() {
    if (!reader.hasReadAll()) {
      lingerAndClose();
      return;
    }
    closing = true;
    deadline.awaitClient();
    output.push(ctx());
    Closing.afterFlush(ctx().channel());
  }

  private void lingerAndClose() {
    closing = true;
    reader.release();
    deadline.awaitClient();
    output.push(ctx());
    Closing.linger(ctx().channel(), deadline::awaitClose);
  }

  @Override
  public void abort() {
    closing = true;
    output.discard();
    Closing.reset(ctx().channel());
  }

  @Override
  public void cut(Failure why) {
    RequestListener current = exchange;
    if (current != null && !closing) { // else it carries something else by now
      closing = true; // no request follows, should it just have begun to read
      current.onRequestFailure(why);
    }
    abort();
  }
}
