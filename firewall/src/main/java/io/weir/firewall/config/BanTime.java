package io.weir.firewall.config;

import java.time.Duration;

/**
 * For how long a client is banned: each time in a row twice as long, up to a bound.
 *
 * @param first more than nothing
 * @param atMost the longest; the same as {@code first} if bans do not grow
 */
public record BanTime(Duration first, Duration atMost) {
  private static final Duration LONGEST = Duration.ofDays(3660);

  public BanTime {
    Checks.check(
        first.isPositive() && first.compareTo(LONGEST) <= 0,
        "ban",
        first,
        "a time of at most ten years");
    Checks.check(
        atMost.compareTo(first) >= 0 && atMost.compareTo(LONGEST) <= 0,
        "at_most",
        atMost,
        "at least as long as the ban, and at most ten years");
  }

  /** Bans that do not grow. */
  public BanTime(Duration time) {
    this(time, time);
  }

  /** How long a client is banned that was banned so many times in a row before. */
  public Duration after(int times) {
    Duration time = first;
    for (int i = 0; i < times && time.compareTo(atMost) < 0; i++) {
      time = time.multipliedBy(2);
    }
    return time.compareTo(atMost) < 0 ? time : atMost;
  }
}
