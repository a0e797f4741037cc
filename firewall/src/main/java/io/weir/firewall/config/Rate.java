package io.weir.firewall.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * So many in so much time.
 *
 * @param count at least 1
 * @param per more than nothing, at most 366 days
 */
public record Rate(long count, Duration per) {
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,12})\\s*/\\s*(s|min|h|d)");
  private static final Duration LONGEST = Duration.ofDays(366);

  public Rate {
    Checks.check(count >= 1, "rate", count, "at least 1");
    Checks.check(
        per.isPositive() && per.compareTo(LONGEST) <= 0, "rate", per, "a time of at most 366 days");
    Checks.check(
        count <= per.toNanos(), "rate", count + " in " + per, "at most one each nanosecond");
  }

  /** Reads {@code 100/s}, {@code 5/min}, {@code 1000/h} or {@code 10000/d}. */
  public static Rate parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    Checks.check(
        matcher.matches(), "rate", '"' + text + '"', "a count per unit s, min, h or d, like 100/s");
    Duration per =
        switch (matcher.group(2)) {
          case "s" -> Duration.ofSeconds(1);
          case "min" -> Duration.ofMinutes(1);
          case "h" -> Duration.ofHours(1);
          default -> Duration.ofDays(1);
        };
    return new Rate(Long.parseLong(matcher.group(1)), per);
  }

  /** As it is written in the configuration file, where there is a unit for it. */
  @Override
  public String toString() {
    return switch ((int) Math.min(per.toSeconds(), Integer.MAX_VALUE)) {
      case 1 -> count + "/s";
      case 60 -> count + "/min";
      case 3600 -> count + "/h";
      case 86400 -> count + "/d";
      default -> count + " in " + per;
    };
  }
}
