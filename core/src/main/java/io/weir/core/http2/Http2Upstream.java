package io.weir.core.http2;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.weir.core.http.Failure;
import io.weir.core.http.PeerFault;
import io.weir.core.http.Repeat;
import io.weir.core.http.ResponseListener;
import io.weir.core.http.UpstreamStream;
import io.weir.core.upstream.Place;
import io.weir.core.upstream.PoolSettings;
import io.weir.core.upstream.UpstreamConnection;
import io.weir.core.upstream.UpstreamProtocol.Opening;
import io.weir.core.upstream.WorkerBackend;
import io.weir.core.worker.Deadline;
import io.weir.core.worker.SlowReaders;
import io.weir.core.worker.TimerWheel;
import io.weir.core.worker.Worker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/2 connection to a backend (RFC 9113): its life and its errors; the requests are {@link
 * Http2UpstreamStream}s. Confined to its loop.
 */
final class Http2Upstream extends Http2ConnectionHandler implements UpstreamConnection {
  /*
   *   opening    until the backend's SETTINGS came: no request is sent before, so none is lost to a
   *              backend that speaks something else, or takes fewer streams than one would think
   *   open       takes requests while it has room
   *   suspect    a response did not come in time: takes none until a PING came back
   *   leaving    GOAWAY came, or nobody wants it any more: closes with its last stream
   *   closed
   */

  private static final Logger LOG = LoggerFactory.getLogger(Http2Upstream.class);

  private final WorkerBackend home;
  private final Worker worker;
  private final Opening opening;
  private final UpstreamCodec codec;
  private final RequestWriter writer;
  private final Place place = new Place(this);
  private final BackendStreams streams;
  private final Deadline idle = new Idle();
  private final Liveness liveness;
  private final ReadBatch batch = new ReadBatch();

  /** Of the last request: a reload can have changed them since the connection was made. */
  private PoolSettings settings;

  private @Nullable ChannelHandlerContext context;
  private boolean open;
  private boolean takesWebSockets;
  private boolean leaving;
  private boolean closed;

  static Http2Upstream open(WorkerBackend home, PoolSettings settings, Opening opening) {
    return new Http2Upstream(home, settings, opening, new UpstreamCodec(home.worker(), settings));
  }

  private Http2Upstream(
      WorkerBackend home, PoolSettings settings, Opening opening, UpstreamCodec codec) {
    super(codec.decoder, codec.encoder, codec.settings, true);
    this.home = home;
    this.worker = home.worker();
    this.settings = settings;
    this.opening = opening;
    this.codec = codec;
    this.writer =
        new RequestWriter(
            this,
            codec,
            new RequestEncoder(settings.tls() != null, home.backend().authority()),
            batch);
    this.streams = new BackendStreams(this, codec);
    this.liveness = new Liveness(this, codec, worker, settings.connectMillis() * 1_000_000L);
    codec.decoder.frameListener(new ResponseFrames(this, codec));
    codec.encoder.flowController().listener(streams::onWritability);
    codec.connection.addListener(streams);
  }

  // Life of the connection.

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    super.handlerAdded(ctx);
    codec
        .decoder
        .flowController()
        .incrementWindowSize(
            codec.connection.connectionStream(),
            UpstreamCodec.CONNECTION_WINDOW - codec.decoder.flowController().initialWindowSize());
    writer.flushNow();
  }

  ChannelHandlerContext ctx() {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return ctx;
  }

  /** Whether the backend says that its streams can be WebSockets. */
  boolean takesWebSockets() {
    return takesWebSockets;
  }

  /** The backend's settings came, the first or others. */
  void onSettings(Http2Settings settings) throws Http2Exception {
    Boolean webSockets = settings.connectProtocolEnabled();
    if (webSockets != null) {
      if (takesWebSockets && !webSockets) { // RFC 8441 section 3
        throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "CONNECT taken back");
      }
      takesWebSockets = webSockets;
    }
    if (!open) {
      open = true;
      opening.onOpen();
    }
    offer();
  }

  @Override
  public boolean hasRoom() {
    return open && !leaving && !liveness.isDoubted() && streams.haveRoom();
  }

  @Override
  public Place place() {
    return place;
  }

  @Override
  public UpstreamStream begin(ResponseListener listener, PoolSettings now, long responseNanos) {
    settings = now;
    long silence = responseNanos > 0 ? responseNanos : now.responseNanos();
    Http2UpstreamStream request = streams.begin(listener, now.via(), silence);
    worker.timers().clear(idle);
    home.use(place, hasRoom());
    return request;
  }

  /** Says to its backend's list what it can take now; ends if that is nothing for ever. */
  void offer() {
    if (closed) {
      return;
    }
    boolean kept = hasRoom() && home.keep(place, streams.areNone(), settings);
    if (!kept) {
      home.remove(place);
    }
    if (!streams.areNone()) {
      return;
    }
    if (kept) {
      worker.timers().set(idle, in(settings.idleNanos()));
    } else if (!liveness.isDoubted()) {
      leave();
    }
  }

  @Override
  public void retire() {
    leaving = true;
    if (streams.areNone()) {
      leave();
    }
  }

  /** Nothing is under way: says so and closes. */
  private void leave() {
    if (closed) {
      return;
    }
    leaving = true;
    closed = true;
    codec.gate.stop();
    goAway(ctx(), 0, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx().newPromise());
    ctx().flush();
    // Not now: where the last stream ended in the midst of a write, GOAWAY would be lost.
    ctx().executor().execute(ctx()::close);
  }

  /** GOAWAY came: it takes no request any more. */
  void onGoAway() {
    leaving = true;
    home.remove(place);
  }

  /** GOAWAY came, and those streams are closed that it says were not looked at. */
  void onIdleGoAway() {
    if (streams.areNone()) {
      leave();
    }
  }

  /** A response is late: is it the backend's answer or the connection? */
  void suspect() {
    if (!liveness.isDoubted() && !closed) {
      home.remove(place);
      liveness.doubt();
    }
  }

  void onPingAnswered() {
    if (liveness.isDoubted()) {
      liveness.confirm();
      offer();
    }
  }

  /** The backend did not say in time that it is there. */
  void onDead() {
    failAll(Failure.UPSTREAM_TIMEOUT);
    ctx().close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    boolean neverOpen = !open;
    open = true;
    closed = true;
    leaving = true;
    codec.gate.stop();
    home.remove(place);
    worker.timers().remove(idle);
    liveness.end();
    super.channelInactive(ctx); // closes the streams
    if (neverOpen) {
      opening.onNeverOpen(Failure.UPSTREAM_RESET);
    }
  }

  private final class Idle extends Deadline {
    @Override
    protected void onDeadline(long now) {
      if (streams.areNone()) {
        home.remove(place);
        leave();
      }
    }
  }

  // Reading.

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    batch.begin();
    super.channelRead(ctx, message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    batch.end();
    super.channelReadComplete(ctx);
  }

  // Errors.

  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException wrong) {
    if (outbound || closed) {
      return; // what was to be written to a stream that is gone
    }
    Http2UpstreamStream request = codec.streamOf(codec.connection.stream(wrong.streamId()));
    if (request != null) {
      request.fail(Failure.UPSTREAM_PROTOCOL, Repeat.NEVER);
      return;
    }
    if (codec.unwanted.take(codec.gate.frameBytes())) {
      return; // sent before it knew that nobody wants it
    }
    try {
      codec.gate.spend(FloodBudget.IDLE_FRAME);
    } catch (Http2Exception calm) {
      onConnectionError(ctx, false, calm, calm);
    }
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception wrong) {
    if (wrong == null) {
      exceptionCaught(ctx, cause);
    } else {
      end(wrong.error());
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (PeerFault.isTls(cause)) {
      home.backend().tlsFailed(cause);
      end(Failure.UPSTREAM_TLS, Failure.UPSTREAM_TLS);
      return;
    }
    if (PeerFault.is(cause)) {
      return; // a failed read ends the connection; behind a failed write an answer may wait
    }
    LOG.error("bug: a connection to a backend failed", cause);
    failAll(Failure.INTERNAL);
    ctx.close();
  }

  /** The backend breaks the rules of the connection: nothing that it says is believed any more. */
  private void end(Http2Error error) {
    if (closed) {
      return;
    }
    codec.writer.writeGoAway(ctx(), 0, error.code(), Unpooled.EMPTY_BUFFER, ctx().newPromise());
    ctx().flush();
    end(Failure.UPSTREAM_PROTOCOL, Failure.NOT_HTTP2);
  }

  /** Every request fails, and if it had not begun to speak, the attempt to connect. */
  private void end(Failure failure, Failure ofOpening) {
    if (closed) {
      return;
    }
    boolean neverOpen = !open;
    open = true;
    failAll(failure);
    ctx().flush();
    ctx().close();
    if (neverOpen) {
      opening.onNeverOpen(ofOpening);
    }
  }

  private void failAll(Failure failure) {
    closed = true;
    leaving = true;
    codec.gate.stop();
    home.remove(place);
    streams.fail(failure);
  }

  // For the streams.

  BackendStreams streams() {
    return streams;
  }

  /** What they send goes here. */
  RequestWriter writer() {
    return writer;
  }

  /** Where they say that they got something. */
  ReadBatch batch() {
    return batch;
  }

  boolean isClosed() {
    return closed;
  }

  /** Frames so far. */
  long frames() {
    return codec.gate.frames();
  }

  TimerWheel timers() {
    return worker.timers();
  }

  SlowReaders slowReaders() {
    return worker.slowReaders();
  }

  ByteBufAllocator allocator() {
    return ctx().alloc();
  }

  /** The time that is so many nanoseconds from now. */
  long in(long nanos) {
    return worker.clock().nanos() + nanos;
  }

  /** A response is complete: work that was asked for. */
  void answered() {
    codec.budget.earn(FloodBudget.EXCHANGE);
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    if (closed) {
      ctx.flush();
    } else {
      super.flush(ctx);
    }
  }
}
