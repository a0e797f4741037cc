package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import io.weir.core.worker.SlowReader;
import io.weir.core.worker.SlowReaders;
import org.jspecify.annotations.Nullable;

/** A stream to a backend that has left HTTP. Confined to its loop. */
final class Http2BackendTunnel extends Http2TunnelEnd {
  private final Http2Upstream connection;
  private final Http2Stream stream;
  private boolean ended;

  /** What waits for the backend; only where something ever did. */
  private @Nullable SlowReader unsent;

  Http2BackendTunnel(
      Http2Upstream connection, Http2Stream stream, KeptBytes waiting, boolean complete) {
    super(waiting, complete);
    this.connection = connection;
    this.stream = stream;
  }

  /** Whether DATA can still be sent. */
  private boolean takesData() {
    return !ended && !isClosed();
  }

  private boolean isClosed() {
    return connection.isClosed()
        || stream.isResetSent()
        || stream.state() == Http2Stream.State.CLOSED;
  }

  @Override
  public void send(ByteBuf data) {
    if (takesData()) {
      connection.writer().writeData(stream, data, false);
      watch();
    } else {
      data.release();
    }
  }

  /** Of a window that was shut already nobody tells that it is. */
  private void watch() {
    boolean waits =
        !isClosed()
            && !connection.writer().isWritable(stream)
            && connection.writer().holdsBack(stream);
    if (waits) {
      if (unsent == null) {
        unsent = new Unsent();
      }
      connection.slowReaders().add(unsent);
    } else if (unsent != null) {
      connection.slowReaders().remove(unsent);
    }
  }

  @Override
  void onWritability(boolean writable) {
    watch();
    super.onWritability(writable);
  }

  @Override
  void onClosed() {
    watch();
    super.onClosed();
  }

  /** What the backend does not take; it may still wait when the tunnel is over. */
  private final class Unsent extends SlowReader {
    @Override
    protected void cut() {
      if (isClosed()) {
        return;
      }
      giveUp();
      if (!isClosed()) {
        connection.writer().reset(stream, Http2Error.CANCEL);
      }
    }
  }

  @Override
  public void sendEnd() {
    if (takesData()) {
      ended = true;
      connection.writer().writeData(stream, Unpooled.EMPTY_BUFFER, true);
      flush();
    }
  }

  @Override
  public void flush() {
    connection.writer().flushSoon();
  }

  @Override
  public boolean isWritable() {
    return !takesData() || connection.writer().isWritable(stream);
  }

  /**
   * One that the backend has not ended is reset, as a connection is that nobody reads, and so is
   * one whose client was cut (RFC 8441 section 5).
   */
  @Override
  void finish(boolean peerEnded, boolean otherEnded) {
    if (peerEnded && otherEnded) {
      sendEnd();
    } else if (!isClosed()) {
      connection.writer().reset(stream, Http2Error.CANCEL);
    }
  }

  @Override
  void taken(int bytes) {
    connection.writer().consumed(stream, bytes);
  }

  @Override
  int window() {
    return UpstreamCodec.STREAM_WINDOW;
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
