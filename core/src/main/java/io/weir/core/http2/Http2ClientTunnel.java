package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import io.weir.core.worker.SlowReaders;

/** A client's stream that has left HTTP. Confined to its loop. */
final class Http2ClientTunnel extends Http2TunnelEnd {
  private final Http2Downstream connection;
  private final Http2Answer answer;
  private final Http2Stream stream;

  Http2ClientTunnel(
      Http2Downstream connection,
      Http2Answer answer,
      Http2Stream stream,
      KeptBytes waiting,
      boolean complete) {
    super(waiting, complete);
    this.connection = connection;
    this.answer = answer;
    this.stream = stream;
  }

  @Override
  public void send(ByteBuf data) {
    if (answer.takesData()) {
      var _ = connection.writer().writeData(stream, data, false);
    } else {
      data.release();
    }
  }

  @Override
  public void sendEnd() {
    answer.end(null);
  }

  @Override
  public void flush() {
    answer.watch();
    connection.writer().flushSoon();
  }

  @Override
  public boolean isWritable() {
    return answer.isWritable();
  }

  /**
   * One whose backend was cut is reset (RFC 8441 section 5); else what the client has not ended is,
   * once the end of ours is out and the exchange is over.
   */
  @Override
  void finish(boolean peerEnded, boolean otherEnded) {
    if (!otherEnded) {
      answer.cut(Http2Error.CANCEL);
      return;
    }
    sendEnd();
    flush();
  }

  @Override
  void taken(int bytes) {
    connection.writer().consumed(stream, bytes);
  }

  @Override
  int window() {
    return Http2Limits.STREAM_WINDOW;
  }

  @Override
  SlowReaders slowReaders() {
    return connection.slowReaders();
  }

  @Override
  ByteBufAllocator allocator() {
    return connection.allocator();
  }
}
