package io.weir.daemon.log;

import io.weir.core.log.AccessRecord;
import io.weir.core.log.ConnectionRecord;

/** How a record reads as a line. An instance belongs to one thread. */
public sealed interface LineFormat permits CombinedFormat, JsonFormat {
  /** Appends the record, without the end of the line. */
  void write(AccessRecord record, LineBuffer line);

  /** The same for a relayed connection; nothing where the format knows requests only. */
  void write(ConnectionRecord record, LineBuffer line);

  /** Whether a field, as it was read from a line, is only the beginning of what there was. */
  static boolean isCut(String field) {
    return field.length() == LineBuffer.MAX_FIELD + LineBuffer.DOTS.length()
        && field.endsWith(LineBuffer.DOTS);
  }
}
