package io.weir.core.worker;

import org.jspecify.annotations.Nullable;

/** Somebody who has not taken what is ready for him, kept in {@link SlowReaders}; for its loop. */
public abstract class SlowReader {
  final int shares;
  boolean listed;
  @Nullable SlowReader previous;
  @Nullable SlowReader next;

  /** One that holds as much as most do. */
  protected SlowReader() {
    this(1);
  }

  /**
   * One that may hold more.
   *
   * @param shares by {@link SlowReaders#shares}
   */
  protected SlowReader(int shares) {
    this.shares = shares;
  }

  /** Whether he is on a list, again if he was to be cut: then he has taken something since. */
  protected final boolean isListed() {
    return listed;
  }

  /** Gives up what waits for him, if it still does. Called on the loop; he is on no list then. */
  protected abstract void cut();
}
