package io.weir.firewall;

import java.util.List;
import java.util.function.Predicate;

/** On which listeners rules can match, as far as that depends on the listener alone. */
final class ListenerReach {
  private ListenerReach() {}

  /**
   * Where any of some rules can match.
   *
   * @param listeners how many there are
   */
  static boolean[] of(List<CompiledRule> rules, int listeners) {
    boolean[] reached = new boolean[listeners];
    for (int listener = 0; listener < listeners; listener++) {
      for (CompiledRule rule : rules) {
        reached[listener] |= holds(rule.matcher(), listener, true);
      }
    }
    return reached;
  }

  /**
   * Whether a matcher holds there.
   *
   * @param otherwise what the conditions on anything else are taken for
   */
  private static boolean holds(Matcher matcher, int listener, boolean otherwise) {
    Predicate<Matcher> part = of -> holds(of, listener, otherwise);
    return switch (matcher) {
      case Matcher.AllOf(var parts) -> parts.stream().allMatch(part);
      case Matcher.AnyOf(var parts) -> parts.stream().anyMatch(part);
      case Matcher.Opposite(var opposite) -> !holds(opposite, listener, !otherwise);
      case Matcher.Leaf(Condition.Listener condition) -> condition.isOneOf(listener);
      case Matcher.Leaf ignored -> otherwise;
    };
  }
}
