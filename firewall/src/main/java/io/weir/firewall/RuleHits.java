package io.weir.firewall;

import java.util.Arrays;

/**
 * What one evaluation hit besides its verdict, and the scratch memory that evaluations work in; one
 * for each worker and firewall, from {@link Firewall#newHits}. Not thread safe.
 *
 * <p>A rule <em>matched</em> when it acted, or would have acted if its mode were not report: its
 * condition held and, if it is a limit, the limit was exceeded. A limit whose condition held and
 * that was not exceeded <em>passed</em>. What is read here is of the last evaluation.
 */
public final class RuleHits {
  private int[] matched = new int[16];
  private int matchedCount;
  private int[] passed = new int[16];
  private int passedCount;
  private int retryAfterSeconds;

  private final Evaluation evaluation;

  RuleHits(Evaluation evaluation) {
    this.evaluation = evaluation;
  }

  Evaluation evaluation() {
    return evaluation;
  }

  /** How many rules matched, in report mode or not. */
  public int matchedCount() {
    return matchedCount;
  }

  /** The index of the i-th rule that matched, in the order of the file. */
  public int matched(int i) {
    return matched[i];
  }

  /** How many limits were asked and not exceeded. */
  public int passedCount() {
    return passedCount;
  }

  /** The index of the i-th limit that was asked and not exceeded. */
  public int passed(int i) {
    return passed[i];
  }

  /** When the verdict is a limit's: after how many seconds to come back, at least 1; else 0. */
  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }

  void clear() {
    matchedCount = 0;
    passedCount = 0;
    retryAfterSeconds = 0;
  }

  void addMatched(int rule) {
    if (matchedCount == matched.length) {
      matched = Arrays.copyOf(matched, 2 * matchedCount);
    }
    matched[matchedCount++] = rule;
  }

  void addPassed(int rule) {
    if (passedCount == passed.length) {
      passed = Arrays.copyOf(passed, 2 * passedCount);
    }
    passed[passedCount++] = rule;
  }

  void retryAfterSeconds(int seconds) {
    retryAfterSeconds = seconds;
  }
}
