package io.weir.core.http;

import io.netty.buffer.ByteBuf;

/** Hears one side of an exchange that has left HTTP. Called on the worker's loop only. */
public interface TunnelListener {
  /** Bytes of this side; consumes {@code data}. */
  void onBytes(ByteBuf data);

  /** All that arrived together was delivered: a good moment to flush. */
  void onBatchEnd();

  /** This side sends nothing more, and may still read. */
  void onEnd();

  /** This side reads again, or no longer as fast as we send. */
  void onWritability(boolean writable);

  /** What waits of this side is to be given up, and all with it: memory is short. */
  void onOverload();

  /** This side is gone in both directions. */
  void onClosed();
}
