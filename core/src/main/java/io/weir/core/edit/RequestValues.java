package io.weir.core.edit;

import io.weir.core.http.Fields;

/** What placeholders stand for in one request. For its worker's loop. */
public interface RequestValues {
  /** Appends the value to the field line that was begun; nothing where there is none. */
  void append(Placeholder placeholder, Fields line);
}
