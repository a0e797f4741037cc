package io.weir.daemon.replay;

import io.weir.daemon.cli.Table;
import io.weir.daemon.replay.Tally.Group;
import io.weir.firewall.config.FirewallConfig;
import io.weir.firewall.config.RuleConfig;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a replay found, for people and for programs.
 *
 * @param kind of the log
 * @param candidate all of its rules, also those that are left out
 * @param leftOut by name, each with what is missing
 */
record ReplayReport(
    String kind, FirewallConfig candidate, Map<String, String> leftOut, Tally tally) {
  private static final int MOST_TARGET = 100;

  /** A page for a terminal. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%,d requests from %s to %s\n"
            .formatted(tally.requests, time(tally.firstMicros), time(tally.lastMicros)));
    note(tally.connections, "relayed connections, which are not judged", text);
    note(tally.unreadable, "lines that cannot be read", text);
    note(tally.late, "lines out of order, judged too late (expected: the oldest log first)", text);
    note(tally.cut, "requests judged on a field that the log has cut or lacks", text);
    note(tally.malformed, "requests that are malformed to it, 400 before any rule is asked", text);
    note(tally.unrouted, "requests with %2F, judged as if their unknown route kept it", text);
    text.append('\n').append(totals()).append('\n').append(rules());
    examples("Newly refused", tally.rules(), text);
    examples("Newly permitted, refused then by", tally.permitted(), text);
    if (!leftOut.isEmpty()) {
      text.append("\nLeft out, since this log cannot judge them:\n");
      leftOut.forEach((rule, why) -> text.append("  %s: %s\n".formatted(rule, why)));
    }
    text.append('\n');
    caveats().forEach(caveat -> text.append(caveat).append('\n'));
    return text.toString();
  }

  private static void note(long count, String what, StringBuilder text) {
    if (count > 0) {
      text.append(what).append(": ").append(grouped(count)).append('\n');
    }
  }

  private static String grouped(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private Table totals() {
    Table table = new Table("", "REQUESTS", "SHARE");
    total(table, "refused then", tally.refusedThen);
    total(table, "refused by the candidate", tally.refusedNow);
    total(table, "newly refused", tally.newlyRefused);
    total(table, "newly permitted", tally.newlyPermitted);
    if (tally.unclear > 0) {
      total(table, "refused then by what cannot be judged", tally.unclear);
    }
    return table;
  }

  private void total(Table table, String what, long count) {
    double share = tally.requests == 0 ? 0 : 100.0 * count / tally.requests;
    table.row(what, grouped(count), String.format(Locale.ROOT, "%.2f %%", share));
  }

  private Table rules() {
    Table table = new Table("RULE", "ACTION", "MODE", "MATCHES", "NEWLY REFUSED");
    Map<String, Group> groups = new LinkedHashMap<>(tally.rules());
    for (RuleConfig rule : candidate.rules()) {
      Group group = groups.remove(rule.name());
      if (group == null) {
        table.row(rule.name(), rule.action().label(), rule.mode().label(), "-", "-");
      } else {
        table.row(
            rule.name(),
            rule.action().label(),
            rule.mode().label(),
            grouped(group.matches),
            grouped(group.fresh));
      }
    }
    groups.forEach(
        (name, group) -> // refusals that no rule decided
        table.row(name, "", "", grouped(group.matches), grouped(group.fresh)));
    return table;
  }

  private static void examples(String title, Map<String, Group> groups, StringBuilder text) {
    boolean first = true;
    for (Map.Entry<String, Group> group : groups.entrySet()) {
      if (group.getValue().fresh == 0) {
        continue;
      }
      if (first) {
        text.append('\n').append(title).append(":\n");
        first = false;
      }
      text.append("  ").append(group.getKey()).append(": ");
      text.append(grouped(group.getValue().fresh)).append('\n');
      for (LoggedRequest example : group.getValue().examples()) {
        text.append("    ").append(line(example)).append('\n');
      }
    }
  }

  private static String line(LoggedRequest request) {
    return "%s %s %s %s%s %s"
        .formatted(
            time(request.epochMicros()),
            request.client(),
            printable(request.method()),
            printable(request.host()),
            printable(path(request)),
            request.status() == 0 ? "-" : request.status());
  }

  /** Queries hold secrets too often to be printed without need. */
  private static String path(LoggedRequest request) {
    String path = request.target().replaceFirst("(?s)\\?.*", "");
    return path.length() > MOST_TARGET ? path.substring(0, MOST_TARGET) + "..." : path;
  }

  private static String printable(String text) {
    return text.replaceAll("[^ -~]", "?");
  }

  private static String time(long micros) {
    return micros == Long.MAX_VALUE || micros == Long.MIN_VALUE
        ? "-"
        : Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L))
            .truncatedTo(ChronoUnit.SECONDS)
            .toString();
  }

  private List<String> caveats() {
    List<String> caveats = new ArrayList<>();
    if (kind.equals("combined")) {
      caveats.add(
          "A combined log does not say who refused: 403, 429 and no answer are taken for"
              + " refusals.");
      caveats.add(
          "It has no host and no name of a route, and statuses are taken for those of backends.");
    }
    caveats.add("Connections that were refused when they were accepted are in no access log.");
    caveats.add("Clients that are refused behave otherwise than those in the log did.");
    return caveats;
  }

  /** The same as an object. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("log", kind);
    json.put("requests", tally.requests);
    json.put("from", time(tally.firstMicros));
    json.put("to", time(tally.lastMicros));
    json.put("connections", tally.connections);
    json.put("unreadable_lines", tally.unreadable);
    json.put("late_lines", tally.late);
    json.put("cut_fields", tally.cut);
    json.put("malformed", tally.malformed);
    json.put("slashes_taken_as_kept", tally.unrouted);
    json.put("refused_then", tally.refusedThen);
    json.put("refused", tally.refusedNow);
    json.put("newly_refused", tally.newlyRefused);
    json.put("newly_permitted", tally.newlyPermitted);
    json.put("unclear", tally.unclear);
    json.put("rules", groups(tally.rules(), "newly_refused"));
    json.put("permitted", groups(tally.permitted(), "newly_permitted"));
    json.put("left_out", leftOut);
    json.put("caveats", caveats());
    return json;
  }

  private static List<Map<String, Object>> groups(Map<String, Group> groups, String fresh) {
    List<Map<String, Object>> all = new ArrayList<>();
    groups.forEach((name, group) -> {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("rule", name);
      one.put("matches", group.matches);
      one.put(fresh, group.fresh);
      one.put("examples", group.examples().stream().map(ReplayReport::line).toList());
      all.add(one);
    });
    return all;
  }
}
