package io.weir.firewall.ban;

import io.weir.firewall.address.Cidr;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bans as lines of a file that people can read: address, end, times, reason.
 *
 * <pre>192.0.2.7 2026-11-22T12:00:00Z 2 login-brute-force</pre>
 */
public final class BanLines {
  private BanLines() {}

  /** A ban as a line, without its end; to the second, rounded up. */
  public static String write(Ban ban) {
    Instant until = Instant.ofEpochMilli(ban.untilMillis() + 999).truncatedTo(ChronoUnit.SECONDS);
    return ban.clients().inWords() + " " + until + " " + ban.times() + " " + ban.reason();
  }

  /** The ban that a line tells; null if it tells none. */
  public static @Nullable Ban read(String line) {
    String[] parts = line.strip().split(" ", 4);
    if (parts.length < 3) {
      return null;
    }
    try {
      Cidr clients = Cidr.parse(parts[0]);
      long until = Instant.parse(parts[1]).toEpochMilli();
      int times = Integer.parseInt(parts[2]);
      return times < 1 ? null : new Ban(clients, until, times, parts.length == 4 ? parts[3] : "");
    } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
      return null;
    }
  }
}
