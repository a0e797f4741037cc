package io.weir.firewall;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The conditions by which a rule is looked up: wherever its matcher holds, one of them does.
 *
 * @param cost how much looking the rule up by them is expected to cost; smaller is better
 */
record Access(List<Condition> conditions, long cost) {
  /** The best access to a matcher; null if there is none, as with {@code not}. */
  static @Nullable Access of(Matcher matcher) {
    return switch (matcher) {
      case Matcher.AllOf(var parts) -> best(parts);
      case Matcher.AnyOf(var parts) -> together(parts);
      case Matcher.Opposite ignored -> null;
      case Matcher.Leaf(var condition) ->
          new Access(List.of(condition), (long) condition.frequency() * condition.users);
    };
  }

  private static @Nullable Access best(List<Matcher> parts) {
    Access best = null;
    for (Matcher part : parts) {
      Access access = of(part);
      if (access != null && (best == null || access.cost < best.cost)) {
        best = access;
      }
    }
    return best;
  }

  private static @Nullable Access together(List<Matcher> parts) {
    List<Condition> all = new ArrayList<>();
    long cost = 0;
    for (Matcher part : parts) {
      Access access = of(part);
      if (access == null) {
        return null;
      }
      all.addAll(access.conditions);
      cost += access.cost;
    }
    return new Access(all, cost);
  }
}
