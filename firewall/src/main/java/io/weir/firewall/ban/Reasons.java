package io.weir.firewall.ban;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The reasons of bans, each kept once and known by a number. */
final class Reasons {
  /*
   * Rules have names, and operators repeat themselves. After so many different ones, reasons that are
   * new are not kept apart: memory is bounded whoever bans.
   */
  private static final int MOST = 4096;
  private static final int LONGEST = 200; // characters
  private static final String OTHER = "other";

  private final List<String> texts = new CopyOnWriteArrayList<>(List.of(OTHER));
  private final ConcurrentHashMap<String, Integer> numbers = new ConcurrentHashMap<>();

  int number(String reason) {
    Integer known = numbers.get(reason);
    return known != null ? known : learn(reason);
  }

  private synchronized int learn(String reason) {
    Integer known = numbers.get(reason);
    if (known != null) {
      return known;
    }
    if (texts.size() >= MOST) {
      return 0;
    }
    int number = texts.size();
    texts.add(oneLine(reason));
    numbers.put(reason, number);
    return number;
  }

  private static String oneLine(String reason) {
    StringBuilder line = new StringBuilder();
    reason
        .codePoints()
        .limit(LONGEST)
        .forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return line.toString().strip();
  }

  String text(int number) {
    return texts.get(number);
  }
}
