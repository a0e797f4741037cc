package io.weir.daemon.replay;

import org.jspecify.annotations.Nullable;

/** Reads the lines of a kind of access log. For one thread. */
sealed interface LogParser permits CombinedParser, JsonLogParser {
  /** What a line tells; null if it cannot be read. */
  @Nullable LoggedRequest parse(String line);

  /** Whether the line parsed last is of a relayed connection, which made no requests. */
  default boolean wasConnection() {
    return false;
  }

  /** The name of the kind. */
  String kind();

  /** Whether a field that rules may name is in such a log, like {@code header.user-agent}. */
  boolean holds(String field);

  /** Whether it tells how long requests took. */
  boolean hasDurations();

  /** The parser for a log that begins with that line. */
  static LogParser forLine(String first) {
    return first.startsWith("{") ? new JsonLogParser() : new CombinedParser();
  }
}
