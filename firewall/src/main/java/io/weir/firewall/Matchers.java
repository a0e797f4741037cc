package io.weir.firewall;

import java.util.function.Consumer;
import java.util.function.Predicate;

/** Questions about whole trees of matchers. */
final class Matchers {
  private Matchers() {}

  static boolean anyCondition(Matcher matcher, Predicate<Condition> question) {
    return switch (matcher) {
      case Matcher.AllOf(var parts) -> parts.stream().anyMatch(m -> anyCondition(m, question));
      case Matcher.AnyOf(var parts) -> parts.stream().anyMatch(m -> anyCondition(m, question));
      case Matcher.Opposite(var part) -> anyCondition(part, question);
      case Matcher.Leaf(var condition) -> question.test(condition);
    };
  }

  static void eachCondition(Matcher matcher, Consumer<Condition> consumer) {
    switch (matcher) {
      case Matcher.AllOf(var parts) -> parts.forEach(part -> eachCondition(part, consumer));
      case Matcher.AnyOf(var parts) -> parts.forEach(part -> eachCondition(part, consumer));
      case Matcher.Opposite(var part) -> eachCondition(part, consumer);
      case Matcher.Leaf(var condition) -> consumer.accept(condition);
    }
  }
}
