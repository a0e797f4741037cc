package io.weir.firewall.ban;

import java.util.Arrays;

/** Finds the ban that ends first without looking at all of them; the writer's. */
final class Soonest {
  /*
   * For each part of the table there is a bound: no word in it is less. The least bound says where to
   * look. If the word that made it is gone by now, the bound is raised to what is there, and the next
   * one is tried; so a part is read again only where something was taken out of it.
   */
  private static final long NONE = Long.MAX_VALUE; // no ban ends so late

  private final BanSegment[] parts;
  private final long[] bounds;

  // What was found.
  private int part;
  private int place;
  private long next; // the least word behind it

  Soonest(BanSegment[] parts) {
    this.parts = parts;
    bounds = new long[parts.length];
    Arrays.fill(bounds, NONE);
  }

  /** A part has a new word. */
  void added(int to, long word) {
    bounds[to] = Math.min(bounds[to], word);
  }

  /** All words of a part will be told anew. */
  void begin(int which) {
    bounds[which] = NONE;
  }

  /** Finds the least word of some parts; false if none is less than a limit. */
  boolean find(int from, int to, long limit) {
    while (true) {
      part = from;
      for (int i = from + 1; i < to; i++) {
        part = bounds[i] < bounds[part] ? i : part;
      }
      if (bounds[part] >= limit) {
        return false;
      }
      long word = look(parts[part].pairs());
      if (word == bounds[part]) {
        return true;
      }
      bounds[part] = word;
    }
  }

  /** The least word of a part; keeps where it is. */
  private long look(long[] pairs) {
    long least = NONE;
    next = NONE;
    int end = BanSegment.end(pairs);
    for (int at = 0; at < end; at += 2) {
      long word = pairs[at + 1];
      if (word == 0 || word >= next) {
        continue;
      }
      if (word < least) {
        next = least;
        least = word;
        place = at;
      } else {
        next = word;
      }
    }
    return least;
  }

  /** In which part it was found. */
  int part() {
    return part;
  }

  /** Forgets what was found. */
  long take() {
    long word = bounds[part];
    parts[part].forget(place);
    bounds[part] = next;
    return word;
  }
}
