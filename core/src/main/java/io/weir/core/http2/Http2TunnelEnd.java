package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.weir.core.http.TunnelEnd;
import io.weir.core.http.TunnelListener;
import io.weir.core.worker.SlowReaders;
import org.jspecify.annotations.Nullable;

/**
 * A stream that carries another protocol now (RFC 8441): DATA both ways, END_STREAM where a
 * connection has its FIN. Confined to its loop.
 */
abstract sealed class Http2TunnelEnd implements TunnelEnd
    permits Http2ClientTunnel, Http2BackendTunnel {
  private final KeptBytes waiting;
  private @Nullable Untaken untaken; // once something waited
  private @Nullable TunnelListener listener;
  private boolean wanted;
  private boolean complete;
  private boolean endTold;

  /** Whether the stream is closed; what came on it may still have to be taken. */
  private boolean closed;

  /**
   * For a stream that just left HTTP.
   *
   * @param waiting what arrived before, and will while nobody wants it
   * @param complete whether the peer's side has ended already
   */
  Http2TunnelEnd(KeptBytes waiting, boolean complete) {
    this.waiting = waiting;
    this.complete = complete;
  }

  /** What came while nobody wanted it. */
  KeptBytes waiting() {
    return waiting;
  }

  /** The peer's window opens again by so many bytes. */
  abstract void taken(int bytes);

  abstract ByteBufAllocator allocator();

  /** How much of it the stream lets come. */
  abstract int window();

  abstract SlowReaders slowReaders();

  /** Something waits here, or no longer. */
  private void holds(boolean anything) {
    if (anything) {
      if (untaken == null) {
        untaken = new Untaken(waiting, window(), this::giveUp);
      }
      slowReaders().add(untaken);
    } else if (untaken != null) {
      slowReaders().remove(untaken);
    }
  }

  /** The tunnel is over; what the peer has not heard of, it hears now. */
  abstract void finish(boolean peerEnded, boolean otherEnded);

  @Override
  public boolean isStream() {
    return true;
  }

  @Override
  public void begin(TunnelListener to) {
    listener = to;
    read(true);
  }

  @Override
  public void close(boolean otherEnded) {
    listener = null;
    drop();
    finish(complete, otherEnded);
  }

  private void drop() {
    int dropped = waiting.drop();
    holds(false);
    if (dropped > 0) {
      taken(dropped);
    }
  }

  /** Gives up what waits, for its memory; false if nobody is left who would do so. */
  boolean giveUp() {
    TunnelListener to = listener;
    if (to != null) {
      to.onOverload();
    }
    return to != null;
  }

  @Override
  public void read(boolean more) {
    wanted = more;
    if (more) {
      deliverWaiting();
      tellEnd();
      onBatchEnd();
      if (closed && waiting.isEmpty()) {
        tellClosed();
      }
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
      waiting.add(data, allocator());
      holds(!waiting.isEmpty());
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
      holds(false);
      int n = bytes.readableBytes();
      to.onBytes(bytes);
      taken(n);
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

  /** The stream is gone: after its end what waits is still delivered, after a reset it is not. */
  void onClosed() {
    closed = true;
    if (!complete || waiting.isEmpty()) {
      tellClosed();
    }
  }

  private void tellClosed() {
    TunnelListener to = listener;
    listener = null;
    drop();
    if (to != null) {
      to.onClosed();
    }
  }
}
