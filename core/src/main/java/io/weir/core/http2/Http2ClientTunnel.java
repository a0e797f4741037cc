package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2Stream;
import io.weir.core.worker.SlowReaders;

/** A client's stream that has left HTTP. Confined to its loop. */
final class Http2ClientTunnel extends Http2TunnelEnd {
  private final Http2Downstream connection;
  private final Http2DownstreamStream owner;
  private final Http2Stream stream;

  Http2ClientTunnel(
      Http2Downstream connection,
      Http2DownstreamStream owner,
      Http2Stream stream,
      KeptBytes waiting,
      boolean complete) {
    super(waiting, complete);
    this.connection = connection;
    this.owner = owner;
    this.stream = stream;
  }

  @Override
  public void send(ByteBuf data) {
    if (owner.takesData()) {
      var _ = connection.writer().writeData(stream, data, false);
    } else {
      data.release();
    }
  }

  @Override
  public void sendEnd() {
    owner.sendEnd(null);
  }

  @Override
  public void flush() {
    owner.tunnelWrote();
    connection.writer().flushSoon();
  }

  @Override
  public boolean isWritable() {
    return owner.isWritable();
  }

  /**
   * One whose backend was cut is reset (RFC 8441 section 5); else its owner resets what the client
   * has not ended, once the end of ours is out.
   */
  @Override
  void finish(boolean peerEnded, boolean otherEnded) {
    if (!otherEnded) {
      owner.cancel();
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
