package io.weir.firewall.config;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Checks of single values that several records share. */
final class Checks {
  private Checks() {}

  static void status(int status) {
    check(status >= 400 && status <= 599, "status", status, "400 to 599");
  }

  static void notBlank(String name, String value) {
    check(!value.isBlank(), name, '"' + value + '"', "a text that is not empty");
  }

  static List<StringPattern> patterns(String name, List<StringPattern> patterns) {
    check(!patterns.isEmpty(), name, "[]", "at least one pattern");
    return List.copyOf(patterns);
  }

  static Set<String> words(String name, Set<String> words, List<String> known) {
    check(!words.isEmpty(), name, "[]", "at least one of " + String.join(", ", known));
    for (String word : words) {
      check(known.contains(word), name, '"' + word + '"', String.join(", ", known));
    }
    return Collections.unmodifiableSet(new LinkedHashSet<>(words));
  }

  static void check(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
