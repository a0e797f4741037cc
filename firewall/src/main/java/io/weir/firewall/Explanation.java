package io.weir.firewall;

import io.weir.firewall.ban.Ban;
import io.weir.firewall.config.RuleMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a request would be permitted or refused now; nothing was counted and nobody banned.
 *
 * @param ban the client's ban, if it holds and no rule exempts the client; then no rule was tried
 * @param steps the rules that were tried, in their order
 * @param decision what would be decided, if no rule that is {@link Outcome#UNDECIDED} acts
 * @param rule the rule that would decide; null if it would be the default or the ban
 * @param status the status of the answer; 0: none, or permitted
 */
public record Explanation(
    @Nullable Ban ban, List<Step> steps, Decision decision, @Nullable RuleInfo rule, int status) {

  public Explanation {
    steps = List.copyOf(steps);
  }

  /** The same with another answer. */
  public Explanation withStatus(int other) {
    return new Explanation(ban, steps, decision, rule, other);
  }

  /** What became of a rule. */
  public enum Outcome {
    /** Its match does not hold. */
    NO_MATCH("no match"),
    /** Its match holds, and it acts, or would if its mode were not report. */
    MATCHED("matched"),
    /** Its match holds, and what it counts is not exceeded. */
    PASSED("passed"),
    /** Whether it would act depends on fields that the question leaves open. */
    UNDECIDED("undecided"),
    /** It counts connections, which are accepted before there is a request. */
    NOT_ASKED("not asked");

    private final String label;

    Outcome(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  /**
   * A rule that was tried.
   *
   * @param why what holds, or the first condition that does not, in the words of the configuration
   * @param unknown the fields that left it undecided, like {@code tls.ja4}; else empty
   * @param count what the rule counts; null if it counts nothing or was not asked
   */
  public record Step(
      RuleInfo rule, Outcome outcome, String why, List<String> unknown, @Nullable Count count) {
    public Step {
      unknown = List.copyOf(unknown);
    }

    /** Whether the decision would be another one if the rule acted. */
    public boolean leavesOpen() {
      return outcome == Outcome.UNDECIDED && rule.mode() == RuleMode.ENFORCE;
    }
  }

  /**
   * Where the key of the request stands.
   *
   * @param remaining how many more could come now
   * @param waitNanos in how long to come back; 0 if one could come now or nobody can say
   */
  public record Count(long remaining, long waitNanos) {}
}
