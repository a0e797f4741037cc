package io.weir.firewall;

import io.weir.firewall.Explanation.Count;
import io.weir.firewall.Explanation.Outcome;
import io.weir.firewall.Explanation.Step;
import io.weir.firewall.limit.Limiter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tries rules one after the other, and says of each what became of it; for people who ask. */
final class Explainer {
  private final Evaluation evaluation;
  private final long nanos;
  private final List<Step> steps = new ArrayList<>();

  /** For a look that has begun. */
  Explainer(Evaluation evaluation, long nanos) {
    this.evaluation = evaluation;
    this.nanos = nanos;
  }

  List<Step> steps() {
    return steps;
  }

  /** Tries a rule: what it would decide, or null if the list would go on. */
  @Nullable Verdict attempt(CompiledRule rule) {
    if (rule.perConnection()) {
      add(rule, Outcome.NOT_ASKED, "counts connections, when they are accepted", null);
      return null;
    }
    if (!evaluation.matches(rule)) {
      add(rule, Outcome.NO_MATCH, whyNot(rule), null);
      return null;
    }
    Count count = count(rule);
    if (count != null && count.remaining() > 0) {
      add(rule, Outcome.PASSED, words(rule.matcher()), count);
      return null;
    }
    add(rule, Outcome.MATCHED, words(rule.matcher()), count);
    return rule.enforces() ? rule.verdict() : null;
  }

  private void add(CompiledRule rule, Outcome outcome, String why, @Nullable Count count) {
    steps.add(new Step(rule.info(), outcome, why, count));
  }

  private @Nullable Count count(CompiledRule rule) {
    LimitRule limit = rule.limit();
    if (limit != null) {
      long key = limit.key(evaluation);
      Limiter limiter = limit.limiter();
      long wait = limiter.look(key, nanos);
      return new Count(wait > 0 ? 0 : limiter.remaining(key, nanos), wait);
    }
    BandwidthRule bandwidth = rule.bandwidth();
    if (bandwidth != null) {
      long key = bandwidth.key(evaluation);
      long wait = bandwidth.bandwidth().untilNext(key, nanos);
      long remaining = Math.max(bandwidth.bandwidth().remaining(key, nanos), 1); // or it waits
      return new Count(wait > 0 ? 0 : remaining, wait);
    }
    ConcurrencyRule concurrency = rule.concurrency();
    if (concurrency == null) {
      return null;
    }
    return new Count(concurrency.underWay().room(concurrency.key(evaluation)), 0);
  }

  private String whyNot(CompiledRule rule) {
    int readings = evaluation.readings();
    for (int reading = 0; reading < readings; reading++) {
      evaluation.lookAt(reading);
      if (!rule.matcher().test(evaluation)) {
        String why = whyNot(rule.matcher());
        evaluation.lookAt(0);
        return reading == 0 ? why : why + " (in another reading of the path)";
      }
    }
    evaluation.lookAt(0);
    return words(rule.matcher());
  }

  /** Of a matcher that does not hold, the first condition because of which it does not. */
  private String whyNot(Matcher matcher) {
    return switch (matcher) {
      case Matcher.AllOf(var parts) -> {
        for (Matcher part : parts) {
          if (!part.test(evaluation)) {
            yield whyNot(part);
          }
        }
        yield "";
      }
      case Matcher.AnyOf ignored -> words(matcher);
      case Matcher.Opposite ignored -> words(matcher);
      case Matcher.Leaf(var condition) -> condition.words;
    };
  }

  /** A matcher in the words of the configuration. */
  static String words(Matcher matcher) {
    return switch (matcher) {
      case Matcher.AllOf(var parts) -> parts.isEmpty() ? "everything" : joined(parts);
      case Matcher.AnyOf(var parts) -> "any of { " + joined(parts) + " }";
      case Matcher.Opposite(var part) -> "not { " + words(part) + " }";
      case Matcher.Leaf(var condition) -> condition.words;
    };
  }

  private static String joined(List<Matcher> parts) {
    return String.join(", ", parts.stream().map(Explainer::words).toList());
  }
}
