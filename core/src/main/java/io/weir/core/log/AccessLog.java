package io.weir.core.log;

import org.jspecify.annotations.Nullable;

/** Where the records of ended exchanges and relayed connections go. */
public interface AccessLog {
  /** Keeps nothing. */
  AccessLog NONE = worker -> null;

  /**
   * The sink of one worker, asked for once when the worker starts; null when nothing is logged.
   *
   * @param worker the worker's index, from 0
   */
  @Nullable Sink sink(int worker);

  /** Takes the records of one worker, on that worker's loop. */
  interface Sink {
    /** Reads what it wants of the record at once: the record is reused. Never blocks. */
    void write(AccessRecord record);

    /** The same for a connection that was relayed. */
    default void write(ConnectionRecord record) {}
  }
}
