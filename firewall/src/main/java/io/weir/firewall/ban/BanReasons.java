package io.weir.firewall.ban;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Queue;

/** The reasons of bans, each kept once and known by a number; one thread at a time writes. */
final class BanReasons {
  /*
   * Rules have names, and operators repeat themselves. While so many different ones are known, more
   * that are new are not kept apart: memory is bounded whoever bans.
   *
   * A sweep of all bans says which numbers are still in use. What it has not seen when it ends, and
   * what no ban was given meanwhile, is free. The text stays until a new reason gets the number, and
   * the number that has been free for the longest is taken first, so that somebody who has just read
   * a ban still finds its reason.
   */
  private static final int MOST = 1 << ClientBans.REASON_BITS;
  private static final int LONGEST = 200; // characters
  private static final String OTHER = "other";

  private volatile String[] texts = {OTHER}; // replaced, never changed

  // The writer's.
  private final Map<String, Integer> numbers = new HashMap<>();
  private final BitSet inUse = new BitSet(MOST); // since a sweep began
  private final Queue<Integer> free = new ArrayDeque<>();

  /** The number of a reason. The writer. */
  int number(String reason) {
    Integer known = numbers.get(reason);
    int number = known != null ? known : learn(oneLine(reason));
    inUse.set(number);
    return number;
  }

  private int learn(String line) {
    Integer known = numbers.get(line);
    if (known != null) {
      return known;
    }
    int number = next();
    if (number == 0) {
      return 0;
    }
    String[] more = Arrays.copyOf(texts, Math.max(texts.length, number + 1));
    more[number] = line;
    texts = more;
    numbers.put(line, number);
    return number;
  }

  /** A number that no ban has; 0 if there is none. */
  private int next() {
    if (texts.length < MOST) {
      return texts.length;
    }
    Integer oldest = free.poll();
    return oldest == null ? 0 : oldest;
  }

  /** A sweep begins. The writer. */
  void beginToForget() {
    inUse.clear();
  }

  /** A ban has that number. The writer. */
  void keep(int number) {
    inUse.set(number);
  }

  /** The sweep has seen all bans. The writer. */
  void forgetOthers() {
    for (Iterator<Integer> all = numbers.values().iterator(); all.hasNext(); ) {
      int number = all.next();
      if (!inUse.get(number)) {
        all.remove();
        free.add(number);
      }
    }
  }

  static String oneLine(String reason) {
    StringBuilder line = new StringBuilder();
    reason.codePoints().limit(LONGEST).forEach(c -> line.appendCodePoint(isPlain(c) ? c : ' '));
    return line.toString().strip();
  }

  /** Half of a pair of UTF-16 is no character: no file could hold it. */
  private static boolean isPlain(int c) {
    return !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE;
  }

  String text(int number) {
    return texts[number];
  }
}
