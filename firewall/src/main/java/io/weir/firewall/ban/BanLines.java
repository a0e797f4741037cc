package io.weir.firewall.ban;

import io.weir.firewall.address.Cidr;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bans as lines of a file that people can read: address, when it was made, end, times, reason.
 *
 * <pre>192.0.2.7 2026-11-22T11:00:00.250Z 2026-11-22T12:00:01Z 2 login-brute-force</pre>
 *
 * Of a ban in the file of an older version it is not known when it was made.
 */
public final class BanLines {
  private BanLines() {}

  /** A ban as a line, without its end; how long it holds to the second, rounded up. */
  public static String write(Ban ban) {
    Instant from = Instant.ofEpochMilli(ban.fromMillis());
    Instant until = Instant.ofEpochMilli(ban.untilMillis() + 999).truncatedTo(ChronoUnit.SECONDS);
    String times = from + " " + until + " " + ban.times();
    return ban.clients().inWords() + " " + times + " " + ban.reason();
  }

  /** The ban that a line tells; null if it tells none. */
  public static @Nullable Ban read(String line) {
    String[] parts = line.strip().split(" ", 5);
    if (parts.length < 3) {
      return null;
    }
    boolean isOld = !parts[2].endsWith("Z"); // no time: how often
    try {
      return isOld ? read(line.strip().split(" ", 4), 0, 1) : read(parts, millis(parts[1]), 2);
    } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
      return null;
    }
  }

  private static @Nullable Ban read(String[] parts, long from, int end) {
    if (parts.length < end + 2) {
      return null;
    }
    Cidr clients = Cidr.parse(parts[0]);
    long until = millis(parts[end]);
    int times = Integer.parseInt(parts[end + 1]);
    String reason = parts.length == end + 3 ? parts[end + 2] : "";
    return times < 1 ? null : new Ban(clients, from, until, times, reason);
  }

  private static long millis(String time) {
    return Instant.parse(time).toEpochMilli();
  }
}
