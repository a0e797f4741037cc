package io.weir.daemon;

import io.weir.daemon.cli.Table;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answers of {@code /api/v1/status} and {@code /api/v1/stats} as a page for a terminal.
 *
 * <p>It reads them leniently: the daemon that answers may be older or newer than this command.
 */
record StatusText(Map<String, Object> status, Map<String, Object> stats) {
  private static final String NONE = "-";

  @Override
  public String toString() {
    Map<?, ?> config = map(status.get("config"));
    Map<?, ?> total = map(stats.get("total"));
    return "Weir %s, process %s, up %s, %s%n"
            .formatted(text(status, "version"), text(status, "pid"), uptime(), readiness())
        + "%s %s, generation %s, last reload %s%n"
            .formatted(
                text(config, "file"),
                text(config, "hash"),
                text(config, "generation"),
                text(config, "last_reload"))
        + "%s with %s workers, TLS by %s%n"
            .formatted(
                text(status, "transport"), text(status, "workers"), text(status, "tls_provider"))
        + bans()
        + "%s requests per second, p50 %s ms, p99 %s ms%n"
            .formatted(qps(total), latency(total, "p50"), latency(total, "p99"))
        + section(listeners())
        + section(backends())
        + section(rules());
  }

  /** Only what an operator would not take for granted. */
  private String bans() {
    String problem = text(map(status.get("bans")), "problem");
    return problem.equals(NONE) ? "" : "bans are in memory only: " + problem + "\n";
  }

  private Table listeners() {
    Table table = new Table("LISTENER", "MODE", "ADDRESS", "CONNECTIONS", "QPS", "P99 MS");
    for (Map<?, ?> listener : maps(status.get("listeners"))) {
      Map<?, ?> live = live("listeners", "listener", text(listener, "listener"));
      table.row(
          text(listener, "listener"),
          text(listener, "mode") + (Boolean.TRUE.equals(listener.get("tls")) ? " tls" : ""),
          addresses(listener),
          text(listener, "connections"),
          qps(live),
          latency(live, "p99"));
    }
    return table;
  }

  private Table backends() {
    Table table = new Table("POOL", "BACKEND", "STATE", "WEIGHT", "IN FLIGHT", "QPS", "P99 MS");
    for (Map<?, ?> pool : maps(status.get("pools"))) {
      for (Map<?, ?> backend : maps(pool.get("backends"))) {
        Map<?, ?> live = live(text(pool, "pool"), text(backend, "backend"));
        table.row(
            text(pool, "pool"),
            text(backend, "backend"),
            text(backend, "state"),
            text(backend, "weight"),
            text(backend, "in_flight"),
            qps(live),
            latency(live, "p99"));
      }
    }
    return table;
  }

  private Table rules() {
    Table table = new Table("RULE", "ACTION", "MODE", "HITS", "WOULD HAVE HIT");
    for (Map<?, ?> rule : maps(status.get("rules"))) {
      String mode = text(rule, "mode");
      String matches = text(rule, "matches");
      boolean report = mode.equals("report");
      table.row(
          text(rule, "rule"),
          text(rule, "action"),
          mode,
          report ? "0" : matches,
          report ? matches : "0");
    }
    return table;
  }

  private String readiness() {
    if (Boolean.TRUE.equals(status.get("draining"))) {
      return "draining";
    }
    return Boolean.TRUE.equals(status.get("ready")) ? "ready" : "not ready";
  }

  private String uptime() {
    Duration up =
        status.get("uptime_seconds") instanceof Number seconds
            ? Duration.ofSeconds(seconds.longValue())
            : Duration.ZERO;
    if (up.toHours() > 0) {
      return up.toHours() + " h " + up.toMinutesPart() + " min";
    }
    return up.toMinutes() > 0
        ? up.toMinutes() + " min " + up.toSecondsPart() + " s"
        : up.toSeconds() + " s";
  }

  /** The live figures of one thing of a kind. */
  private Map<?, ?> live(String kind, String label, String name) {
    for (Map<?, ?> each : maps(stats.get(kind))) {
      if (name.equals(each.get(label))) {
        return each;
      }
    }
    return Map.of();
  }

  /** The live figures of a backend, whose address other pools may have, too. */
  private Map<?, ?> live(String pool, String backend) {
    for (Map<?, ?> each : maps(stats.get("backends"))) {
      if (pool.equals(each.get("pool")) && backend.equals(each.get("backend"))) {
        return each;
      }
    }
    return Map.of();
  }

  private static String addresses(Map<?, ?> listener) {
    return listener.get("addresses") instanceof List<?> all
        ? String.join(" ", all.stream().map(String::valueOf).toList())
        : "";
  }

  private static String qps(Map<?, ?> live) {
    return number(map(live.get("qps")).get("10s"));
  }

  private static String latency(Map<?, ?> live, String percentile) {
    return number(map(live.get("latency_ms")).get(percentile));
  }

  private static String number(@Nullable Object value) {
    return value instanceof Number number
        ? String.format(Locale.ROOT, "%.1f", number.doubleValue())
        : "-";
  }

  private static String section(Table table) {
    return table.isEmpty() ? "" : "\n" + table;
  }

  private static String text(Map<?, ?> map, String name) {
    @Nullable Object value = map.get(name);
    return value == null ? NONE : value.toString();
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<Map<?, ?>> maps(@Nullable Object value) {
    return value instanceof List<?> list
        ? list.stream().<Map<?, ?>>map(StatusText::map).toList()
        : List.of();
  }
}
