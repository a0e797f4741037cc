package io.weir.firewall.ban;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The reasons of bans, each kept once and known by a number; one thread at a time adds some. */
final class Reasons {
  /*
   * Rules have names, and operators repeat themselves. After so many different ones, reasons that are
   * new are not kept apart: memory is bounded whoever bans.
   */
  private static final int MOST = 1 << ClientBans.REASON_BITS;
  private static final int LONGEST = 200; // characters
  private static final String OTHER = "other";

  private volatile String[] texts = {OTHER}; // replaced, never changed
  private final Map<String, Integer> numbers = new HashMap<>(); // the writer's

  /** The number of a reason. The writer. */
  int number(String reason) {
    Integer known = numbers.get(reason);
    return known != null ? known : learn(reason);
  }

  private int learn(String reason) {
    String line = oneLine(reason);
    Integer known = numbers.get(line);
    if (known != null) {
      return known;
    }
    int number = texts.length;
    if (number >= MOST) {
      return 0;
    }
    String[] more = Arrays.copyOf(texts, number + 1);
    more[number] = line;
    texts = more;
    numbers.put(line, number);
    return number;
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
