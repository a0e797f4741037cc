package io.weir.core.http1;

import io.weir.core.http.HttpLimits;
import java.util.ArrayDeque;

/**
 * The readers of request heads, with their heads, that one worker has to spare: a connection holds
 * one only while it has a request, so that an idle connection costs nothing here. Confined to its
 * loop.
 */
final class RequestHeads {
  /** As many as can be in flight at once without much memory: 1,024 of about 2 KiB. */
  private static final int KEPT = 1024;

  private final ArrayDeque<RequestHeadReader> free = new ArrayDeque<>();

  RequestHeadReader take(HttpLimits limits) {
    RequestHeadReader reader = free.pollLast();
    if (reader == null) {
      reader = new RequestHeadReader();
    }
    reader.restart(limits.maxHeadBytes(), limits.maxFields());
    return reader;
  }

  void giveBack(RequestHeadReader reader) {
    if (free.size() < KEPT) {
      reader.head().clear();
      free.addLast(reader);
    }
  }
}
