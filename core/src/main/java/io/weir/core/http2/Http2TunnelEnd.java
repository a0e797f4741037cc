package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Stream;
import io.weir.core.http.TunnelEnd;
import io.weir.core.http.TunnelListener;
import org.jspecify.annotations.Nullable;

/**
 * A client's stream that carries another protocol now (RFC 8441): DATA both ways, END_STREAM where
 * a connection has its FIN. Confined to its loop.
 */
final class Http2TunnelEnd implements TunnelEnd {
  private final Http2Downstream connection;
  private final Http2DownstreamStream owner;
  private final Http2Stream stream;
  private final KeptBytes waiting;
  private @Nullable TunnelListener listener;
  private boolean wanted;
  private boolean complete;
  private boolean endTold;

  /**
   * For a stream that just left HTTP.
   *
   * @param waiting what arrived before, and will while nobody wants it; its owner drops it at the
   *     end
   * @param complete whether the client's side has ended already
   */
  Http2TunnelEnd(
      Http2Downstream connection,
      Http2DownstreamStream owner,
      Http2Stream stream,
      KeptBytes waiting,
      boolean complete) {
    this.connection = connection;
    this.owner = owner;
    this.stream = stream;
    this.waiting = waiting;
    this.complete = complete;
  }

  @Override
  public boolean isStream() {
    return true;
  }

  // What goes out.

  @Override
  public void begin(TunnelListener to) {
    listener = to;
    read(true);
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
    connection.writer().flushSoon();
  }

  @Override
  public boolean isWritable() {
    return owner.isWritable();
  }

  @Override
  public void close() {
    listener = null;
    sendEnd();
    flush();
  }

  // What comes in.

  @Override
  public void read(boolean more) {
    wanted = more;
    if (more) {
      deliverWaiting();
      tellEnd();
      onBatchEnd();
    }
  }

  /** How many bytes of it were taken. */
  int onData(ByteBuf data, boolean ends) {
    complete = ends;
    int n = data.readableBytes();
    TunnelListener to = listener;
    if (to == null) {
      return n;
    }
    if (!wanted || !waiting.isEmpty()) {
      waiting.add(data, connection.allocator());
      return 0;
    }
    if (n > 0) {
      to.onBytes(data.readRetainedSlice(n));
    }
    tellEnd();
    return n;
  }

  private void deliverWaiting() {
    TunnelListener to = listener;
    ByteBuf bytes = to == null ? null : waiting.take();
    if (to != null && bytes != null) {
      int n = bytes.readableBytes();
      to.onBytes(bytes);
      connection.writer().consumed(stream, n);
    }
  }

  private void tellEnd() {
    TunnelListener to = listener;
    if (to != null && complete && !endTold && waiting.isEmpty()) {
      endTold = true;
      to.onEnd();
    }
  }

  void onBatchEnd() {
    TunnelListener to = listener;
    if (to != null) {
      to.onBatchEnd();
    }
  }

  void onWritability(boolean writable) {
    TunnelListener to = listener;
    if (to != null) {
      to.onWritability(writable);
    }
  }

  /** The stream is gone. */
  void onClosed() {
    TunnelListener to = listener;
    listener = null;
    if (to != null) {
      to.onClosed();
    }
  }
}
