package io.weir.firewall;

import io.weir.firewall.Explanation.Count;
import io.weir.firewall.Explanation.Outcome;
import io.weir.firewall.Explanation.Step;
import io.weir.firewall.config.StatusRange;
import io.weir.firewall.limit.Limiter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tries rules one after the other, and says of each what became of it; for people who ask. */
final class Explainer {
  private final Evaluation evaluation;
  private final Doubt doubt;
  private final boolean connections;
  private final long nanos;
  private final List<Step> steps = new ArrayList<>();

  /**
   * For a look that has begun.
   *
   * @param unknown fields of which nobody knows what they are
   * @param connections whether rules that count connections are asked, too
   */
  Explainer(Evaluation evaluation, Set<String> unknown, boolean connections, long nanos) {
    this.evaluation = evaluation;
    this.connections = connections;
    doubt = new Doubt(evaluation, unknown);
    this.nanos = nanos;
  }

  List<Step> steps() {
    return steps;
  }

  /** Tries rules until one decides. */
  Verdict decide(List<CompiledRule> rules, Verdict otherwise) {
    for (CompiledRule rule : rules) {
      Verdict verdict = attempt(rule);
      if (verdict != null) {
        return verdict;
      }
    }
    return otherwise;
  }

  /** Tries a rule: what it would decide, or null if the list would go on. */
  private @Nullable Verdict attempt(CompiledRule rule) {
    if (rule.perConnection() && !connections) {
      add(rule, Outcome.NOT_ASKED, "counts connections, when they are accepted", null);
      return null;
    }
    return switch (doubt.of(rule)) {
      case NO -> {
        add(rule, Outcome.NO_MATCH, whyNot(rule), null);
        yield null;
      }
      case UNKNOWN -> {
        leaveOpen(rule, doubt.fields(rule.matcher()), words(rule.matcher()));
        yield null;
      }
      case YES -> matched(rule);
    };
  }

  private @Nullable Verdict matched(CompiledRule rule) {
    List<String> unknown = doubt.fields(rule.key());
    if (!unknown.isEmpty()) {
      leaveOpen(rule, unknown, "counts by it");
      return null;
    }
    Count count = count(rule);
    if (count != null && count.remaining() > 0) {
      add(rule, Outcome.PASSED, what(rule), count);
      return null;
    }
    add(rule, Outcome.MATCHED, what(rule), count);
    return rule.enforces() ? rule.verdict() : null;
  }

  /** What of a request matches, and what is counted of its answer, which nobody knows yet. */
  private static String what(CompiledRule rule) {
    String words = words(rule.matcher());
    LimitRule limit = rule.limit();
    if (limit == null || !limit.countsResponses()) {
      return words;
    }
    String statuses =
        String.join(", ", limit.responses().stream().map(StatusRange::toString).toList());
    return words + "; takes one if the answer is " + statuses;
  }

  private void leaveOpen(CompiledRule rule, List<String> unknown, String why) {
    String fields = String.join(", ", unknown) + (unknown.size() == 1 ? " is" : " are");
    steps.add(
        new Step(rule.info(), Outcome.UNDECIDED, fields + " not known: " + why, unknown, null));
  }

  private void add(CompiledRule rule, Outcome outcome, String why, @Nullable Count count) {
    steps.add(new Step(rule.info(), outcome, why, List.of(), count));
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
      if (doubt.of(rule.matcher()) == Doubt.Truth.NO) {
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
          if (doubt.of(part) == Doubt.Truth.NO) {
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
