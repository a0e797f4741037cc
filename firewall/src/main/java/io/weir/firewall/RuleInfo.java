package io.weir.firewall;

import io.weir.firewall.config.RuleMode;

/**
 * How a rule is called in metrics and logs.
 *
 * @param index its place in the list, from 0
 * @param action allow, deny, drop, tarpit, redirect, ban, limit, bandwidth, concurrency or log
 */
public record RuleInfo(int index, String name, String action, RuleMode mode) {
  /** Whether what it does is for a request and not against it. */
  public boolean allows() {
    return action.equals("allow");
  }

  /** Whether it limits how fast clients are sent something. */
  public boolean paces() {
    return action.equals("bandwidth");
  }
}
