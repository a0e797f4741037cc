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
  private static final int SPARE_BYTES = 2 * 1024 * 1024;

  private final ArrayDeque<RequestHeadReader> free = new ArrayDeque<>();
  private int spareBytes;

  RequestHeadReader take(HttpLimits limits) {
    RequestHeadReader reader = free.pollLast();
    if (reader == null) {
      reader = new RequestHeadReader();
    } else {
      spareBytes -= reader.head().footprint();
    }
    reader.restart(limits.maxHeadBytes(), limits.maxFields());
    return reader;
  }

  void giveBack(RequestHeadReader reader) {
    reader.head().clear();
    int bytes = reader.head().footprint();
    if (spareBytes + bytes <= SPARE_BYTES) {
      spareBytes += bytes;
      free.addLast(reader);
    }
  }
}
