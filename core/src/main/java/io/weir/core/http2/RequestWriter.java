package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.weir.core.http.Fields;
import io.weir.core.http.ForwardedFor;
import io.weir.core.http.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * Writes what the requests on one connection send, as frames that go out together. Confined to its
 * loop.
 */
final class RequestWriter {
  /** Holds most heads of requests; it grows. */
  private static final int SCRATCH_BYTES = 1024;

  private final Http2Upstream connection;
  private final UpstreamCodec codec;
  private final RequestEncoder heads;
  private final ReadBatch batch;
  private final ByteBuf scratch = Unpooled.buffer(SCRATCH_BYTES);
  private final Runnable flushTask = this::flushNow;
  private boolean flushScheduled;

  RequestWriter(
      Http2Upstream connection, UpstreamCodec codec, RequestEncoder heads, ReadBatch batch) {
    this.connection = connection;
    this.codec = codec;
    this.heads = heads;
    this.batch = batch;
  }

  private ChannelHandlerContext ctx() {
    return connection.ctx();
  }

  /** Makes a head ready to be written; false if it is more than the backend takes. */
  boolean prepareHead(RequestHead head, String target, ForwardedFor forwarded, boolean via) {
    ByteBuf block = scratch.clear();
    heads.request(head, target, forwarded, via, block);
    return isTaken(block, head.fields());
  }

  private boolean isTaken(ByteBuf block, Fields fields) {
    long most = codec.writer.configuration().headersConfiguration().maxHeaderListSize();
    if (ListSize.exceeds(block, fields.count(), most)) {
      heads.unsent();
      return false;
    }
    return true;
  }

  /** Opens a stream with the head that is ready; null if the connection takes it no more. */
  @Nullable Http2Stream writeHead(Http2UpstreamStream request, boolean ends) {
    int id = codec.connection.local().incrementAndGetNextStreamId();
    EncodedBlock encoded = new EncodedBlock(scratch, false);
    codec.encoder.writeHeaders(ctx(), id, encoded, 0, ends, ctx().newPromise());
    Http2Stream stream = codec.connection.stream(id);
    if (stream != null) {
      stream.setProperty(codec.key, request);
    }
    return stream;
  }

  void writeData(Http2Stream stream, ByteBuf data, boolean ends) {
    codec.budget.sent(data.readableBytes());
    codec.encoder.writeData(ctx(), stream.id(), data, 0, ends, ctx().newPromise());
  }

  /**
   * Trailers may wait behind the body: their block is not shared.
   *
   * @return false if they are more than the backend takes; then nothing is written
   */
  boolean writeTrailers(Http2Stream stream, Fields trailers) {
    ByteBuf block = Unpooled.buffer();
    heads.trailers(trailers, block);
    if (!isTaken(block, trailers)) {
      return false;
    }
    EncodedBlock encoded = new EncodedBlock(block, false);
    codec.encoder.writeHeaders(ctx(), stream.id(), encoded, 0, true, ctx().newPromise());
    return true;
  }

  /** Whether the backend's window has room. */
  boolean isWritable(Http2Stream stream) {
    return codec.encoder.flowController().isWritable(stream);
  }

  /** Whether some of the request waits for the backend's window. */
  boolean holdsBack(Http2Stream stream) {
    return codec.encoder.flowController().hasFlowControlled(stream);
  }

  /** Bytes of the response were taken: the backend may send as many more. */
  void consumed(Http2Stream stream, int bytes) {
    try {
      if (codec.decoder.flowController().consumeBytes(stream, bytes)) {
        flushSoon();
      }
    } catch (Http2Exception e) {
      connection.onError(ctx(), false, e);
    }
  }

  /** Ends a stream, and what still waits to be sent on it: nothing may follow a RST_STREAM. */
  void reset(Http2Stream stream, Http2Error error) {
    if (!connection.isClosed()) {
      codec.unwanted.add(codec.windowOf(stream));
      connection.resetStream(ctx(), stream.id(), error.code(), ctx().newPromise());
      stream.close(); // the codec would do so once the frame is out, and write what waits before
      flushSoon();
    }
  }

  /** Lets what was written go out, once for all requests that have something in this turn. */
  void flushSoon() {
    if (!batch.isOpen() && !flushScheduled) {
      flushScheduled = true;
      ctx().executor().execute(flushTask);
    }
  }

  void flushNow() {
    flushScheduled = false;
    connection.flush(ctx());
  }
}
