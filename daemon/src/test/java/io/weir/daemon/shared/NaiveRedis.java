package io.weir.daemon.shared;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What owe.lua does, said once more in Java. */
final class NaiveRedis {
  private final Map<String, Long> paid = new HashMap<>();

  /** Its answer. */
  List<Long> owe(List<String> keys, List<String> arguments, long now) {
    List<Long> debts = new ArrayList<>(List.of(now));
    for (int i = 0; i < keys.size(); i++) {
      long since = Long.parseLong(arguments.get(4 * i));
      long added = Long.parseLong(arguments.get(4 * i + 1));
      long there = Long.parseLong(arguments.get(4 * i + 2));
      long most = Long.parseLong(arguments.get(4 * i + 3));
      long start = Math.max(paid.getOrDefault(keys.get(i), 0L), Math.min(since, now));
      long end = Math.min(Math.max(start + added, there), now + most);
      paid.put(keys.get(i), end);
      debts.add(Math.max(end - now, 0));
    }
    return debts;
  }

  /** Loses its memory. */
  void forget() {
    paid.clear();
  }
}
