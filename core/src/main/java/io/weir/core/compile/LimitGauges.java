package io.weir.core.compile;

import io.weir.core.worker.Clock;
import io.weir.firewall.Firewall;
import io.weir.firewall.RuleInfo;
import io.weir.firewall.limit.Limiter;
import io.weir.metrics.MetricName;
import io.weir.metrics.MetricsGeneration;

/** Registers what is read from the table of a limit when the metrics are. */
final class LimitGauges {
  private LimitGauges() {}

  static void register(MetricsGeneration generation, Firewall firewall, RuleInfo rule) {
    Limiter limiter = firewall.limiter(rule.index());
    if (limiter != null) {
      generation.gauge(
          MetricName.RATE_LIMIT_KEYS, () -> limiter.liveKeys(Clock.SYSTEM.nanos()), rule.name());
      generation.counter(MetricName.RATE_LIMIT_EVICTIONS, limiter::evictions, rule.name());
    }
  }
}
