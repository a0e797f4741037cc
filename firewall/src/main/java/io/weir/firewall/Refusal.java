package io.weir.firewall;

import org.jspecify.annotations.Nullable;

/** The order to answer a request with an error, or to close without an answer. */
public final class Refusal implements Verdict {
  private final @Nullable RuleInfo rule;
  private final Decision decision;
  private final int status;

  Refusal(@Nullable RuleInfo rule, Decision decision, int status) {
    this.rule = rule;
    this.decision = decision;
    this.status = status;
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
}
