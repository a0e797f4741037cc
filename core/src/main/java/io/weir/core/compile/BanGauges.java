package io.weir.core.compile;

import io.weir.core.meter.BanMeter;
import io.weir.core.worker.Clock;
import io.weir.firewall.ban.BanTable;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.LimitConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.RuleMode;
import io.weir.metrics.MetricName;
import io.weir.metrics.MetricsGeneration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Counts bans by the rules that made them, when the metrics are read. */
final class BanGauges {
  private static final long FRESH_MILLIS = 1000; // bans also end by the clock

  private final BanTable bans;
  private final Set<String> rules;
  private volatile Count last = new Count(Map.of(), -1, 0);

  /** Of one look at the whole table, which is for all the rules. */
  private record Count(Map<String, Integer> byReason, long changes, long epochMillis) {}

  private BanGauges(Set<String> rules, BanTable bans) {
    this.rules = rules;
    this.bans = bans;
  }

  /** Registers one for each rule that can ban, and one for all other bans. */
  static void register(MetricsGeneration generation, Set<String> rules, BanTable bans) {
    BanGauges gauges = new BanGauges(rules, bans);
    for (String rule : rules) {
      generation.gauge(MetricName.BANS, () -> gauges.of(rule), rule);
    }
    generation.gauge(MetricName.BANS, gauges::others, BanMeter.OTHER);
  }

  /** The names of the rules that can ban. */
  static Set<String> banning(List<RuleConfig> rules) {
    return rules.stream()
        .filter(BanGauges::canBan)
        .map(RuleConfig::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static boolean canBan(RuleConfig rule) {
    return rule.mode() == RuleMode.ENFORCE
        && (rule.action() instanceof ActionConfig.Ban
            || (rule.action() instanceof ActionConfig.Limit(LimitConfig limit)
                && limit.then() != null));
  }

  private double of(String rule) {
    return count().getOrDefault(rule, 0);
  }

  private double others() {
    double sum = 0;
    for (Map.Entry<String, Integer> count : count().entrySet()) {
      sum += rules.contains(count.getKey()) ? 0 : count.getValue();
    }
    return sum;
  }

  private Map<String, Integer> count() {
    Count known = last;
    long now = Clock.SYSTEM.epochMillis();
    long changes = bans.changes(); // before looking: what changes meanwhile is seen the next time
    if (known.changes != changes || now - known.epochMillis > FRESH_MILLIS) {
      known = new Count(bans.countByReason(now), changes, now);
      last = known;
    }
    return known.byReason;
  }
}
