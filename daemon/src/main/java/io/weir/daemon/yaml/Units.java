package io.weir.daemon.yaml;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers with units, as people write them. A bare number is refused: nobody can tell its unit. */
public final class Units {
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}");
  private static final Pattern DURATION =
      Pattern.compile(
          "(?:([0-9]{1,6})d)?(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,9})s)?(?:([0-9]{1,9})ms)?");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([A-Za-z]+)");
  private static final String PER_SECOND = "/s";

  /** What takes the place of something else: valid wherever such a rate can stand. */
  static final String BYTE_RATE = "bytes a second, like 1KiB/s or 1MiB/s";

  private static final Pattern PERCENT = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,6})?%");
  private static final Map<String, Long> BYTES =
      Map.of(
          "B",
          1L,
          "KB",
          1_000L,
          "MB",
          1_000_000L,
          "GB",
          1_000_000_000L,
          "KiB",
          1L << 10,
          "MiB",
          1L << 20,
          "GiB",
          1L << 30,
          "TiB",
          1L << 40);

  private Units() {}

  /**
   * A whole number.
   *
   * @throws IllegalArgumentException naming the text and the expected form, as all others here do
   */
  static long number(String text) {
    if (!NUMBER.matcher(text).matches()) {
      throw wrong(text, "a whole number");
    }
    return Long.parseLong(text);
  }

  /**
   * A duration such as {@code 10s}, {@code 500ms} or {@code 1m30s}, the units in falling order.
   *
   * @throws IllegalArgumentException naming the text and the expected form
   */
  public static Duration duration(String text) {
    if (isBareNumber(text) && !text.startsWith("-")) {
      throw wrong(text, "a number with its unit, like " + text + "s or " + text + "ms");
    }
    Matcher parts = DURATION.matcher(text);
    if (text.isEmpty() || !parts.matches()) {
      throw wrong(text, "a duration, like 500ms, 10s, 1m30s or 2h");
    }
    return Duration.ofDays(part(parts, 1))
        .plusHours(part(parts, 2))
        .plusMinutes(part(parts, 3))
        .plusSeconds(part(parts, 4))
        .plusMillis(part(parts, 5));
  }

  /** A size such as {@code 16KiB} (1024) or {@code 16KB} (1000), in bytes. */
  static long size(String text) {
    if (isBareNumber(text) && !text.startsWith("-")) {
      throw wrong(text, "a number with its unit, like " + text + "KiB or " + text + "B");
    }
    Matcher parts = SIZE.matcher(text);
    Long unit = parts.matches() ? BYTES.get(parts.group(2)) : null;
    if (unit == null) {
      throw wrong(text, "a size, like 512B, 16KiB or 32MiB");
    }
    long count = Long.parseLong(parts.group(1));
    if (count > Long.MAX_VALUE / unit) {
      throw wrong(text, "a size below 8 million TiB");
    }
    return count * unit;
  }

  /** Bytes a second, such as {@code 500B/s} or {@code 1KiB/s}. */
  public static long byteRate(String text) {
    String bytes =
        text.endsWith(PER_SECOND) ? text.substring(0, text.length() - PER_SECOND.length()) : "";
    Matcher parts = SIZE.matcher(bytes);
    if (!parts.matches() || !BYTES.containsKey(parts.group(2))) {
      throw wrong(text, BYTE_RATE);
    }
    return size(bytes);
  }

  /** A share such as {@code 10%} or {@code 0.5%}, in percent. */
  public static double percent(String text) {
    if (!PERCENT.matcher(text).matches()) {
      throw wrong(text, "a share, like 10%");
    }
    return Double.parseDouble(text.substring(0, text.length() - 1));
  }

  /** A duration as {@link #duration} reads it, to the millisecond. */
  public static String inWords(Duration duration) {
    StringBuilder words = new StringBuilder();
    put(duration.toDays(), "d", words);
    put(duration.toHoursPart(), "h", words);
    put(duration.toMinutesPart(), "m", words);
    put(duration.toSecondsPart(), "s", words);
    put(duration.toMillisPart(), "ms", words);
    return words.isEmpty() ? "0s" : words.toString();
  }

  private static void put(long number, String unit, StringBuilder words) {
    if (number > 0) {
      words.append(number).append(unit);
    }
  }

  private static boolean isBareNumber(String text) {
    return NUMBER.matcher(text).matches();
  }

  private static long part(Matcher parts, int group) {
    String digits = parts.group(group);
    return digits == null ? 0 : Long.parseLong(digits);
  }

  private static IllegalArgumentException wrong(String text, String expected) {
    return new IllegalArgumentException("\"" + text + "\" (expected: " + expected + ")");
  }
}
