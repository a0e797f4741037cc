package io.weir.core.log;

import io.weir.firewall.ban.Ban;
import org.jspecify.annotations.Nullable;

/** Where it is told what the rules did against requests and connections. */
public interface FirewallLog {
  /** Keeps nothing. */
  FirewallLog NONE = worker -> null;

  /**
   * The sink of one worker, asked for once when the worker starts; null when nothing is logged.
   *
   * @param worker the worker's index, from 0
   */
  @Nullable Sink sink(int worker);

  /** The sink for bans, asked for once; null when they are not logged. */
  default @Nullable BanSink banSink() {
    return null;
  }

  /** Takes the bans that rules make, on the control loop. */
  interface BanSink {
    /** A ban began. Never blocks. */
    void write(Ban ban);

    /** So many more bans began, which cannot be told any more. */
    void lost(long bans);
  }

  /** Takes the records of one worker, on that worker's loop. */
  interface Sink {
    /** Reads what it wants of the record at once: the record is reused. Never blocks. */
    void write(FirewallRecord record);
  }
}
