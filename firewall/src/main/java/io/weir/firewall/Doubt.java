package io.weir.firewall;

import io.weir.firewall.config.KeyPart;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What can be said of a match while nobody knows what some fields are; for people who ask. */
final class Doubt {
  private static final String JA4 = "tls.ja4";

  /** Whether a match holds. */
  enum Truth {
    YES,
    NO,
    UNKNOWN;

    private Truth opposite() {
      return switch (this) {
        case YES -> NO;
        case NO -> YES;
        case UNKNOWN -> UNKNOWN;
      };
    }
  }

  private final Evaluation evaluation;
  private final Set<String> unknown;

  /**
   * For a look that has begun.
   *
   * @param unknown fields, in the words of the configuration
   */
  Doubt(Evaluation evaluation, Set<String> unknown) {
    this.evaluation = evaluation;
    this.unknown = unknown;
  }

  /** Whether a rule matches: one that allows in all readings of the path, others in any. */
  Truth of(CompiledRule rule) {
    Truth deciding = rule.needsAllReadings() ? Truth.NO : Truth.YES;
    Truth sum = deciding.opposite();
    for (int reading = 0; reading < evaluation.readings(); reading++) {
      evaluation.lookAt(reading);
      Truth truth = of(rule.matcher());
      if (truth == deciding) {
        sum = truth;
        break;
      }
      if (truth == Truth.UNKNOWN) {
        sum = truth;
      }
    }
    evaluation.lookAt(0);
    return sum;
  }

  /** Whether it holds, in the reading of the path that is looked at. */
  Truth of(Matcher matcher) {
    return switch (matcher) {
      case Matcher.AllOf(var parts) -> sum(parts, Truth.NO);
      case Matcher.AnyOf(var parts) -> sum(parts, Truth.YES);
      case Matcher.Opposite(var part) -> of(part).opposite();
      case Matcher.Leaf(var condition) when unknown.contains(condition.field) -> Truth.UNKNOWN;
      case Matcher.Leaf ignored -> matcher.test(evaluation) ? Truth.YES : Truth.NO;
    };
  }

  /** Of several, where one that is {@code deciding} is enough. */
  private Truth sum(List<Matcher> parts, Truth deciding) {
    Truth sum = deciding.opposite();
    for (Matcher part : parts) {
      Truth truth = of(part);
      if (truth == deciding) {
        return truth;
      }
      if (truth == Truth.UNKNOWN) {
        sum = truth;
      }
    }
    return sum;
  }

  /** The unknown fields that a match asks for, in order. */
  List<String> fields(Matcher matcher) {
    Set<String> asked = new TreeSet<>();
    Matchers.eachCondition(matcher, condition -> asked.add(condition.field));
    asked.retainAll(unknown);
    return List.copyOf(asked);
  }

  /** The unknown fields that a rule counts by. */
  List<String> fields(List<KeyPart> key) {
    return key.contains(new KeyPart.Ja4()) && unknown.contains(JA4) ? List.of(JA4) : List.of();
  }
}
