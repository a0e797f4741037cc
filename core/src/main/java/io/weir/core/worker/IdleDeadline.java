package io.weir.core.worker;

/**
 * Due once nothing was heard for a while, and at most a sixteenth of that later, and then not again
 * unless it starts again; to hear something costs one write. Confined to its loop.
 */
public abstract class IdleDeadline extends Deadline {
  /*
   * What is relayed comes in many small pieces, and for a piece of a hundred bytes two readings of
   * the clock, one each way, are a tenth of all that Weir itself does. So nobody asks when something
   * was heard, only whether it was since the last look.
   */
  private static final int LOOKS = 16;

  private final Worker worker;
  private final long nanos;
  private boolean heard;

  /** When it was heard at the latest. */
  private long heardBy;

  /**
   * @param nanos for how long nothing must be heard, in nanoseconds
   */
  protected IdleDeadline(Worker worker, long nanos) {
    this.worker = worker;
    this.nanos = nanos;
  }

  /** The silence begins now. */
  public final void start() {
    worker.timers().set(this, nextLook(worker.clock().nanos(), true));
  }

  /** It was not silent. */
  public final void heard() {
    heard = true;
  }

  /** Is never due, unless it starts again. */
  public final void stop() {
    worker.timers().remove(this);
  }

  private long nextLook(long now, boolean wasHeard) {
    if (wasHeard) {
      heard = false;
      heardBy = now;
    }
    return Math.min(heardBy + nanos, now + nanos / LOOKS);
  }

  @Override
  final long postponedTo(long now) {
    return heard || now - heardBy < nanos ? nextLook(now, heard) : NEVER;
  }
}
