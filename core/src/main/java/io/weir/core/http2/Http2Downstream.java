package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.weir.core.http.Closing;
import io.weir.core.http.DownstreamConnection;
import io.weir.core.http.Failure;
import io.weir.core.http.PeerFault;
import io.weir.core.http.RequestHandler;
import io.weir.core.http.RequestHead;
import io.weir.core.worker.Deadline;
import io.weir.core.worker.SlowReaders;
import io.weir.core.worker.TimerWheel;
import io.weir.core.worker.Worker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/2 connection of a client (RFC 9113): its life and its errors; the requests are {@link
 * Http2DownstreamStream}s. Confined to its loop.
 */
public final class Http2Downstream extends Http2ConnectionHandler implements DownstreamConnection {
  /*
   * The life of a connection:
   *
   *   preface     header: until its first request
   *   serving     streams open: each has its own deadline
   *   idle        no streams: idle, then GOAWAY
   *   draining    GOAWAY that names no stream, a PING, and when that came back the last stream's id;
   *               then closed with its last stream
   *   closing     GOAWAY is on its way; what still arrives is thrown away
   *
   * Beside that, a frame or a field block that has begun must end in time, and so must a socket
   * that takes nothing.
   */

  private static final Logger LOG = LoggerFactory.getLogger(Http2Downstream.class);

  /** How long a client has to read why its connection ends. */
  private static final long LINGER_NANOS = 2_000_000_000L;

  private final Http2Worker http;
  private final Worker worker;
  private final RequestHandler handler;
  private final Http2Codec codec;
  private final ReadBatch batch = new ReadBatch();
  private final ResponseWriter writer;
  private final Farewell farewell;
  private final FrameDeadline frame;
  private final UnreadAnswers unread = new UnreadAnswers(this);
  private final ClientStreams streams;
  private final Deadline life = new Life();
  private final Deadline stall = new Stall();

  private @Nullable ChannelHandlerContext context;
  private long received;
  private boolean closing;

  public Http2Downstream(Http2Worker http, RequestHandler handler) {
    this(http, handler, new Http2Codec(http, handler));
  }

  private Http2Downstream(Http2Worker http, RequestHandler handler, Http2Codec codec) {
    super(codec.decoder, codec.encoder, codec.settings, true);
    this.http = http;
    this.worker = http.worker();
    this.handler = handler;
    this.codec = codec;
    this.writer = new ResponseWriter(this, http, codec, batch);
    this.farewell = new Farewell(this, codec, writer);
    this.frame = new FrameDeadline(this, codec.gate, handler, worker);
    this.streams = new ClientStreams(this, http, handler, codec);
    codec.gate.waitsFor(unread);
    codec.decoder.frameListener(new RequestFrames(this));
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
            Http2Limits.CONNECTION_WINDOW - codec.decoder.flowController().initialWindowSize());
    worker.timers().set(life, in(handler.limits().headerNanos()));
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    stopReading();
    worker.timers().remove(life);
    frame.end();
    worker.timers().remove(stall);
    super.channelInactive(ctx);
    codec.block.release();
    tellTraffic(); // what was written behind the end of its exchange, and what came for none
  }

  ChannelHandlerContext ctx() {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return ctx;
  }

  /** The last stream has ended. */
  void onIdle() {
    if (closing) {
      return;
    }
    if (farewell.isWanted()) {
      leave();
    } else {
      worker.timers().set(life, in(handler.limits().idleNanos()));
    }
  }

  /** Says which request was the last, and closes. */
  private void leave() {
    farewell.nameLastStream();
    lingerAndClose();
  }

  @Override
  public boolean isNew() {
    return streams.areFirst();
  }

  @Override
  public void drain() {
    if (farewell.isBegun() || closing) {
      return;
    }
    if (streams.areNone()) {
      leave();
      return;
    }
    farewell.begin();
    worker.timers().set(life, in(Farewell.ROUND_TRIP_NANOS));
  }

  void onPingAnswered(long data) {
    farewell.onPingAnswered(data);
  }

  void onClientLeaves() {
    farewell.onClientLeaves();
    if (streams.areNone()) {
      leave();
    }
  }

  /** Whether all has been said: nothing may follow a GOAWAY that tells of an error. */
  boolean isClosing() {
    return closing;
  }

  private void stopReading() {
    closing = true;
    codec.gate.stop();
    unread.end();
  }

  /** All was said: waits for the client to close, since unread bytes would turn into a reset. */
  private void lingerAndClose() {
    stopReading();
    writer.flushNow();
    Closing.linger(ctx().channel());
    worker.timers().set(life, in(LINGER_NANOS));
  }

  @Override
  public void abort() {
    stopReading();
    Closing.reset(ctx().channel());
  }

  @Override
  public void cut(Failure why) {
    stopReading(); // and none of them is told anything
    streams.cut(why);
    abort();
  }

  private final class Life extends Deadline {
    @Override
    protected void onDeadline(long now) {
      if (closing) {
        Closing.atOnce(ctx().channel());
      } else if (streams.areNone()) {
        leave();
      } else if (farewell.isBegun()) {
        farewell.nameLastStream();
      }
    }
  }

  private final class Stall extends Deadline {
    @Override
    protected void onDeadline(long now) {
      cut(Failure.REQUEST_TIMEOUT); // the client reads nothing
    }
  }

  // Reading.

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    ByteBuf in = (ByteBuf) message;
    received += in.readableBytes();
    if (closing) {
      in.release();
      return;
    }
    batch.begin();
    super.channelRead(ctx, message);
    boolean begun = codec.gate.isInBlock() || actualReadableBytes() > 0;
    if (begun && !closing && !unread.isHolding()) {
      frame.awaitRest();
      tellOfPartOfBody();
    } else {
      frame.clear();
    }
  }

  /** A frame of a body may take longer than its stream's pace allows between two pieces. */
  private void tellOfPartOfBody() {
    if (codec.gate.isInData()) {
      Http2DownstreamStream request = streamOf(codec.connection.stream(codec.gate.dataStream()));
      if (request != null) {
        request.onPartOfData(codec.gate.dataBytes());
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    batch.end();
    boolean flushOwed = writer.takeFlushOwed();
    if (unread.isHolding()) {
      flush(ctx); // the codec's own would read on
      return;
    }
    if (codec.gate.takeOnlyBlocks() && !flushOwed) {
      discardSomeReadBytes(); // requests went on to backends: there is nothing to say yet
      return;
    }
    super.channelReadComplete(ctx);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
    if (ctx.channel().isWritable()) {
      worker.timers().clear(stall);
      unread.onWritable();
    } else {
      worker.timers().set(stall, in(handler.limits().idleNanos()));
    }
    super.channelWritabilityChanged(ctx);
  }

  @Nullable Http2DownstreamStream streamOf(@Nullable Http2Stream stream) {
    return streams.of(stream);
  }

  /** A request's head was read. */
  void begin(Http2Stream stream, FieldBlock block, boolean ends) throws Http2Exception {
    if (!farewell.isBegun()) {
      worker.timers().clear(life);
    }
    streams.begin(stream, block, ends);
  }

  // Errors.

  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException wrong) {
    if (outbound || closing) {
      return; // what was to be written to a stream that is gone
    }
    try {
      streams.onError(wrong, farewell.isBehind(wrong.streamId()));
    } catch (Http2Exception worse) {
      onConnectionError(ctx, false, worse, worse);
    }
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception wrong) {
    if (closing) {
      return;
    }
    if (wrong != null) {
      boolean flood = wrong.error() == Http2Error.ENHANCE_YOUR_CALM;
      end(
          wrong.error(),
          String.valueOf(wrong.getMessage()),
          flood ? Failure.FLOOD : Failure.BAD_REQUEST);
    } else {
      exceptionCaught(ctx, cause);
    }
  }

  /** A frame that had begun did not end in time. */
  void onSlowFrame() {
    if (!closing) {
      end(Http2Error.PROTOCOL_ERROR, "a frame took too long", Failure.REQUEST_TIMEOUT);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!PeerFault.is(cause)) {
      LOG.error("bug: a client connection failed", cause);
    }
    abort();
  }

  /** Ends the connection and says why; its requests are lost. */
  private void end(Http2Error error, String why, Failure failure) {
    handler.onConnectionRefused(failure);
    stopReading();
    farewell.because(error, why);
    streams.cut(Failure.CLIENT_CLOSED);
    ctx().flush();
    Closing.linger(ctx().channel());
    worker.timers().set(life, in(LINGER_NANOS));
  }

  // For the streams.

  /** What they are answered with goes here. */
  ResponseWriter writer() {
    return writer;
  }

  /** Where they say that they got something. */
  ReadBatch batch() {
    return batch;
  }

  RequestHandler handler() {
    return handler;
  }

  /** What their heads hold. */
  HeldHeads heads() {
    return streams.heads();
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

  /** At the end of a request, whose head may be used again. */
  void exchangeEnded(RequestHead head, boolean answered) {
    http.giveBack(head);
    if (answered) {
      codec.budget.earn(FloodBudget.EXCHANGE);
    }
    tellTraffic();
  }

  private void tellTraffic() {
    handler.onTraffic(received, codec.writer.takeWritten());
    received = 0;
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    if (closing) {
      ctx.flush();
    } else {
      super.flush(ctx);
    }
  }
}
