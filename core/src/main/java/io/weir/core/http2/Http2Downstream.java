package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection.PropertyKey;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.weir.core.http.Closing;
import io.weir.core.http.DownstreamConnection;
import io.weir.core.http.Failure;
import io.weir.core.http.Fields;
import io.weir.core.http.LocalResponse;
import io.weir.core.http.PeerFault;
import io.weir.core.http.RequestHandler;
import io.weir.core.http.RequestHead;
import io.weir.core.http.ResponseHead;
import io.weir.core.worker.Deadline;
import io.weir.core.worker.SlowReaders;
import io.weir.core.worker.TimerWheel;
import io.weir.core.worker.Worker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/2 connection of a client (RFC 9113): its life, its deadlines and its errors; the
 * requests are {@link Http2DownstreamStream}s. Confined to its loop.
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

  /** The way of a GOAWAY to the client and of the requests that crossed it. */
  private static final long DRAIN_ROUND_TRIP_NANOS = 1_000_000_000L;

  /** What our PING says that follows a GOAWAY. */
  private static final long DRAIN_PING = 0x77656972_64726e01L;

  private static final int MOST_DEBUG_BYTES = 128;

  private final Http2Worker http;
  private final Worker worker;
  private final RequestHandler handler;
  private final Http2Codec codec;
  private final HeadEncoder heads;
  private final PropertyKey key;
  private final Deadline life = new Life();
  private final Deadline frame = new FrameDeadline();
  private final Deadline stall = new Stall();
  private final Runnable flushTask = this::flushNow;

  /** Streams that got something since the last batch ended. */
  private final List<Http2DownstreamStream> touched = new ArrayList<>();

  private @Nullable ChannelHandlerContext context;
  private long received;
  private long framesSeen;
  private int served;
  private boolean reading;
  private boolean flushOwed;
  private boolean flushScheduled;
  private boolean awaitingFrame;
  private boolean draining;
  private boolean lastStreamNamed;
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
    this.heads = new HeadEncoder(worker.date());
    this.key = codec.connection.newKey();
    codec.decoder.frameListener(new RequestFrames(this));
    codec.encoder.flowController().listener(this::writabilityChanged);
    codec.connection.addListener(
        new Http2ConnectionAdapter() {
          @Override
          public void onStreamClosed(Http2Stream stream) {
            streamClosed(stream);
          }
        });
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
    closing = true;
    codec.gate.stop();
    worker.timers().remove(life);
    worker.timers().remove(frame);
    worker.timers().remove(stall);
    super.channelInactive(ctx);
    codec.block.release();
  }

  private ChannelHandlerContext ctx() {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return ctx;
  }

  /** The last stream has ended. */
  private void onIdle() {
    if (closing) {
      return;
    }
    if (draining) {
      leave();
    } else {
      worker.timers().set(life, in(handler.limits().idleNanos()));
    }
  }

  /** Says which request was the last, and closes. */
  private void leave() {
    nameLastStream();
    lingerAndClose();
  }

  @Override
  public void drain() {
    if (draining || closing) {
      return;
    }
    draining = true;
    if (codec.connection.numActiveStreams() == 0) {
      leave();
      return;
    }
    goAway(Integer.MAX_VALUE); // what is on its way will still be served
    codec.encoder.writePing(ctx(), false, DRAIN_PING, ctx().newPromise());
    worker.timers().set(life, in(DRAIN_ROUND_TRIP_NANOS));
    flushSoon();
  }

  void onPingAnswered(long data) {
    if (data == DRAIN_PING && draining) {
      nameLastStream();
    }
  }

  void onClientLeaves() {
    draining = true;
    if (codec.connection.numActiveStreams() == 0) {
      leave();
    }
  }

  private void nameLastStream() {
    if (!lastStreamNamed) {
      lastStreamNamed = true;
      goAway(codec.connection.remote().lastStreamCreated());
    }
  }

  private void goAway(int lastStream) {
    goAway(
        ctx(), lastStream, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx().newPromise());
    flushSoon();
  }

  /** All was said: waits for the client to close, since unread bytes would turn into a reset. */
  private void lingerAndClose() {
    closing = true;
    codec.gate.stop();
    flushNow();
    Closing.linger(ctx().channel());
    worker.timers().set(life, in(LINGER_NANOS));
  }

  @Override
  public void abort() {
    closing = true;
    codec.gate.stop();
    Closing.reset(ctx().channel());
  }

  @Override
  public void cut() {
    cutStreams(Failure.OVERLOAD);
    abort();
  }

  private final class Life extends Deadline {
    @Override
    protected void onDeadline(long now) {
      if (closing) {
        ctx().close();
      } else if (codec.connection.numActiveStreams() == 0) {
        leave();
      } else if (draining) {
        nameLastStream();
      }
    }
  }

  private final class FrameDeadline extends Deadline {
    @Override
    protected void onDeadline(long now) {
      awaitingFrame = false;
      if (!closing) {
        end(Http2Error.PROTOCOL_ERROR, "a frame took too long", Failure.REQUEST_TIMEOUT);
      }
    }
  }

  private final class Stall extends Deadline {
    @Override
    protected void onDeadline(long now) {
      abort(); // the client reads nothing
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
    reading = true;
    super.channelRead(ctx, message);
    awaitFrame();
  }

  /** A frame that has begun must end; one of a body only has to go on. */
  private void awaitFrame() {
    boolean incomplete = codec.gate.isInBlock() || actualReadableBytes() > 0;
    if (!incomplete || closing) {
      if (awaitingFrame) {
        awaitingFrame = false;
        worker.timers().clear(frame);
      }
      return;
    }
    boolean progress = codec.gate.frames() != framesSeen && !codec.gate.isInBlock();
    framesSeen = codec.gate.frames();
    if (codec.gate.isInData()) {
      worker.timers().set(frame, in(handler.limits().bodyIdleNanos()));
    } else if (progress || !awaitingFrame) {
      worker.timers().set(frame, in(handler.limits().headerNanos()));
    }
    awaitingFrame = true;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    reading = false; // what happens from here on is no part of this batch
    for (int i = 0; i < touched.size(); i++) {
      touched.get(i).onBatchEnd();
    }
    touched.clear();
    if (codec.gate.takeOnlyBlocks() && !flushOwed) {
      discardSomeReadBytes(); // requests went on to backends: there is nothing to say yet
      return;
    }
    flushOwed = false;
    super.channelReadComplete(ctx);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
    if (ctx.channel().isWritable()) {
      worker.timers().clear(stall);
    } else {
      worker.timers().set(stall, in(handler.limits().idleNanos()));
    }
    super.channelWritabilityChanged(ctx);
  }

  @Nullable Http2DownstreamStream streamOf(@Nullable Http2Stream stream) {
    return stream == null ? null : stream.getProperty(key);
  }

  /** A request's head was read. */
  void begin(Http2Stream stream, FieldBlock block, boolean ends) throws Http2Exception {
    if (!draining) {
      worker.timers().clear(life);
    }
    if (codec.connection.remote().numActiveStreams() > Http2Limits.STREAMS) {
      codec.gate.spend(FloodBudget.RESET);
      reset(stream, Http2Error.REFUSED_STREAM);
      return;
    }
    served++;
    RequestHead head = block.takeHead();
    RequestGuard guard = http.guard();
    RequestGuard.Verdict verdict = guard.check(block, head, ends, handler.limits());
    if (codec.gate.dependsOnItself(stream.id())) {
      verdict = RequestGuard.Verdict.MALFORMED;
    }
    if (verdict == RequestGuard.Verdict.MALFORMED) {
      codec.gate.spend(FloodBudget.RESET);
    }
    Http2DownstreamStream request =
        new Http2DownstreamStream(this, stream, head, worker.clock().nanos());
    stream.setProperty(key, request);
    request.begin(verdict, guard.failure(), ends);
    touch(request);
    if (served >= handler.limits().maxRequests() || handler.isDraining()) {
      drain();
    }
  }

  /** The stream's listener is told of the end of this batch of frames. */
  void touch(Http2DownstreamStream stream) {
    if (!reading) {
      stream.onBatchEnd();
    } else if (touched.isEmpty() || touched.getLast() != stream) {
      touched.add(stream);
    }
  }

  private void streamClosed(Http2Stream stream) {
    Http2DownstreamStream request = streamOf(stream);
    if (request != null) {
      codec.closed.add(stream.id(), request.way());
      request.onClosed(Failure.CLIENT_CLOSED);
    } else {
      codec.closed.add(stream.id(), ClosedStreams.Way.RESET_BY_US);
    }
    if (codec.connection.numActiveStreams() == 0) {
      onIdle();
    }
  }

  private void writabilityChanged(Http2Stream stream) {
    Http2DownstreamStream request = streamOf(stream);
    if (request != null) {
      request.onWritability(isWritable(stream));
    }
  }

  // Errors.

  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException wrong) {
    int id = wrong.streamId();
    Http2Stream stream = codec.connection.stream(id);
    if (outbound || closing) {
      return; // what was to be written to a stream that is gone
    }
    if (stream == null && isBehindGoAway(id)) {
      return; // the client knows that it is not served (RFC 9113 section 6.8)
    }
    if (stream == null && !codec.connection.streamMayHaveExisted(id)) {
      end(wrong.error(), String.valueOf(wrong.getMessage()), Failure.BAD_REQUEST);
      return;
    }
    if (stream == null && codec.closed.of(id) == ClosedStreams.Way.RESET_BY_US) {
      return; // the client sent it before it knew
    }
    try {
      codec.gate.spend(FloodBudget.RESET);
    } catch (Http2Exception calm) {
      onConnectionError(ctx, false, calm, calm);
      return;
    }
    Http2DownstreamStream request = streamOf(stream);
    if (request != null) {
      request.fail(wrong.error());
    } else {
      resetStream(ctx, id, wrong.error().code(), ctx.newPromise());
      flushSoon();
    }
  }

  private boolean isBehindGoAway(int id) {
    return lastStreamNamed && id > codec.connection.remote().lastStreamKnownByPeer();
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
    closing = true;
    codec.gate.stop();
    ByteBuf debug =
        Unpooled.copiedBuffer(
            why.substring(0, Math.min(why.length(), MOST_DEBUG_BYTES)), StandardCharsets.UTF_8);
    int last = codec.connection.remote().lastStreamCreated();
    codec.writer.writeGoAway(ctx(), last, error.code(), debug, ctx().newPromise());
    cutStreams(Failure.CLIENT_CLOSED);
    ctx().flush();
    Closing.linger(ctx().channel());
    worker.timers().set(life, in(LINGER_NANOS));
  }

  private void cutStreams(Failure why) {
    try {
      codec.connection.forEachActiveStream(stream -> {
        Http2DownstreamStream request = streamOf(stream);
        if (request != null) {
          request.onClosed(why);
        }
        return true;
      });
    } catch (Http2Exception e) {
      throw new IllegalStateException(e); // nothing in there throws one
    }
  }

  // Writing, for the streams.

  RequestHandler handler() {
    return handler;
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

  boolean isWritable(Http2Stream stream) {
    return codec.encoder.flowController().isWritable(stream);
  }

  /** Whether some of the answer waits for the client. */
  boolean holdsBack(Http2Stream stream) {
    return codec.encoder.flowController().hasFlowControlled(stream);
  }

  /**
   * The bytes were taken, and the client may send as many more. Where a client sent more than it
   * may, the codec has given back some of them itself.
   */
  void consumed(Http2Stream stream, int bytes) {
    try {
      int held = codec.decoder.flowController().unconsumedBytes(stream);
      if (codec.decoder.flowController().consumeBytes(stream, Math.min(bytes, held))) {
        flushSoon();
      }
    } catch (Http2Exception e) {
      onError(ctx(), false, e);
    }
  }

  void writeInterim(Http2Stream stream, ResponseHead interim) {
    ByteBuf block = http.scratch();
    heads.response(interim, block);
    writeBlock(stream, new EncodedBlock(block, true), false);
  }

  ChannelFuture writeHead(Http2Stream stream, ResponseHead response, boolean ends) {
    ByteBuf block = http.scratch();
    heads.response(response, block);
    return writeBlock(stream, new EncodedBlock(block, false), ends);
  }

  /** The answer to a CONNECT that leaves HTTP (RFC 8441 section 5). */
  void writeSwitched(Http2Stream stream, ResponseHead response) {
    ByteBuf block = http.scratch();
    heads.switched(response, block);
    writeBlock(stream, new EncodedBlock(block, false), false);
  }

  ChannelFuture writeLocal(Http2Stream stream, LocalResponse response, boolean ends) {
    ByteBuf block = http.scratch();
    heads.local(response, block);
    return writeBlock(stream, new EncodedBlock(block, false), ends);
  }

  /** Trailers may wait behind the body: their block is not shared. */
  ChannelFuture writeTrailers(Http2Stream stream, Fields trailers) {
    ByteBuf block = Unpooled.buffer();
    heads.trailers(trailers, block);
    return writeBlock(stream, new EncodedBlock(block, false), true);
  }

  private ChannelFuture writeBlock(Http2Stream stream, EncodedBlock block, boolean ends) {
    return codec.encoder.writeHeaders(ctx(), stream.id(), block, 0, ends, ctx().newPromise());
  }

  ChannelFuture writeData(Http2Stream stream, ByteBuf data, boolean ends) {
    codec.budget.earn(FloodBudget.DATA_SENT);
    return codec.encoder.writeData(ctx(), stream.id(), data, 0, ends, ctx().newPromise());
  }

  void reset(Http2Stream stream, Http2Error error) {
    resetStream(ctx(), stream.id(), error.code(), ctx().newPromise());
    flushSoon();
  }

  /** At the end of a request, whose head may be used again. */
  void exchangeEnded(RequestHead head, boolean answered) {
    http.giveBack(head);
    if (answered) {
      codec.budget.earn(FloodBudget.EXCHANGE);
    }
    handler.onTraffic(received, codec.writer.takeWritten());
    received = 0;
  }

  /**
   * Lets what was written go out, once for all streams that have something: their backends' answers
   * arrive in the same turn of the loop.
   */
  void flushSoon() {
    if (reading) {
      flushOwed = true;
    } else if (!flushScheduled) {
      flushScheduled = true;
      ctx().executor().execute(flushTask);
    }
  }

  private void flushNow() {
    flushScheduled = false;
    flush(ctx());
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
