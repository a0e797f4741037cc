package io.weir.firewall;

import org.jspecify.annotations.Nullable;

/** The order to answer a request instead of forwarding it, or to close without an answer. */
public final class Refusal implements Verdict {
  private final @Nullable RuleInfo rule;
  private final Decision decision;
  private final int status;
  private final @Nullable String location;
  private final long delayNanos;

  Refusal(@Nullable RuleInfo rule, Decision decision, int status) {
    this(rule, decision, status, null, 0);
  }

  Refusal(
      @Nullable RuleInfo rule,
      Decision decision,
      int status,
      @Nullable String location,
      long delayNanos) {
    this.rule = rule;
    this.decision = decision;
    this.status = status;
    this.location = location;
    this.delayNanos = delayNanos;
  }

  @Override
  public @Nullable RuleInfo rule() {
    return rule;
  }

  @Override
  public Decision decision() {
    return decision;
  }

  /** The status to answer with; 0: close without an answer. */
  public int status() {
    return status;
  }

  /** The Location of a redirect; else null. */
  public @Nullable String location() {
    return location;
  }

  /** For how long the connection is held before it is closed; 0: not at all. */
  public long delayNanos() {
    return delayNanos;
  }
}
