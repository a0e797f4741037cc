package io.weir.firewall;

import io.weir.firewall.config.WeekTimes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/** Whether a time is in a schedule; for any number of workers, allocates nothing in between. */
final class WeekClock {
  /*
   * The offset of a zone changes twice a year at most: the one that holds now is kept with its
   * bounds, so a look is two comparisons. Whoever finds that it no longer holds makes the next one;
   * it does not matter who else does.
   */
  private record Span(long from, long until, int offset) {}

  private static final int MINUTE = 60;
  private static final int WEEK = 7 * 24 * 60 * MINUTE;
  private static final int MONDAY = 4 * 24 * 60 * MINUTE; // after Thursday, 1 January 1970

  private final ZoneRules rules;
  private final long[] minutes;
  private Span current = new Span(0, 0, 0); // immutable, so it may be seen late, never broken

  WeekClock(WeekTimes times) {
    rules = times.zone().getRules();
    minutes = times.minutes();
  }

  boolean holds(long epochMillis) {
    long second = Math.floorDiv(epochMillis, 1000);
    Span span = current;
    if (second < span.from || second >= span.until) {
      span = spanOf(second);
      current = span;
    }
    int minute = Math.floorMod(second + span.offset - MONDAY, WEEK) / MINUTE;
    return (minutes[minute >>> 6] >>> minute & 1) != 0;
  }

  private Span spanOf(long second) {
    Instant instant = Instant.ofEpochSecond(second);
    ZoneOffset offset = rules.getOffset(instant);
    ZoneOffsetTransition before = rules.previousTransition(instant.plusSeconds(1));
    ZoneOffsetTransition after = rules.nextTransition(instant);
    return new Span(
        before == null ? Long.MIN_VALUE : before.toEpochSecond(),
        after == null ? Long.MAX_VALUE : after.toEpochSecond(),
        offset.getTotalSeconds());
  }
}
