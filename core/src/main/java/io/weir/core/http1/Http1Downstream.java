package io.weir.core.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.weir.core.http.Closing;
import io.weir.core.http.DownstreamConnection;
import io.weir.core.http.Failure;
import io.weir.core.http.Fields;
import io.weir.core.http.HttpLimits;
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
 * One HTTP/1 connection of a client: reads requests one at a time, each of which is answered on its
 * {@link Http1DownstreamStream}. Confined to its loop.
 */
public final class Http1Downstream extends ChannelInboundHandlerAdapter
    implements DownstreamConnection {
  /*
   * At any time the connection is in one of these states:
   *
   *   idle       no reader: between two requests
   *   head       a reader, no exchange: a head is being read
   *   exchange   an exchange, whose request may still be arriving (body not complete)
   *   sending    the exchange is over, and the rest of its answer waits for the client
   *   discarding no exchange, body not complete: the rest of a small body is thrown away
   *   closing    the last response is on its way; what still arrives is thrown away
   *
   * Bytes that arrive before they are wanted (a pipelined request, a body whose backend is not yet
   * connected) wait in `waiting`. When much waits there, reading stops.
   *
   * No request begins while the client leaves its answers unread: else one who pipelines and never
   * reads would have any number of answers in memory.
   */

  private static final Logger LOG = LoggerFactory.getLogger(Http1Downstream.class);

  private final Http1Worker http;
  private final Worker worker;
  private final RequestHandler handler;
  private final Waiting waiting;
  private final Http1Output output = new Http1Output();
  private final ClientDeadline deadline;
  private final RequestBody body;
  private final Http1DownstreamStream stream;

  private @Nullable ChannelHandlerContext context;
  private @Nullable RequestHeadReader reader;
  private @Nullable RequestListener exchange;
  private long requestNanos;
  private long received;
  private boolean exchanging;

  /** The exchange is over, but not all of its answer could be written yet. */
  private boolean sending;

  private boolean consuming;
  private boolean closing;

  public Http1Downstream(Http1Worker http, RequestHandler handler) {
    this.http = http;
    this.worker = http.worker();
    this.handler = handler;
    this.waiting = new Waiting(worker.slowReaders(), this::onMemoryWanted);
    this.deadline = new ClientDeadline(this, handler, worker);
    this.body = new RequestBody(handler);
    this.stream = new Http1DownstreamStream(this, handler, body, deadline, output, worker.date());
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
    release();
    tellTraffic(); // what came for no request
  }

  private void release() {
    output.discard();
    waiting.release();
    if (reader != null && !exchanging) {
      http.heads().giveBack(reader);
      reader = null;
    }
  }

  @Override
  public boolean isNew() {
    return stream.isFirst();
  }

  /** Ends the connection as soon as it has no request; for a process that stops. */
  @Override
  public void drain() {
    if (reader == null && waiting.isEmpty() && !closing) {
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

  // Reading.

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    received += in.readableBytes();
    if (closing) {
      in.release();
      return;
    }
    consumeAndKeep(waiting.takeWith(in, ctx.alloc()));
  }

  private void consumeAndKeep(ByteBuf in) {
    boolean kept = false;
    consuming = true;
    try {
      consume(in);
      if (in.isReadable() && !closing) {
        waiting.keep(in);
        kept = true;
      }
    } finally {
      consuming = false;
      if (!kept) {
        in.release();
      }
    }
    regulate();
  }

  /**
   * Stops reading while much waits, or while another request could not begin; begins again when
   * neither is so.
   */
  private void regulate() {
    if (closing) {
      return; // whoever ends the connection, or took it over, says what is read
    }
    boolean reads = !waiting.isMuch() && (!body.isComplete() || stream.isWritable());
    ChannelConfig config = ctx().channel().config();
    if (config.isAutoRead() != reads) {
      config.setAutoRead(reads);
    }
  }

  private void consume(ByteBuf in) {
    while (!closing) {
      if (!body.isComplete()) {
        if (exchanging && !body.isWanted()) {
          return;
        }
        readBody(in);
        if (!body.isComplete()) {
          return;
        }
      } else if (exchanging || !in.isReadable() || !stream.isWritable() || !readHead(in)) {
        return;
      }
    }
  }

  private boolean readHead(ByteBuf in) {
    HttpLimits limits = handler.limits();
    RequestHeadReader current = reader;
    boolean first = current == null;
    if (current == null) {
      requestNanos = worker.clock().nanos();
      current = http.heads().take(limits);
      reader = current;
    }
    switch (current.read(in)) {
      case MORE -> {
        if (first) {
          deadline.awaitHead(requestNanos);
        }
        return false;
      }
      case REFUSED -> {
        refuse(current.refusal());
        return false;
      }
      case DONE -> {}
    }
    RequestHead head = current.head();
    Failure failure = http.guard().check(head, limits.maxBodyBytes());
    if (failure != null) {
      refuse(failure);
      return false;
    }
    begin(head, limits);
    return true;
  }

  private void begin(RequestHead head, HttpLimits limits) {
    deadline.clear();
    stream.begin(head);
    body.begin(head, limits);
    if (head.hasBody()) {
      deadline.beginBody(limits);
    }
    exchanging = true;
    RequestListener listener = handler.onHead(stream, head);
    exchange = exchanging && !sending ? listener : null;
  }

  private void readBody(ByteBuf in) {
    while (body.isWanted() || !exchanging) {
      ByteBuf piece = body.next(in);
      Failure failure = body.failure();
      if (failure != null) {
        failRequest(failure);
        return;
      }
      if (piece != null) {
        deliver(piece);
      }
      if (body.isEnded()) {
        endRequest();
        return;
      }
      if (piece == null) {
        deadline.awaitBody();
        return;
      }
    }
  }

  private void deliver(ByteBuf piece) {
    stream.bodyBegan();
    deadline.countBody(piece.readableBytes());
    RequestListener current = exchange;
    if (current != null) {
      current.onRequestBody(piece);
    } else {
      piece.release();
    }
  }

  private void endRequest() {
    Fields trailers = body.complete();
    deadline.clear();
    RequestListener current = exchange;
    if (current != null) {
      if (trailers != null) {
        ConnectionFields.removeNamed(requestHead().fields(), trailers);
      }
      current.onRequestEnd(trailers);
    } else {
      deadline.awaitClient();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    RequestListener current = exchange;
    if (current != null) {
      current.onRequestBatchEnd();
    }
    output.flush(ctx);
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
      unstall();
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
      regulate();
    } else {
      resume();
    }
  }

  /** The client reads again: back to what was waited for before. */
  private void unstall() {
    deadline.unstall();
    if (exchanging) {
      deadline.clear();
    } else if (reader != null) {
      deadline.awaitHead(requestNanos);
    } else {
      deadline.awaitClient();
    }
    if (!body.isComplete() && (body.isWanted() || !exchanging)) {
      deadline.awaitBody();
    }
  }

  // Refusing.

  private void refuse(Failure failure) {
    RequestHeadReader current = reader;
    if (current == null) {
      throw new IllegalStateException("no request to refuse");
    }
    exchanging = true;
    body.lose();
    handler.onRefused(stream, current.head(), failure);
  }

  /** The rest of the request cannot be had. */
  private void failRequest(Failure failure) {
    RequestListener current = exchange;
    if (current == null) {
      lingerAndClose();
      return;
    }
    stream.endAfterThis();
    current.onRequestFailure(failure);
  }

  /** Much waits here for nobody, and others need the room. */
  private void onMemoryWanted() {
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
    } else if (reader == null) {
      ctx().close(); // idle long enough
    } else if (!exchanging && body.isComplete()) {
      refuse(Failure.REQUEST_TIMEOUT);
    } else if (!body.isComplete() && !deadline.isStalled()) {
      failRequest(Failure.REQUEST_TIMEOUT);
    } else if (deadline.isStalled()) {
      abort(); // the client reads nothing
    }
  }

  // For the stream.

  long requestNanos() {
    return requestNanos;
  }

  RequestHead requestHead() {
    RequestHeadReader current = reader;
    if (current == null) {
      throw new IllegalStateException("no request");
    }
    return current.head();
  }

  /** Whether what is sent goes out when all that arrived was looked at. */
  boolean isConsuming() {
    return consuming;
  }

  /** It carries something else from now on. */
  TunnelEnd leaveHttp() {
    closing = true; // for HTTP
    deadline.end();
    ByteBuf early = waiting.take();
    if (early != null) {
      received -= early.readableBytes(); // the tunnel counts them
    }
    return Http1TunnelEnd.ofClient(ctx(), worker, early);
  }

  void readBody(boolean wanted) {
    if (body.isWanted() == wanted) {
      return;
    }
    body.want(wanted);
    if (wanted) {
      resume();
    } else {
      deadline.pauseBody();
    }
  }

  /** What waits, and what still comes, is for nobody. */
  void forgetRest() {
    waiting.forget();
  }

  /** Takes up what waits. */
  private void resume() {
    if (consuming || closing) {
      return;
    }
    ByteBuf bytes = waiting.take();
    if (bytes != null) {
      consumeAndKeep(bytes);
      RequestListener current = exchange;
      if (current != null) {
        current.onRequestBatchEnd();
      }
      output.flush(ctx());
      return;
    }
    if (!body.isComplete()) {
      deadline.awaitBody();
    }
    regulate();
  }

  void exchangeEnded() {
    exchange = null;
    sending = !closing && stream.hasRest();
    if (sending) {
      body.want(false);
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
    if (reader != null) {
      http.heads().giveBack(reader);
      reader = null;
    }
    if (closing) {
      return;
    }
    boolean unsaid = handler.isDraining() && waiting.isEmpty(); // began after the head was sent
    if (stream.isLast() || unsaid) {
      end();
      return;
    }
    if (body.isComplete()) {
      deadline.awaitClient();
    }
    resume();
  }

  private void tellTraffic() {
    handler.onTraffic(received, output.takeWritten());
    received = 0;
  }

  private void end() {
    boolean unread = !waiting.isEmpty() || !ctx().channel().config().isAutoRead();
    if (body.isComplete() && !unread) {
      closing = true;
      deadline.awaitClient();
      output.push(ctx());
      Closing.afterFlush(ctx().channel());
    } else {
      lingerAndClose();
    }
  }

  private void lingerAndClose() {
    closing = true;
    waiting.release();
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
