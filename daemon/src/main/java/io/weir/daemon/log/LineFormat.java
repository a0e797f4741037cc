package io.weir.daemon.log;

import io.weir.core.log.AccessRecord;

/** How a record reads as a line. An instance belongs to one thread. */
public sealed interface LineFormat permits CombinedFormat, JsonFormat {
  /** Appends the record, without the end of the line. */
  void write(AccessRecord record, LineBuffer line);
}
