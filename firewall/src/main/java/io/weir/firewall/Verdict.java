package io.weir.firewall;

import org.jspecify.annotations.Nullable;

/** What the rules decided; preallocated, so it holds nothing of the request. */
public sealed interface Verdict permits Permit, Refusal {
  /** The rule that decided; null if it was the default. */
  @Nullable RuleInfo rule();

  /** The kind of decision. */
  Decision decision();
}
