package io.weir.firewall;

import java.util.List;

/** The compiled condition of a rule: a tree over conditions that rules share. */
sealed interface Matcher {
  /** The matcher that always holds. */
  Matcher ALWAYS = new AllOf(List.of());

  boolean test(Evaluation evaluation);

  /** All hold. */
  record AllOf(List<Matcher> matchers) implements Matcher {
    @Override
    public boolean test(Evaluation evaluation) {
      for (int i = 0; i < matchers.size(); i++) {
        if (!matchers.get(i).test(evaluation)) {
          return false;
        }
      }
      return true;
    }
  }

  /** At least one holds. */
  record AnyOf(List<Matcher> matchers) implements Matcher {
    @Override
    public boolean test(Evaluation evaluation) {
      for (int i = 0; i < matchers.size(); i++) {
        if (matchers.get(i).test(evaluation)) {
          return true;
        }
      }
      return false;
    }
  }

  /** It does not hold. */
  record Opposite(Matcher matcher) implements Matcher {
    @Override
    public boolean test(Evaluation evaluation) {
      return !matcher.test(evaluation);
    }
  }

  /** A condition, whose result is remembered for the request. */
  record Leaf(Condition condition) implements Matcher {
    @Override
    public boolean test(Evaluation evaluation) {
      return evaluation.holds(condition);
    }
  }
}
