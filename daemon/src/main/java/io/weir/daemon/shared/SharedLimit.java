package io.weir.daemon.shared;

import io.weir.firewall.Firewall;
import io.weir.firewall.RuleInfo;
import io.weir.firewall.config.RuleMode;
import io.weir.firewall.limit.Limiter;
import java.util.HashMap;
import java.util.Map;

/**
 * A limit that balancers have in common.
 *
 * @param name the same on all of them: what it does, enforce or report, and its rule
 */
record SharedLimit(String name, Limiter limiter) {
  /** The limits of a firewall by their numbers. */
  static Map<Integer, SharedLimit> of(Firewall firewall) {
    Map<Integer, SharedLimit> limits = new HashMap<>();
    for (RuleInfo rule : firewall.rules()) {
      Limiter limiter = firewall.limiter(rule.index());
      if (limiter != null) {
        String kind = rule.mode() == RuleMode.ENFORCE ? "limit:" : "report:";
        limits.put(limiter.number(), new SharedLimit(kind + rule.name(), limiter));
      }
    }
    return limits;
  }
}
