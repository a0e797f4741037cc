package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.weir.core.http.Fields;
import io.weir.core.http.LocalResponse;
import io.weir.core.http.ResponseHead;

/**
 * Writes what the streams of one connection are answered with, as frames that go out together.
 * Confined to its loop.
 */
final class ResponseWriter {
  private final Http2Downstream connection;
  private final Http2Worker http;
  private final Http2Codec codec;
  private final HeadEncoder heads;
  private final ReadBatch batch;
  private final Runnable flushTask = this::flushNow;
  private boolean flushOwed;
  private boolean flushScheduled;

  ResponseWriter(Http2Downstream connection, Http2Worker http, Http2Codec codec, ReadBatch batch) {
    this.connection = connection;
    this.http = http;
    this.codec = codec;
    this.heads = new HeadEncoder(http.worker().date());
    this.batch = batch;
  }

  private ChannelHandlerContext ctx() {
    return connection.ctx();
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
    codec.budget.sent(data.readableBytes());
    return codec.encoder.writeData(ctx(), stream.id(), data, 0, ends, ctx().newPromise());
  }

  /** Whether the client's window has room. */
  boolean isWritable(Http2Stream stream) {
    return codec.encoder.flowController().isWritable(stream);
  }

  /** Whether some of the answer waits for the client. */
  boolean holdsBack(Http2Stream stream) {
    return codec.encoder.flowController().hasFlowControlled(stream);
  }

  /** How much has come on all streams and was not taken. */
  int untaken() {
    return codec.decoder.flowController().unconsumedBytes(codec.connection.connectionStream());
  }

  /**
   * The bytes were taken, and the client may send as many more. Where a client sent more than it
   * may, the codec has given back some of them itself.
   */
  void consumed(Http2Stream stream, int bytes) {
    if (connection.isClosing()) {
      return;
    }
    try {
      int held = codec.decoder.flowController().unconsumedBytes(stream);
      if (codec.decoder.flowController().consumeBytes(stream, Math.min(bytes, held))) {
        flushSoon();
      }
    } catch (Http2Exception e) {
      connection.onError(ctx(), false, e);
    }
  }

  /** Ends a stream, and what still waits to be sent on it: nothing may follow a RST_STREAM. */
  void reset(Http2Stream stream, Http2Error error) {
    connection.resetStream(ctx(), stream.id(), error.code(), ctx().newPromise());
    stream.close(); // the codec would do so once the frame is out, and write what waits before
    flushSoon();
  }

  /**
   * Lets what was written go out, once for all streams that have something: their backends' answers
   * arrive in the same turn of the loop.
   */
  void flushSoon() {
    if (batch.isOpen()) {
      flushOwed = true;
    } else if (!flushScheduled) {
      flushScheduled = true;
      ctx().executor().execute(flushTask);
    }
  }

  /** Whether something waits for the end of the batch; asked at its end. */
  boolean takeFlushOwed() {
    boolean owed = flushOwed;
    flushOwed = false;
    return owed;
  }

  void flushNow() {
    flushScheduled = false;
    connection.flush(ctx());
  }
}
