package io.weir.daemon;

import io.weir.daemon.cli.Table;
import io.weir.daemon.explain.ExplainText;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The answer of {@code /api/v1/firewall/rules} as a table. Reads leniently. */
final class RulesText {
  private RulesText() {}

  static String of(Map<String, Object> answer, Instant now) {
    Table table = new Table("RULE", "ACTION", "MODE", "HITS", "WOULD HAVE HIT", "LAST HIT");
    if (answer.get("rules") instanceof List<?> rules) {
      for (Object each : rules) {
        if (each instanceof Map<?, ?> rule) {
          table.row(
              text(rule, "rule"),
              text(rule, "action"),
              text(rule, "mode"),
              text(rule, "hits"),
              text(rule, "would_have_hits"),
              lastHit(text(rule, "last_hit"), now));
        }
      }
    }
    return table.isEmpty() ? "no rules: everything is let through\n" : table.toString();
  }

  private static String lastHit(String time, Instant now) {
    return time.equals("-")
        ? "never"
        : time.replaceFirst("\\.[0-9]+Z", "Z") + ExplainText.ago(time, now);
  }

  private static String text(Map<?, ?> map, String name) {
    Object value = map.get(name);
    return value == null ? "-" : value.toString();
  }
}
