package io.weir.core.worker;

import org.jspecify.annotations.Nullable;

/** Somebody who has not taken what is ready for him, kept in {@link SlowReaders}; for its loop. */
public abstract class SlowReader {
  boolean listed;
  @Nullable SlowReader previous;
  @Nullable SlowReader next;

  /** Gives up what waits for him, if it still does. Called on the loop; he is on no list then. */
  protected abstract void cut();
}
