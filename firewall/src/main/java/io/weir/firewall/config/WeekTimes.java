package io.weir.firewall.config;

import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times of the week, as clocks on the wall of one zone show them.
 *
 * @param days on which the hours begin
 * @param hours of each such day; those that end before they begin end on the next day
 */
public record WeekTimes(Set<DayOfWeek> days, List<Hours> hours, ZoneId zone) {
  private static final int DAY = 24 * 60;

  /**
   * From one minute of the day up to another, which is not part of it.
   *
   * @param from 0 to 1439
   * @param to 0 to 1440; if it is not after {@code from}, of the next day
   */
  public record Hours(int from, int to) {
    private static final Pattern TEXT =
        Pattern.compile("([0-9]{1,2}):([0-9]{2})\\s*-\\s*([0-9]{1,2}):([0-9]{2})");

    /** The whole day. */
    public static final Hours ALL = new Hours(0, DAY);

    public Hours {
      Checks.check(
          from >= 0 && from < DAY && to >= 0 && to <= DAY, "hours", from + "-" + to, "minutes");
    }

    /** Reads {@code 08:00-18:00}; {@code 22:00-06:00} goes on to the next day. */
    public static Hours parse(String text) {
      Matcher matcher = TEXT.matcher(text.strip());
      int from = matcher.matches() ? minute(matcher, 1) : -1;
      int to = matcher.matches() ? minute(matcher, 3) : -1;
      Checks.check(
          from >= 0 && from < DAY && to >= 0, "hours", '"' + text + '"', "like 08:00-18:00");
      return new Hours(from, to);
    }

    private static int minute(Matcher matcher, int group) {
      int hour = Integer.parseInt(matcher.group(group));
      int minute = Integer.parseInt(matcher.group(group + 1));
      int of = hour * 60 + minute;
      return minute < 60 && of <= DAY ? of : -1;
    }
  }

  public WeekTimes {
    Checks.check(!days.isEmpty(), "days", "[]", "at least one day");
    Checks.check(!hours.isEmpty(), "hours", "[]", "at least one span, like 08:00-18:00");
    days = Set.copyOf(EnumSet.copyOf(days));
    hours = List.copyOf(hours);
  }

  /** The minutes of a week from Monday, midnight: a bit each. */
  public long[] minutes() {
    long[] bits = new long[(7 * DAY + 63) / 64];
    for (DayOfWeek day : days) {
      for (Hours span : hours) {
        int length =
            span.to() > span.from() ? span.to() - span.from() : span.to() + DAY - span.from();
        int first = day.ordinal() * DAY + span.from();
        for (int i = first; i < first + length; i++) {
          int minute = i % (7 * DAY);
          bits[minute >>> 6] |= 1L << minute;
        }
      }
    }
    return bits;
  }
}
