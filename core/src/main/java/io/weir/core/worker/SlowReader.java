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

  /** Gives up what waits for him, if it still does. Called on the loop; he is on no list then. */
  protected abstract void cut();
}
