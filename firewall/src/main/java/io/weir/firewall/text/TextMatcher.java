package io.weir.firewall.text;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The compiled patterns of a condition on a text: holds if any of them does. */
public final class TextMatcher {
  /** Where a text must occur for a pattern to hold. */
  public enum Place {
    WHOLE,
    START,
    END,
    /** In any case of ASCII letters. */
    ANYWHERE
  }

  /** A text of which it is certain that it occurs where a pattern holds. */
  public record Literal(Place place, String text) {}

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

  public boolean matches(Text text) {
    for (TextPredicate test : tests) {
      if (test.test(text)) {
        return true;
      }
    }
    return false;
  }

  /** As of the first test that holds, each asked once at most; -1 if none does. */
  public int telling(Text text) {
    for (TextPredicate test : tests) {
      if (test.test(text)) {
        return test.telling(text);
      }
    }
    return -1;
  }

  public boolean matchesAbsence() {
    return absence;
  }

  public int frequency() {
    return frequency;
  }

  public @Nullable List<Literal> literals() {
    return literals;
  }
}
