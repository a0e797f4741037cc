package io.weir.core.worker;

import org.jspecify.annotations.Nullable;

/** Something that must happen by a time, kept in one {@link TimerWheel}; confined to its loop. */
public abstract class Deadline {
  static final long NEVER = Long.MAX_VALUE;

  long at = NEVER;
  long tick;
  boolean linked;
  @Nullable Deadline previous;
  @Nullable Deadline next;

  /** Its time has come: when it is due instead, or {@link #NEVER} if it is due. */
  long postponedTo(long now) {
    return NEVER;
  }

  /**
   * Called once on the loop, at most two ticks after the time that was set, or later where so many
   * are due that the loop has to do other things between them.
   */
  protected abstract void onDeadline(long now);
}
