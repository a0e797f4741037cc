package io.weir.core.http2;

import java.util.ArrayList;
import java.util.List;

/**
 * The streams that got something of what one connection read at once: each hears of the end of it
 * once. Confined to its loop.
 */
final class ReadBatch {
  private final List<Member> touched = new ArrayList<>();
  private boolean open;

  /** A stream of the connection. */
  interface Member {
    /** All of its frames that arrived together were passed on. */
    void onBatchEnd();
  }

  void begin() {
    open = true;
  }

  /** Whether more of it follows in this turn of the loop. */
  boolean isOpen() {
    return open;
  }

  /** It got something: outside of a batch that is all of it. */
  void touch(Member stream) {
    if (!open) {
      stream.onBatchEnd();
    } else if (touched.isEmpty() || !touched.getLast().equals(stream)) {
      touched.add(stream);
    }
  }

  void end() {
    open = false; // what happens from here on is no part of this batch
    for (int i = 0; i < touched.size(); i++) {
      touched.get(i).onBatchEnd();
    }
    touched.clear();
  }
}
