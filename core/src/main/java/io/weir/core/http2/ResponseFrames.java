package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * Takes the frames of a backend's connection that the codec found in order, to the streams they are
 * for.
 */
final class ResponseFrames extends Http2FrameAdapter {
  private final Http2Upstream connection;
  private final UpstreamCodec codec;

  ResponseFrames(Http2Upstream connection, UpstreamCodec codec) {
    this.connection = connection;
    this.codec = codec;
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
    Http2UpstreamStream stream = codec.streamOf(codec.connection.stream(streamId));
    if (stream == null) {
      throw Http2Exception.connectionError(
          Http2Error.PROTOCOL_ERROR, "a stream that no request began");
    }
    stream.onHeaders((ResponseBlock) headers, endOfStream);
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
      throws Http2Exception {
    Http2UpstreamStream stream = codec.streamOf(codec.connection.stream(streamId));
    return stream == null
        ? data.readableBytes() + padding
        : stream.onData(data, endOfStream) + padding;
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
    Http2UpstreamStream stream = codec.streamOf(codec.connection.stream(streamId));
    if (stream != null) {
      stream.onReset(errorCode);
      codec.budget.earn(FloodBudget.RESET); // one of ours, of which none ends twice
    }
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
      throws Http2Exception {
    connection.onSettings(settings);
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext ctx, long data) {
    connection.onPingAnswered();
  }

  @Override
  public void onGoAwayRead(
      ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData) {
    connection.onIdleGoAway();
  }

  @Override
  public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int increment) {
    Http2UpstreamStream stream = codec.streamOf(codec.connection.stream(streamId));
    if (stream != null) {
      stream.onRoom();
    }
  }
}
