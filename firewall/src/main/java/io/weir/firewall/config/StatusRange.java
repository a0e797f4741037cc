package io.weir.firewall.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Statuses of answers.
 *
 * @param from the first, at least 100
 * @param to the last, at most 599
 */
public record StatusRange(int from, int to) {
  private static final Pattern TEXT = Pattern.compile("([0-9]{3})(?:\\s*-\\s*([0-9]{3}))?");

  public StatusRange {
    Checks.check(
        from >= 100 && to <= 599 && from <= to,
        "status",
        from + "-" + to,
        "100 to 599, the smaller first");
  }

  /** Reads {@code 404} or {@code 400-499}. */
  public static StatusRange parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    Checks.check(
        matcher.matches(), "status", '"' + text + '"', "a status or a range, like 200-399");
    int from = Integer.parseInt(matcher.group(1));
    String to = matcher.group(2);
    return new StatusRange(from, to == null ? from : Integer.parseInt(to));
  }

  public boolean holds(int status) {
    return status >= from && status <= to;
  }

  /** As it is written in the configuration file. */
  @Override
  public String toString() {
    return from == to ? "" + from : from + "-" + to;
  }
}
