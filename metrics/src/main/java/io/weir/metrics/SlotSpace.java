package io.weir.metrics;

import java.util.HashMap;
import java.util.Map;

/** Gives every series its cells, for ever: the same key always gets the same first slot. */
final class SlotSpace {
  /*
   * Slots are not reused when a series disappears. Exchanges that pinned an older snapshot still
   * write to them, and a series that returns must find its value. A reload that only ever invents
   * new names costs eight bytes per cell and worker that it really counts in.
   */
  private final Map<SeriesKey, Integer> slots = new HashMap<>();
  private int next = 1; // 0 is never handed out: it can stand for "none"

  /** The first slot of a series of {@code cells} cells. */
  int slot(SeriesKey key, int cells) {
    return slots.computeIfAbsent(key, _ -> reserve(cells));
  }

  /** All slots handed out so far are below this. */
  int end() {
    return next;
  }

  private int reserve(int cells) {
    int room = WorkerCounters.CHUNK - next % WorkerCounters.CHUNK;
    if (cells > room && cells <= WorkerCounters.CHUNK) {
      next += room; // a histogram is written through one chunk
    }
    int slot = next;
    next = Math.addExact(next, cells);
    return slot;
  }
}
