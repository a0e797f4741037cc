package io.weir.core.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.weir.core.http.BodyLength;
import io.weir.core.http.Failure;
import io.weir.core.http.Fields;
import io.weir.core.http.ForwardedFor;
import io.weir.core.http.PeerFault;
import io.weir.core.http.Repeat;
import io.weir.core.http.RequestHead;
import io.weir.core.http.ResponseListener;
import io.weir.core.http.TunnelEnd;
import io.weir.core.http.UpstreamStream;
import io.weir.core.upstream.Place;
import io.weir.core.upstream.PoolSettings;
import io.weir.core.upstream.UpstreamConnection;
import io.weir.core.upstream.WorkerBackend;
import io.weir.core.worker.Deadline;
import io.weir.core.worker.Worker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/1.1 connection to a backend: the stream of one request at a time, idle between them.
 * Confined to its loop.
 */
final class Http1Upstream extends ChannelInboundHandlerAdapter
    implements UpstreamConnection, UpstreamStream {
  private static final Logger LOG = LoggerFactory.getLogger(Http1Upstream.class);

  /** Room for what is added to a head: forwarding fields and framing. */
  private static final int ADDED_BYTES = 256;

  private final WorkerBackend home;
  private final Worker worker;
  private final Place place = new Place(this);
  private final ResponseReader response;
  private final Http1Output output = new Http1Output();

  /** Two deadlines, because each only ever moves to a later time: see the wheel. */
  private final Deadline responseDeadline = new ResponseDeadline();

  private final Deadline idleDeadline = new IdleDeadline();

  /** Of the last request: a reload can have changed them since the connection was made. */
  private PoolSettings settings;

  private @Nullable ChannelHandlerContext context;
  private @Nullable ResponseListener listener;
  private long responseNanos;
  private boolean upgraded;
  private boolean requestComplete;
  private boolean anyByte;

  /** Nobody takes more of the response for now. */
  private boolean paused;

  /** What of the request it had to take before more is sent, when its time began. */
  private long untaken;

  /** Whether the connection ended with an error, which no body ends with. */
  private boolean reset;

  private int served;

  Http1Upstream(WorkerBackend home, PoolSettings settings) {
    this.home = home;
    this.worker = home.worker();
    this.settings = settings;
    this.response = new ResponseReader(settings);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  private ChannelHandlerContext ctx() {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return ctx;
  }

  // The request.

  @Override
  public boolean hasRoom() {
    return listener == null;
  }

  @Override
  public Place place() {
    return place;
  }

  @Override
  public UpstreamStream begin(ResponseListener next, PoolSettings now, long silence) {
    home.use(place, false);
    listener = next;
    settings = now;
    responseNanos = silence > 0 ? silence : settings.responseNanos();
    requestComplete = false;
    anyByte = false;
    paused = false;
    untaken = 0;
    response.begin(now);
    worker.timers().clear(idleDeadline);
    return this;
  }

  @Override
  public void sendHead(RequestHead head, String target, ForwardedFor forwarded) {
    response.answers(head);
    output.bodyIsChunked(head.bodyLength() == BodyLength.CHUNKED);
    ByteBuf out = output.tail(ctx(), head.fields().length() + ADDED_BYTES);
    HeadWriter.request(head, target, forwarded, settings.via(), out);
  }

  @Override
  public void sendBody(ByteBuf data) {
    output.body(ctx(), data);
  }

  @Override
  public void sendEnd(@Nullable Fields trailers) {
    output.end(ctx(), trailers);
    requestComplete = true;
    awaitResponse();
  }

  @Override
  public TunnelEnd upgrade() {
    listener = null;
    upgraded = true;
    worker.timers().remove(responseDeadline);
    worker.timers().remove(idleDeadline);
    return Http1TunnelEnd.ofBackend(ctx(), worker);
  }

  @Override
  public void flush() {
    output.flush(ctx());
  }

  @Override
  public boolean isWritable() {
    return ctx().channel().isWritable();
  }

  @Override
  public void readResponse(boolean wanted) {
    ctx().channel().config().setAutoRead(wanted);
    paused = !wanted;
    if (!wanted) {
      worker.timers().clear(responseDeadline);
    } else if (requestComplete) {
      awaitResponse();
    } else {
      awaitTaking();
    }
  }

  private void awaitResponse() {
    if (!paused) {
      worker.timers().set(responseDeadline, worker.clock().nanos() + responseNanos);
    }
  }

  /** While the request goes on: it has as long to take what waits as to respond. */
  private void awaitTaking() {
    if (isWritable()) {
      worker.timers().clear(responseDeadline);
    } else {
      untaken = ctx().channel().bytesBeforeWritable();
      awaitResponse();
    }
  }

  /** Whether it took some of the request in its time, if not enough to be sent more. */
  private boolean takes() {
    return !isWritable() && ctx().channel().bytesBeforeWritable() < untaken;
  }

  @Override
  public void cancel() {
    listener = null;
    ctx().close();
  }

  @Override
  public void retire() {
    if (listener == null) {
      ctx().close();
    }
  }

  // The response.

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (listener == null) {
        ctx.close(); // bytes that nobody asked for: the next request must not take them
        return;
      }
      anyByte = true;
      read(in);
    } finally {
      in.release();
    }
  }

  private void read(ByteBuf in) {
    while (in.isReadable()) {
      ResponseListener current = listener;
      if (upgraded) {
        ctx().fireChannelRead(in.readRetainedSlice(in.readableBytes()));
        return;
      }
      if (current == null) {
        ctx().close();
        return;
      }
      switch (response.read(in, requestComplete, current)) {
        case MORE -> {}
        case DONE -> finish(!in.isReadable());
        case REFUSED -> {
          fail(Failure.UPSTREAM_PROTOCOL);
          return;
        }
      }
    }
    if (listener == null) {
      return;
    }
    if (requestComplete) {
      awaitResponse();
    } else {
      awaitTaking();
    }
  }

  /** The response is complete. */
  private void finish(boolean nothingBehind) {
    ResponseListener current = listener;
    if (current == null) {
      return; // whoever took its last piece wanted no more
    }
    listener = null;
    served++;
    worker.timers().clear(responseDeadline);
    Fields trailers = response.trailers();
    boolean reusable = response.isPersistent() && requestComplete && nothingBehind;
    if (reusable && home.keep(place, true, settings)) {
      worker.timers().set(idleDeadline, worker.clock().nanos() + settings.idleNanos());
      ctx().channel().config().setAutoRead(true);
    } else {
      ctx().close();
    }
    current.onResponseEnd(trailers);
  }

  private void fail(Failure failure) {
    ResponseListener current = listener;
    listener = null;
    boolean died = failure != Failure.UPSTREAM_TIMEOUT;
    boolean reusedAndSilent = served > 0 && !anyByte && died;
    ctx().close();
    if (current != null) {
      current.onResponseFailure(failure, reusedAndSilent ? Repeat.IF_IDEMPOTENT : Repeat.NEVER);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ResponseListener current = listener;
    if (current != null) {
      current.onResponseBatchEnd();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    ResponseListener current = listener;
    if (current == null) {
      return;
    }
    if (!requestComplete) {
      awaitTaking();
    }
    current.onUpstreamWritability(ctx.channel().isWritable());
  }

  // The end of the connection.

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    home.remove(place);
    worker.timers().remove(responseDeadline);
    worker.timers().remove(idleDeadline);
    output.discard();
    if (listener == null) {
      return;
    }
    if (response.endsWithConnection() && !reset) {
      finish(false);
    } else {
      fail(Failure.UPSTREAM_RESET);
    }
  }

  /** An end of the connection that TLS did not announce may be anybody's (RFC 9112 section 9.8). */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslCloseCompletionEvent end && !end.isSuccess()) {
      reset = true;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    reset = true;
    if (PeerFault.isTls(cause)) {
      home.backend().tlsFailed(cause);
      fail(Failure.UPSTREAM_TLS);
      return;
    }
    if (PeerFault.is(cause)) {
      return; // a failed read ends the connection; behind a failed write an answer may wait
    }
    LOG.error("bug: a connection to a backend failed", cause);
    fail(Failure.INTERNAL);
  }

  private final class ResponseDeadline extends Deadline {
    @Override
    protected void onDeadline(long now) {
      if (listener == null) {
        return;
      }
      if (takes()) {
        awaitTaking();
      } else {
        fail(Failure.UPSTREAM_TIMEOUT);
      }
    }
  }

  private final class IdleDeadline extends Deadline {
    @Override
    protected void onDeadline(long now) {
      if (listener == null) {
        ctx().close();
      }
    }
  }
}
