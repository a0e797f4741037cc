package io.weir.core.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.weir.core.http.BodyPace;
import io.weir.core.http.Closing;
import io.weir.core.http.DownstreamConnection;
import io.weir.core.http.DownstreamStream;
import io.weir.core.http.Failure;
import io.weir.core.http.Fields;
import io.weir.core.http.HttpLimits;
import io.weir.core.http.LocalResponse;
import io.weir.core.http.PeerFault;
import io.weir.core.http.RequestHandler;
import io.weir.core.http.RequestHead;
import io.weir.core.http.RequestListener;
import io.weir.core.http.ResponseHead;
import io.weir.core.http.TunnelEnd;
import io.weir.core.worker.Deadline;
import io.weir.core.worker.Worker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/1 connection of a client: reads requests one at a time, and is the stream on which each
 * is answered. Confined to its loop.
 */
public final class Http1Downstream extends ChannelInboundHandlerAdapter
    implements DownstreamStream, DownstreamConnection {
  /*
   * At any time the connection is in one of these states:
   *
   *   idle       no reader: between two requests
   *   head       a reader, no exchange: a head is being read
   *   exchange   an exchange, whose request may still be arriving (requestComplete)
   *   discarding no exchange, request not complete: the rest of a small body is thrown away
   *   closing    the last response is on its way; what still arrives is thrown away
   *
   * Bytes that arrive before they are wanted (a pipelined request, a body whose backend is not yet
   * connected) wait in `waiting`. When much waits there, reading stops.
   */

  private static final Logger LOG = LoggerFactory.getLogger(Http1Downstream.class);

  /** A request refused early may leave this much of its body to be thrown away. */
  private static final int DISCARDED_BYTES = 64 * 1024;

  /** How long a client has to read the answer to a request that it is still sending. */
  private static final long LINGER_NANOS = 2_000_000_000L;

  private final Http1Worker http;
  private final Worker worker;
  private final RequestHandler handler;
  private final Waiting waiting = new Waiting();
  private final Http1Output output = new Http1Output();
  private final Http1Responses responses;
  private final Deadline deadline = new DownstreamDeadline();
  private final BodyPace pace = new BodyPace();

  private @Nullable ChannelHandlerContext context;
  private @Nullable RequestHeadReader reader;
  private @Nullable RequestListener exchange;
  private @Nullable BodyReader body;
  private long requestNanos;
  private long received;
  private int served;
  private boolean exchanging;
  private boolean requestComplete = true;
  private boolean bodyWanted;

  /** Where the next request would begin is not certain: the client may or may not send a body. */
  private boolean goesNoFurther;

  private boolean consuming;
  private boolean closing;
  private boolean stalled;

  public Http1Downstream(Http1Worker http, RequestHandler handler) {
    this.http = http;
    this.worker = http.worker();
    this.handler = handler;
    this.responses = new Http1Responses(output, worker.date());
  }

  // Life of the connection.

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    long now = worker.clock().nanos();
    worker.timers().set(deadline, now + handler.limits().headerNanos());
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    closing = true;
    worker.timers().remove(deadline);
    RequestListener current = exchange;
    if (current != null) {
      current.onRequestFailure(Failure.CLIENT_CLOSED);
    }
    release();
  }

  private void release() {
    output.discard();
    waiting.release();
    if (reader != null && !exchanging) {
      http.heads().giveBack(reader);
      reader = null;
    }
  }

  /** Ends the connection as soon as it has no request; for a process that stops. */
  @Override
  public void drain() {
    if (reader == null && !closing) {
      closing = true;
      ctx().close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!PeerFault.is(cause)) {
      LOG.error("bug: a client connection failed", cause);
    }
    abort();
  }

  private ChannelHandlerContext ctx() {
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

  /** Stops reading while much waits; begins again when it no longer does. */
  private void regulate() {
    boolean reads = !waiting.isMuch();
    ChannelConfig config = ctx().channel().config();
    if (config.isAutoRead() != reads) {
      config.setAutoRead(reads);
    }
  }

  private void consume(ByteBuf in) {
    while (!closing) {
      if (!requestComplete) {
        if (exchanging && !bodyWanted) {
          return;
        }
        readBody(in);
        if (!requestComplete) {
          return;
        }
      } else if (exchanging || !in.isReadable() || !readHead(in)) {
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
          worker.timers().set(deadline, requestNanos + limits.headerNanos());
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
    worker.timers().clear(deadline);
    served++;
    requestComplete = !head.hasBody();
    goesNoFurther = head.expectsContinue();
    bodyWanted = false;
    if (!requestComplete) {
      if (body == null) {
        body = new BodyReader(limits.maxHeadBytes(), limits.maxFields());
      }
      body.begin(head.bodyLength());
      pace.begin(limits);
    }
    exchanging = true;
    RequestListener listener = handler.onHead(this, head);
    exchange = exchanging ? listener : null;
  }

  private void readBody(ByteBuf in) {
    BodyReader current = body;
    if (current == null) {
      throw new IllegalStateException("no body");
    }
    while (bodyWanted || !exchanging) {
      ByteBuf piece = current.next(in);
      if (current.isMalformed()) {
        failRequest(current.refusal());
        return;
      }
      if (current.announced() > handler.limits().maxBodyBytes()) {
        if (piece != null) {
          piece.release();
        }
        failRequest(Failure.BODY_TOO_LARGE);
        return;
      }
      if (piece != null) {
        deliver(piece);
      }
      if (current.isEnded()) {
        endRequest(current.trailers());
        return;
      }
      if (piece == null) {
        awaitBody();
        return;
      }
    }
  }

  private void deliver(ByteBuf piece) {
    goesNoFurther = false;
    pace.count(piece.readableBytes());
    RequestListener current = exchange;
    if (current != null) {
      current.onRequestBody(piece);
    } else {
      piece.release();
    }
  }

  private void awaitBody() {
    if (stalled) {
      return; // first the client must read
    }
    worker.timers().set(deadline, pace.due(worker.clock().nanos()));
  }

  private void endRequest(@Nullable Fields trailers) {
    requestComplete = true;
    worker.timers().clear(deadline);
    RequestListener current = exchange;
    if (current != null) {
      current.onRequestEnd(trailers);
    } else {
      awaitClient();
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
    stalled = !writable;
    if (stalled) {
      pace.pause(worker.clock().nanos());
      awaitClient();
    } else if (exchanging) {
      worker.timers().clear(deadline);
    }
    if (writable && !requestComplete && (bodyWanted || !exchanging)) {
      awaitBody();
    }
    RequestListener current = exchange;
    if (current != null) {
      current.onDownstreamWritability(writable);
    }
  }

  // Refusing.

  private void refuse(Failure failure) {
    RequestHeadReader current = reader;
    if (current == null) {
      throw new IllegalStateException("no request to refuse");
    }
    exchanging = true;
    requestComplete = false; // where it ends is not known
    body = null;
    handler.onRefused(this, current.head(), failure);
  }

  /** The rest of the request cannot be had. */
  private void failRequest(Failure failure) {
    RequestListener current = exchange;
    if (current == null) {
      lingerAndClose();
      return;
    }
    endAfterThis();
    current.onRequestFailure(failure);
  }

  /** One deadline for whatever is waited for. */
  private final class DownstreamDeadline extends Deadline {
    @Override
    protected void onDeadline(long now) {
      if (closing || reader == null) {
        ctx().close(); // idle long enough, or lingered long enough
      } else if (!exchanging && requestComplete) {
        refuse(Failure.REQUEST_TIMEOUT);
      } else if (!requestComplete && !stalled) {
        failRequest(Failure.REQUEST_TIMEOUT);
      } else if (stalled) {
        abort(); // the client reads nothing
      }
    }
  }

  // The stream of the exchange.

  @Override
  public long requestNanos() {
    return requestNanos;
  }

  @Override
  public void sendInterim(ResponseHead head) {
    RequestHead request = requestHead();
    if (head.status() == 100 && request.minorVersion() > 0) {
      goesNoFurther = false;
    }
    responses.interim(ctx(), request, head);
  }

  @Override
  public void sendHead(ResponseHead head) {
    RequestHead request = requestHead();
    if (!requestComplete) {
      pace.responds(worker.clock().nanos(), handler.limits().bodyIdleNanos());
    }
    responses.begin(ctx(), request, head, mayGoOn(request));
  }

  @Override
  public TunnelEnd upgrade(ResponseHead head) {
    responses.upgrade(ctx(), head);
    output.flush(ctx());
    closing = true; // for HTTP
    worker.timers().remove(deadline);
    return Http1TunnelEnd.inPlaceOf(ctx(), worker, waiting.take());
  }

  @Override
  public void sendBody(ByteBuf data) {
    output.body(ctx(), data);
  }

  @Override
  public void sendEnd(@Nullable Fields trailers) {
    output.end(ctx(), trailers);
  }

  @Override
  public void sendLocal(LocalResponse response) {
    RequestHead request = requestHead();
    responses.local(ctx(), request, response, mayGoOn(request));
  }

  /** Whether another request can follow: nobody minds, and the rest of this one is small. */
  private boolean mayGoOn(RequestHead request) {
    boolean restIsSmall = requestComplete || (body != null && body.missing() <= DISCARDED_BYTES);
    return request.persistent()
        && restIsSmall
        && !goesNoFurther
        && !handler.isDraining()
        && served < handler.limits().maxRequests();
  }

  @Override
  public boolean takeBack() {
    return output.takeBack();
  }

  @Override
  public void endAfterThis() {
    goesNoFurther = true;
  }

  @Override
  public void flush() {
    if (!consuming) {
      output.flush(ctx());
    }
  }

  @Override
  public boolean isWritable() {
    return ctx().channel().isWritable();
  }

  @Override
  public void readBody(boolean wanted) {
    if (bodyWanted == wanted) {
      return;
    }
    bodyWanted = wanted;
    if (!wanted) {
      pace.pause(worker.clock().nanos());
      worker.timers().clear(deadline);
      return;
    }
    resume();
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
    } else if (!requestComplete) {
      awaitBody();
      regulate();
    }
  }

  @Override
  public void exchangeEnded() {
    exchanging = false;
    exchange = null;
    output.push(ctx());
    handler.onTraffic(received, output.takeWritten());
    received = 0;
    if (reader != null) {
      http.heads().giveBack(reader);
      reader = null;
    }
    if (closing) {
      return;
    }
    if (responses.isLast()) {
      end();
      return;
    }
    if (requestComplete) {
      awaitClient();
    }
    resume();
  }

  /** It sends another request, or reads what it was sent. */
  private void awaitClient() {
    worker.timers().set(deadline, worker.clock().nanos() + handler.limits().idleNanos());
  }

  private void end() {
    if (requestComplete && waiting.isEmpty()) {
      closing = true;
      awaitClient();
      output.push(ctx());
      Closing.afterFlush(ctx().channel());
    } else {
      lingerAndClose();
    }
  }

  private void lingerAndClose() {
    closing = true;
    output.push(ctx());
    Closing.linger(ctx().channel());
    worker.timers().set(deadline, worker.clock().nanos() + LINGER_NANOS);
  }

  @Override
  public void abort() {
    closing = true;
    output.discard();
    Closing.reset(ctx().channel());
  }

  @Override
  public void cut() {
    RequestListener current = exchange;
    if (current != null && !closing) { // else it carries something else by now
      current.onRequestFailure(Failure.OVERLOAD);
    }
    abort();
  }

  private RequestHead requestHead() {
    RequestHeadReader current = reader;
    if (current == null) {
      throw new IllegalStateException("no request");
    }
    return current.head();
  }
}
