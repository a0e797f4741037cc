package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;

/**
 * Writes frames of heads and small bodies each in one buffer, where the codec's own writer makes
 * two. Confined to its loop.
 */
final class FrameWriter extends DefaultHttp2FrameWriter {
  private static final int HEADER_BYTES = 9;
  private static final int END_STREAM = 0x1;
  private static final int END_HEADERS = 0x4;

  /** Up to here a copy is cheaper than one more buffer in the write. */
  private static final int COPIED_BYTES = 4096;

  /** Room behind a head, where TLS joins the small body that comes next to encrypt both at once. */
  private static final int FOLLOWING_BYTES = 512;

  private long written;

  FrameWriter() {
    super(new Blocks());
  }

  /** Bytes of heads and bodies since this was last asked. */
  long takeWritten() {
    long count = written;
    written = 0;
    return count;
  }

  @Override
  public ChannelFuture writeHeaders(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int padding,
      boolean endStream,
      ChannelPromise promise) {
    ByteBuf block = ((EncodedBlock) headers).bytes();
    int length = block.readableBytes();
    written += HEADER_BYTES + length;
    if (length > maxFrameSize()) {
      return super.writeHeaders(ctx, streamId, headers, padding, endStream, promise);
    }
    int flags = END_HEADERS | (endStream ? END_STREAM : 0);
    int room = endStream ? length : length + FOLLOWING_BYTES;
    ByteBuf frame = frame(ctx, room, length, Http2FrameTypes.HEADERS, flags, streamId);
    frame.writeBytes(block);
    return ctx.write(frame, promise);
  }

  @Override
  public ChannelFuture writeData(
      ChannelHandlerContext ctx,
      int streamId,
      ByteBuf data,
      int padding,
      boolean endStream,
      ChannelPromise promise) {
    int length = data.readableBytes();
    written += HEADER_BYTES + length;
    if (length > COPIED_BYTES || padding > 0) {
      return super.writeData(ctx, streamId, data, padding, endStream, promise);
    }
    int flags = endStream ? END_STREAM : 0;
    ByteBuf frame = frame(ctx, length, length, Http2FrameTypes.DATA, flags, streamId);
    frame.writeBytes(data);
    data.release();
    return ctx.write(frame, promise);
  }

  private static ByteBuf frame(
      ChannelHandlerContext ctx, int room, int length, byte type, int flags, int streamId) {
    ByteBuf frame = ctx.alloc().directBuffer(HEADER_BYTES + room);
    frame.writeMedium(length);
    frame.writeByte(type);
    frame.writeByte(flags);
    frame.writeInt(streamId);
    return frame;
  }

  /** For heads that are larger than a frame; the settings of a table that we do not use. */
  private static final class Blocks
      implements Http2HeadersEncoder, Http2HeadersEncoder.Configuration {
    private long tableSize;
    private long listSize = Long.MAX_VALUE;

    @Override
    public void encodeHeaders(int streamId, Http2Headers headers, ByteBuf buffer) {
      buffer.writeBytes(((EncodedBlock) headers).bytes());
    }

    @Override
    public Configuration configuration() {
      return this;
    }

    @Override
    public void maxHeaderTableSize(long max) {
      tableSize = max;
    }

    @Override
    public long maxHeaderTableSize() {
      return tableSize;
    }

    @Override
    public void maxHeaderListSize(long max) {
      listSize = max;
    }

    @Override
    public long maxHeaderListSize() {
      return listSize;
    }
  }
}
