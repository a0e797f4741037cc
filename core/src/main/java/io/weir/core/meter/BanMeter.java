package io.weir.core.meter;

import io.weir.firewall.ban.BanTurnover;
import io.weir.metrics.MetricName;
import io.weir.metrics.MetricsGeneration;
import io.weir.metrics.WorkerCounters;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The counters of bans by the rules that made them. Raised on the control loop. */
public final class BanMeter {
  /** The rule of bans by hand, and of those of rules that there are no more. */
  public static final String OTHER = "(other)";

  private final Map<String, Slots> ofRules = new HashMap<>();
  private final Slots others;

  private record Slots(int added, int expired) {}

  /** Registers them for the rules that can ban. */
  public BanMeter(MetricsGeneration generation, Collection<String> rules) {
    for (String rule : rules) {
      ofRules.put(rule, slots(generation, rule));
    }
    others = slots(generation, OTHER);
  }

  private static Slots slots(MetricsGeneration generation, String rule) {
    return new Slots(
        generation.counter(MetricName.BANS_ADDED, rule),
        generation.counter(MetricName.BANS_EXPIRED, rule));
  }

  /** So many bans began and ended, by reason. */
  public void count(WorkerCounters counters, Map<String, BanTurnover> byReason) {
    byReason.forEach((reason, turnover) -> {
      Slots slots = ofRules.getOrDefault(reason, others);
      counters.add(slots.added, turnover.added());
      counters.add(slots.expired, turnover.expired());
    });
  }
}
