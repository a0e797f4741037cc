package io.weir.core.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.weir.core.http.Fields;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what goes out together, so that a head, a small body and its end leave in one buffer and
 * one system call. Confined to its loop.
 */
final class Http1Output {
  /** Up to here a copy is cheaper than one more buffer in the write. */
  private static final int COPIED_BYTES = 4096;

  /** Room for chunk framing behind a head. */
  private static final int SLACK = 256;

  private @Nullable ByteBuf tail;
  private boolean chunked;
  private boolean unflushed;

  /** Where in the tail the last head begins; -1 once it was handed to the channel. */
  private int headAt = -1;

  private long written;

  /** A buffer to append to, with room for about {@code estimate} bytes. */
  ByteBuf tail(ChannelHandlerContext ctx, int estimate) {
    ByteBuf current = tail;
    if (current == null) {
      current = ctx.alloc().directBuffer(estimate + SLACK);
      tail = current;
    }
    return current;
  }

  /** A head follows that can be taken back as long as it stays here. */
  void headBegins() {
    headAt = tail == null ? 0 : tail.writerIndex();
  }

  /** Takes the last head back, and the body behind it; false if some of it is gone. */
  boolean takeBack() {
    ByteBuf current = tail;
    if (headAt < 0 || current == null) {
      return false;
    }
    current.writerIndex(headAt);
    headAt = -1;
    return true;
  }

  /** A head was appended; says how the body behind it is framed. */
  void bodyIsChunked(boolean inChunks) {
    chunked = inChunks;
  }

  /** Appends body bytes in their framing; consumes {@code data}. */
  void body(ChannelHandlerContext ctx, ByteBuf data) {
    if (!data.isReadable()) { // a chunk of no bytes would be the last
      data.release();
      return;
    }
    if (!chunked) {
      append(ctx, data);
      return;
    }
    HeadWriter.chunkSize(data.readableBytes(), tail(ctx, 0));
    append(ctx, data);
    tail(ctx, 0).writeBytes(HeadWriter.crlf());
  }

  /** Ends the body in its framing. */
  void end(ChannelHandlerContext ctx, @Nullable Fields trailers) {
    if (chunked) {
      HeadWriter.lastChunk(trailers, tail(ctx, 0));
    }
  }

  private void append(ChannelHandlerContext ctx, ByteBuf data) {
    ByteBuf current = tail;
    if (current != null && data.readableBytes() <= COPIED_BYTES) {
      current.writeBytes(data);
      data.release();
      return;
    }
    push(ctx);
    write(ctx, data);
  }

  /** Hands what was gathered to the channel, which keeps it until the flush. */
  void push(ChannelHandlerContext ctx) {
    ByteBuf current = tail;
    if (current != null) {
      tail = null;
      headAt = -1;
      write(ctx, current);
    }
  }

  private void write(ChannelHandlerContext ctx, ByteBuf data) {
    unflushed = true;
    written += data.readableBytes();
    ctx.write(data, ctx.voidPromise());
  }

  void flush(ChannelHandlerContext ctx) {
    push(ctx);
    if (unflushed) {
      unflushed = false;
      ctx.flush();
    }
  }

  /** Bytes handed to the channel since this was last asked. */
  long takeWritten() {
    long count = written;
    written = 0;
    return count;
  }

  /** The connection is gone. */
  void discard() {
    ByteBuf current = tail;
    if (current != null) {
      tail = null;
      current.release();
    }
  }
}
