package io.weir.core.config;

import java.time.Duration;
import java.util.Locale;

/** Checks of single values, with messages that name the value and what was expected. */
final class Check {
  /** Longer than any sane timeout; keeps nanosecond arithmetic far from overflow. */
  private static final Duration LONGEST = Duration.ofDays(366);

  private Check() {}

  static void range(String name, long value, long low, long high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + low + " to " + high + ")");
    }
  }

  static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + ": " + inWords(value) + " (expected: more than zero, at most a year)");
    }
  }

  /** As it would be written in a file: {@code 1m30s}. */
  static String inWords(Duration duration) {
    String iso = duration.toString().substring(2).toLowerCase(Locale.ROOT);
    return duration.toMillis() < 1000 ? duration.toMillis() + "ms" : iso;
  }

  static void that(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
