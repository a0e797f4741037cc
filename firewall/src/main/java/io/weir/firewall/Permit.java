package io.weir.firewall;

import org.jspecify.annotations.Nullable;

/** The leave to forward a request; only a {@link Firewall} makes one. */
public final class Permit implements Verdict {
  private final @Nullable RuleInfo rule;

  Permit(@Nullable RuleInfo rule) {
    this.rule = rule;
  }

  @Override
  public @Nullable RuleInfo rule() {
    return rule;
  }

  @Override
  public Decision decision() {
    return Decision.ALLOW;
  }
}
