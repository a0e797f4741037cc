package io.weir.firewall;

import io.weir.firewall.text.Text;
import io.weir.firewall.text.TextMatcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * By which field a rule matched, and what stood there, for logs; reused, for one worker.
 *
 * <p>Of conditions that all had to hold it is the one that holds most rarely, since that one tells
 * most. The excerpt is at most {@link #MOST} characters, and never a secret.
 */
public final class Evidence {
  /** Enough to see what was found; a log line is no copy of the request. */
  public static final int MOST = 64;

  /** How much of the excerpt follows what was found. */
  private static final int BEHIND = 16;

  private static final String HIDDEN = "[redacted]";
  private static final int EVER = 1000; // of 1000 requests

  private @Nullable String field;
  private @Nullable CharSequence excerpt;
  private final Text window = new Text();

  /** Like {@code path} or {@code header.user-agent}; null if the rule asks nothing. */
  public @Nullable String field() {
    return field;
  }

  /** Valid until the next evaluation; null if there is nothing to show. */
  public @Nullable CharSequence excerpt() {
    return excerpt;
  }

  /** Finds it for a rule that matches, in a look that is under way. */
  void find(CompiledRule rule, Evaluation evaluation) {
    field = null;
    excerpt = null;
    if (!evaluation.matches(rule)) { // a reading in which it does is looked at now
      return;
    }
    Condition telling = telling(rule.matcher(), evaluation, true);
    if (telling != null) {
      field = telling.field;
      excerpt = telling.secret ? HIDDEN : excerpt(telling, evaluation);
    }
  }

  /** The condition that says most of why a matcher holds, or does not; null if none does. */
  private static @Nullable Condition telling(Matcher of, Evaluation evaluation, boolean holds) {
    return switch (of) {
      case Matcher.Leaf(var condition) -> evaluation.holds(condition) == holds ? condition : null;
      case Matcher.Opposite(var part) -> telling(part, evaluation, !holds);
      case Matcher.AllOf(var parts) -> rarest(parts, evaluation, holds, !holds);
      case Matcher.AnyOf(var parts) -> rarest(parts, evaluation, holds, holds);
    };
  }

  /** The same for several; {@code first} where one of them was enough. */
  private static @Nullable Condition rarest(
      List<Matcher> parts, Evaluation evaluation, boolean holds, boolean first) {
    Condition best = null;
    for (int i = 0; i < parts.size(); i++) {
      Condition found = telling(parts.get(i), evaluation, holds);
      if (found != null && (best == null || rarity(found, evaluation) < rarity(best, evaluation))) {
        best = found;
        if (first) {
          return best;
        }
      }
    }
    return best;
  }

  private static int rarity(Condition condition, Evaluation evaluation) {
    int often = condition.frequency();
    return evaluation.holds(condition) ? often : EVER - often;
  }

  private @Nullable CharSequence excerpt(Condition condition, Evaluation evaluation) {
    return switch (condition) {
      case Condition.Ip ignored -> evaluation.client().toString();
      case Condition.Listener ignored -> null; // it is in the line anyway
      case Condition.Time ignored -> null;
      case Condition.Word word -> evaluation.word(word.field());
      case Condition.OnText onText -> part(evaluation.textOf(onText), onText.matcher);
    };
  }

  /** The part of a text that tells why a pattern holds, and a little behind it. */
  @Nullable CharSequence part(@Nullable Text text, TextMatcher matcher) {
    if (text == null || text.length() <= MOST) {
      return text;
    }
    int told =
        Math.max(0, matcher.telling(text)); // of one that does not hold the beginning will do
    int length = Math.clamp(told + BEHIND, MOST, text.length());
    window.borrow(text.memory(), text.from() + length - MOST, text.from() + length);
    return window;
  }
}
