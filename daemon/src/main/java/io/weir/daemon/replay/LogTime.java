package io.weir.daemon.replay;

import java.time.DateTimeException;
import java.time.LocalDate;

/** Reads the times of log lines; most lines are of the same day as the one before. */
final class LogTime {
  static final long NONE = Long.MIN_VALUE;

  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
  private static final long MICROS = 1_000_000;
  private static final int DAY = 86_400;

  private int lastDate = -1;
  private long lastDay;

  /** {@code 2026-11-22T02:15:36.000042Z}, in microseconds since the epoch; or {@link #NONE}. */
  long rfc3339(String text) {
    if (text.length() < 20 || text.charAt(4) != '-' || text.charAt(10) != 'T') {
      return NONE;
    }
    int year = number(text, 0, 4);
    long seconds = seconds(year, number(text, 5, 2), number(text, 8, 2), text, 11);
    int at = 19;
    long micros = 0;
    if (text.charAt(at) == '.') {
      long unit = MICROS / 10;
      for (at++; at < text.length() && isDigit(text.charAt(at)); at++) {
        micros += unit * (text.charAt(at) - '0');
        unit /= 10;
      }
    }
    boolean utc = at == text.length() - 1 && text.charAt(at) == 'Z';
    long offset = utc ? 0 : offset(text.substring(at).replace(":", ""));
    return seconds == NONE || offset == NONE ? NONE : (seconds - offset) * MICROS + micros;
  }

  /** {@code 22/Nov/2026:02:15:36 +0100}, in microseconds since the epoch; or {@link #NONE}. */
  long apache(String text, int from) {
    if (text.length() < from + 26 || text.charAt(from + 2) != '/') {
      return NONE;
    }
    int month = MONTHS.indexOf(text.substring(from + 3, from + 6));
    int year = number(text, from + 7, 4);
    long seconds = seconds(year, month / 3 + 1, number(text, from, 2), text, from + 12);
    long offset = offset(text.substring(from + 21, from + 26));
    boolean readable = month >= 0 && month % 3 == 0 && seconds != NONE && offset != NONE;
    return readable ? (seconds - offset) * MICROS : NONE;
  }

  private long seconds(int year, int month, int day, String text, int clock) {
    int hours = number(text, clock, 2);
    int minutes = number(text, clock + 3, 2);
    int seconds = number(text, clock + 6, 2);
    boolean isDate = year >= 0 && month >= 0 && month <= 12 && day >= 0 && day <= 31;
    boolean isClock = hours >= 0 && minutes >= 0 && seconds >= 0;
    if (!isDate || !isClock || hours > 23 || minutes > 59 || seconds > 60) {
      return NONE;
    }
    int date = (year * 16 + month) * 32 + day;
    if (date != lastDate) {
      try {
        lastDay = LocalDate.of(year, month, day).toEpochDay();
      } catch (DateTimeException e) {
        return NONE;
      }
      lastDate = date;
    }
    return lastDay * DAY + hours * 3600L + minutes * 60L + seconds;
  }

  /** {@code +0100}, in seconds. */
  private static long offset(String text) {
    if (text.length() != 5 || (text.charAt(0) != '+' && text.charAt(0) != '-')) {
      return NONE;
    }
    int hours = number(text, 1, 2);
    int minutes = number(text, 3, 2);
    if (hours < 0 || minutes < 0) {
      return NONE;
    }
    int seconds = hours * 3600 + minutes * 60;
    return text.charAt(0) == '-' ? -seconds : seconds;
  }

  /** A number of so many digits; -1 if it is none. */
  private static int number(String text, int from, int digits) {
    int number = 0;
    for (int i = from; i < from + digits; i++) {
      if (!isDigit(text.charAt(i))) {
        return -1;
      }
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
