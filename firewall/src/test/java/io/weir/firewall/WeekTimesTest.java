package io.weir.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.firewall.config.WeekTimes;
import io.weir.firewall.config.WeekTimes.Hours;
import io.weir.firewall.testing.Luck;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeekTimesTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static boolean holds(WeekTimes times, String local) {
    return new WeekClock(times)
        .holds(ZonedDateTime.parse(local + "[" + times.zone() + "]").toInstant().toEpochMilli());
  }

  @Test
  void officeHoursAreThoseOfTheZoneInSummerAndInWinter() {
    Set<DayOfWeek> workdays = EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY);
    WeekTimes office = new WeekTimes(workdays, List.of(Hours.parse("08:00-18:00")), BERLIN);
    assertThat(holds(office, "2026-07-13T08:00:00+02:00")).isTrue();
    assertThat(holds(office, "2026-07-13T07:59:59+02:00")).isFalse();
    assertThat(holds(office, "2026-01-12T08:00:00+01:00")).isTrue();
    assertThat(holds(office, "2026-01-12T18:00:00+01:00")).isFalse();
    assertThat(holds(office, "2026-01-17T12:00:00+01:00")).as("a Saturday").isFalse();
  }

  @Test
  void aNightBelongsToTheDayOnWhichItBegins() {
    WeekTimes night =
        new WeekTimes(Set.of(DayOfWeek.SUNDAY), List.of(Hours.parse("22:00-06:00")), BERLIN);
    assertThat(holds(night, "2026-01-18T23:00:00+01:00")).isTrue();
    assertThat(holds(night, "2026-01-19T05:59:00+01:00")).as("Monday morning").isTrue();
    assertThat(holds(night, "2026-01-18T05:00:00+01:00")).as("Sunday morning").isFalse();
  }

  @Test
  void isWhatTheCalendarSaysInAllZones() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    List<String> zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
    for (int round = 0; round < 200; round++) {
      ZoneId zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
      int from = random.nextInt(1440);
      int to = random.nextInt(from + 1, 1441);
      DayOfWeek day = DayOfWeek.of(random.nextInt(1, 8));
      WeekClock clock =
          new WeekClock(new WeekTimes(Set.of(day), List.of(new Hours(from, to)), zone));
      for (int i = 0; i < 100; i++) {
        long millis = random.nextLong(-2_000_000_000_000L, 5_000_000_000_000L);
        ZonedDateTime at = Instant.ofEpochMilli(millis).atZone(zone);
        int minute = at.getHour() * 60 + at.getMinute();
        assertThat(clock.holds(millis))
            .as("seed %d: %s in %s", seed, at, zone)
            .isEqualTo(at.getDayOfWeek() == day && minute >= from && minute < to);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"8-18", "08:00", "24:00-25:00", "08:60-09:00", "25:00-01:00", "a"})
  void otherTextsAreNoHours(String text) {
    assertThatThrownBy(() -> Hours.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
