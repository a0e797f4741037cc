package io.weir.daemon.explain;

import io.weir.daemon.cli.Table;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** An explanation, as {@link ExplainJson} writes it, as a page for a terminal. Reads leniently. */
public final class ExplainText {
  private static final int LABEL = 10;
  private static final Map<String, String> OPTIONS =
      Map.of(
          "tls.ja4", "--ja4",
          "tls.version", "--tls-version",
          "tls.client_subject", "--client-subject");

  private ExplainText() {}

  /** Which way a request would go. */
  public static String of(Map<?, ?> traced) {
    StringBuilder text = new StringBuilder();
    boolean relayed = traced.get("method") == null;
    if (relayed) {
      String client = word(traced, "client_ip");
      line("Client", "%s, asks for %s".formatted(client, word(traced, "host")), text);
    } else {
      line("Request", request(traced), text);
    }
    line("Listener", word(traced, "listener"), text);
    List<String> paths = texts(traced.get("paths"));
    if (paths.size() > 1) {
      line("Path", paths.getFirst(), text);
      line("", "may also be read as " + String.join(", ", paths.subList(1, paths.size())), text);
    }
    if (traced.get("ban") instanceof Map<?, ?> ban) {
      line("Banned", "%s, until %s".formatted(word(ban, "reason"), word(ban, "until")), text);
    }
    Table steps = steps(traced);
    line("Rules", steps.isEmpty() ? "none was tried" : "", text);
    if (!steps.isEmpty()) {
      text.append(steps.toString().indent(2));
    }
    Set<String> unknown = unknown(traced);
    if (!unknown.isEmpty()) {
      line("Unknown", String.join(", ", unknown), text);
    }
    boolean permitted = word(traced, "decision").equals("allow");
    line("Decision", decision(traced), text);
    String to = word(traced, "target");
    String way = relayed ? to : word(traced, "route") + " -> " + to;
    line(relayed ? "Goes to" : "Route", permitted ? way : way + ", if it were permitted", text);
    if (traced.get("sent") instanceof String sent) {
      line("Sends", sent, text);
    }
    if (traced.get("pool") instanceof Map<?, ?> pool) {
      line("Pool", word(pool, "pool") + ", " + word(pool, "balance"), text);
      text.append(backends(pool).toString().indent(2));
    }
    return text.toString();
  }

  /** What was refused, at a time. */
  public static String ofRefusal(Map<?, ?> refused, Instant now) {
    StringBuilder text = new StringBuilder();
    line("Refused", word(refused, "ts") + ago(word(refused, "ts"), now), text);
    line("By", by(refused), text);
    if (refused.get("field") instanceof String field) {
      line(
          "Because",
          refused.get("excerpt") == null ? field : field + " = " + word(refused, "excerpt"),
          text);
    }
    return text.toString();
  }

  private static String request(Map<?, ?> traced) {
    String from = word(traced, "client_ip");
    String how = Boolean.TRUE.equals(traced.get("client_from_header")) ? ", named by a proxy" : "";
    List<String> paths = texts(traced.get("paths"));
    return "%s %s %s from %s%s"
        .formatted(
            word(traced, "method"),
            word(traced, "host"),
            paths.isEmpty() ? "" : paths.getFirst(),
            from,
            how);
  }

  private static Table steps(Map<?, ?> traced) {
    Table table = new Table("RULE", "ACTION", "OUTCOME", "BECAUSE", "COUNT");
    for (Map<?, ?> step : maps(traced.get("steps"))) {
      boolean report = word(step, "mode").equals("report");
      boolean acts = word(step, "outcome").equals("matched");
      table.row(
          word(step, "rule"),
          word(step, "action"),
          report && acts ? "would act" : word(step, "outcome"),
          word(step, "why"),
          count(step));
    }
    return table;
  }

  /** What was not said, and how it can be. */
  private static Set<String> unknown(Map<?, ?> traced) {
    Set<String> unknown = new TreeSet<>();
    for (Map<?, ?> step : maps(traced.get("steps"))) {
      for (String field : texts(step.get("unknown"))) {
        unknown.add(field + (OPTIONS.containsKey(field) ? " (" + OPTIONS.get(field) + ")" : ""));
      }
    }
    return unknown;
  }

  private static String count(Map<?, ?> step) {
    if (!(step.get("remaining") instanceof Number remaining)) {
      return "";
    }
    if (remaining.longValue() > 0) {
      return remaining + " left";
    }
    double wait = step.get("wait_seconds") instanceof Number seconds ? seconds.doubleValue() : 0;
    return wait > 0 ? String.format(Locale.ROOT, "over, back in %.1f s", wait) : "over";
  }

  private static String decision(Map<?, ?> traced) {
    String decision = word(traced, "decision");
    String rule =
        traced.get("rule") instanceof String name
            ? " by rule " + name
            : traced.get("ban") == null ? " by default" : "";
    int status = traced.get("status") instanceof Number number ? number.intValue() : 0;
    String answer =
        decision.equals("allow") ? "" : status == 0 ? ", closed without an answer" : ", " + status;
    String condition =
        Boolean.FALSE.equals(traced.get("decided")) ? ", unless an undecided rule acts" : "";
    return decision + rule + answer + condition;
  }

  private static String by(Map<?, ?> refused) {
    String who =
        refused.get("rule") instanceof String rule
            ? "rule " + rule + ", " + word(refused, "action")
            : refused.get("reason") instanceof String reason
                ? "a ban (" + reason + ")"
                : "default, " + word(refused, "action");
    int status = refused.get("status") instanceof Number number ? number.intValue() : 0;
    String answer = status == 0 ? ", closed without an answer" : ", " + status;
    return refused.get("retry_after_seconds") instanceof Number seconds
        ? who + answer + ", to come back after " + seconds + " s"
        : who + answer;
  }

  private static Table backends(Map<?, ?> pool) {
    Table table = new Table("BACKEND", "STATE", "WEIGHT", "IN FLIGHT", "CHOICE");
    for (Map<?, ?> backend : maps(pool.get("backends"))) {
      table.row(
          word(backend, "backend"),
          word(backend, "state"),
          word(backend, "weight"),
          word(backend, "in_flight"),
          Boolean.TRUE.equals(backend.get("possible"))
              ? "possible"
              : Boolean.TRUE.equals(backend.get("backup")) ? "backup" : "no");
    }
    return table;
  }

  /** How long ago a time was, in words; empty if it is no time. */
  public static String ago(String time, Instant now) {
    try {
      Duration since = Duration.between(Instant.parse(time), now);
      return ", " + span(since.isNegative() ? Duration.ZERO : since) + " ago";
    } catch (DateTimeParseException e) {
      return "";
    }
  }

  private static String span(Duration time) {
    if (time.toDays() > 0) {
      return time.toDays() + " d " + time.toHoursPart() + " h";
    }
    if (time.toHours() > 0) {
      return time.toHours() + " h " + time.toMinutesPart() + " min";
    }
    return time.toMinutes() > 0
        ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
        : time.toSeconds() + " s";
  }

  private static void line(String label, String value, StringBuilder text) {
    String line = label + " ".repeat(Math.max(1, LABEL - label.length())) + printable(value);
    text.append(line.stripTrailing()).append('\n');
  }

  /** What strangers sent must not speak to the terminal. */
  private static String printable(String value) {
    StringBuilder safe = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      safe.append(c < ' ' || (c >= 0x7f && c < 0xa0) ? "\\x%02x".formatted((int) c) : c);
    }
    return safe.toString();
  }

  private static String word(Map<?, ?> map, String name) {
    @Nullable Object value = map.get(name);
    return value == null ? "-" : value.toString();
  }

  private static List<String> texts(@Nullable Object value) {
    return value instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
  }

  private static List<Map<?, ?>> maps(@Nullable Object value) {
    List<Map<?, ?>> maps = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object each : list) {
        if (each instanceof Map<?, ?> map) {
          maps.add(map);
        }
      }
    }
    return maps;
  }
}
