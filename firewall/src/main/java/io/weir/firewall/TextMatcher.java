package io.weir.firewall;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The compiled patterns of a condition on a text: holds if any of them does. */
final class TextMatcher {
  /** Where a text must occur for a pattern to hold. */
  enum Place {
    WHOLE,
    START,
    END,
    /** In any case of ASCII letters. */
    ANYWHERE
  }

  /** A text of which it is certain that it occurs where a pattern holds. */
  record Literal(Place place, String text) {}

  private final TextPredicate[] tests;
  private final boolean absence;
  private final int frequency;
  private final @Nullable List<Literal> literals;

  /**
   * Patterns, compiled.
   *
   * @param absence whether it holds where there is no such field
   * @param literals of which one occurs wherever a pattern holds; null if none are known
   */
  TextMatcher(
      List<TextPredicate> tests, boolean absence, int frequency, @Nullable List<Literal> literals) {
    this.tests = tests.toArray(TextPredicate[]::new);
    this.absence = absence;
    this.frequency = frequency;
    this.literals = literals;
  }

  boolean matches(Text text) {
    for (TextPredicate test : tests) {
      if (test.test(text)) {
        return true;
      }
    }
    return false;
  }

  /** As of the first test that holds, each asked once at most; -1 if none does. */
  int telling(Text text) {
    for (TextPredicate test : tests) {
      if (test.test(text)) {
        return test.telling(text);
      }
    }
    return -1;
  }

  boolean matchesAbsence() {
    return absence;
  }

  int frequency() {
    return frequency;
  }

  @Nullable List<Literal> literals() {
    return literals;
  }
}
