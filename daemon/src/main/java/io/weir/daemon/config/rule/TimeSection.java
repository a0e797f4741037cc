package io.weir.daemon.config.rule;

import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.WeekTimes;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code time:} of a match. */
final class TimeSection {
  private static final Keys KEYS = Keys.of("days", "hours", "zone");
  private static final String DAYS = "mon, tue, wed, thu, fri, sat, sun, or mon-fri";
  private static final String HOURS = "like 08:00-18:00; 22:00-06:00 goes on to the next day";

  private TimeSection() {}

  static MatchConfig read(Node node) {
    Fields time = node.fields(KEYS);
    if (time.isEmpty()) {
      node.wrong("a map with days, hours or both, and zone");
    }
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (Node item : time.list("days")) {
      days.addAll(item.parsed(TimeSection::days, DAYS, EnumSet.of(DayOfWeek.MONDAY)));
    }
    if (days.isEmpty()) {
      days = EnumSet.allOf(DayOfWeek.class);
    }
    List<WeekTimes.Hours> hours = new ArrayList<>();
    for (Node item : time.list("hours")) {
      hours.add(item.parsed(WeekTimes.Hours::parse, HOURS, WeekTimes.Hours.ALL));
    }
    if (hours.isEmpty()) {
      hours.add(WeekTimes.Hours.ALL);
    }
    return new MatchConfig.Time(new WeekTimes(days, hours, zone(time.get("zone"))));
  }

  private static ZoneId zone(@Nullable Node node) {
    if (node == null) {
      return ZoneOffset.UTC;
    }
    try {
      return ZoneId.of(node.text("UTC"));
    } catch (DateTimeException e) {
      node.wrong("the name of a zone, like Europe/Berlin or UTC");
      return ZoneOffset.UTC;
    }
  }

  private static EnumSet<DayOfWeek> days(String text) {
    String[] ends = text.split("-", -1);
    DayOfWeek from = day(ends[0]);
    DayOfWeek to = ends.length == 2 ? day(ends[1]) : from;
    if (from == null || to == null || ends.length > 2) {
      throw new IllegalArgumentException("days: \"" + text + "\" (expected: " + DAYS + ")");
    }
    EnumSet<DayOfWeek> days = EnumSet.of(from);
    for (DayOfWeek day = from; day != to; day = day.plus(1)) {
      days.add(day.plus(1));
    }
    return days;
  }

  private static @Nullable DayOfWeek day(String text) {
    String word = text.strip().toUpperCase(Locale.ROOT);
    for (DayOfWeek day : DayOfWeek.values()) {
      if (word.equals(day.name()) || word.equals(day.name().substring(0, 3))) {
        return day;
      }
    }
    return null;
  }
}
