package io.weir.core.http2;

import io.weir.core.worker.SlowReader;
import io.weir.core.worker.SlowReaders;

/**
 * What one side has sent on a stream for another that takes nothing. It counts for all that the
 * stream's window lets come. Confined to its loop.
 */
final class Untaken extends SlowReader {
  private final KeptBytes waiting;
  private final Runnable giveUp;

  /**
   * Of one stream.
   *
   * @param window how much the stream lets come
   * @param giveUp ends what it is for, where something still waits when its memory is wanted
   */
  Untaken(KeptBytes waiting, int window, Runnable giveUp) {
    super(SlowReaders.shares(window));
    this.waiting = waiting;
    this.giveUp = giveUp;
  }

  @Override
  protected void cut() {
    if (!waiting.isEmpty()) {
      giveUp.run();
    }
  }
}
