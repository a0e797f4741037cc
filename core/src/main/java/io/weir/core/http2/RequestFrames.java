package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Takes the frames of one connection that the codec found in order, to the streams they are for.
 */
final class RequestFrames extends Http2FrameAdapter {
  private final Http2Downstream connection;

  RequestFrames(Http2Downstream connection) {
    this.connection = connection;
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean endOfStream)
      throws Http2Exception {
    onHeadersRead(ctx, streamId, headers, padding, endOfStream);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int padding,
      boolean endOfStream)
      throws Http2Exception {
    FieldBlock block = (FieldBlock) headers;
    Http2Stream stream = connection.connection().stream(streamId);
    Http2DownstreamStream known = connection.streamOf(stream);
    if (known == null) {
      connection.begin(stream, block, endOfStream);
      return;
    }
    if (block.isMalformed() || block.isTooLarge()) {
      throw Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, "malformed trailers");
    }
    known.onTrailers(block.fields());
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
      throws Http2Exception {
    Http2DownstreamStream stream = connection.streamOf(connection.connection().stream(streamId));
    return stream == null
        ? data.readableBytes() + padding
        : stream.onData(data, endOfStream) + padding;
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
    Http2DownstreamStream stream = connection.streamOf(connection.connection().stream(streamId));
    if (stream != null) {
      stream.onReset();
    }
  }

  @Override
  public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int increment) {
    Http2DownstreamStream stream = connection.streamOf(connection.connection().stream(streamId));
    if (stream != null) {
      stream.onRoom();
    }
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext ctx, long data) {
    connection.onPingAnswered(data);
  }

  @Override
  public void onGoAwayRead(
      ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData) {
    connection.onClientLeaves();
  }
}
