package io.weir.daemon.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.ban.Ban;
import io.weir.firewall.ban.BanTable;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * So many bans in the order of their addresses.
 *
 * @param total how many there are in all
 * @param next after which address the next page begins; null if this is the last one
 */
record BanPage(List<Ban> bans, long total, @Nullable Cidr next) {
  private static final Comparator<Cidr> ORDER =
      Comparator.<Cidr, Boolean>comparing(prefix -> prefix.network().isV6())
          .thenComparing(prefix -> prefix.network().high(), Long::compareUnsigned)
          .thenComparing(prefix -> prefix.network().low(), Long::compareUnsigned)
          .thenComparingInt(Cidr::length);

  private static final Comparator<Ban> LAST_FIRST =
      Comparator.comparing(Ban::clients, ORDER.reversed());

  /**
   * The first ones behind an address, of those that hold now. A table in which bans come and go has
   * no places to count by, so every page looks at all of them and keeps the few that it shows.
   *
   * @param after null: from the beginning
   * @param most at least 1
   */
  static BanPage of(BanTable table, @Nullable Cidr after, int most, long epochMillis) {
    PriorityQueue<Ban> first = new PriorityQueue<>(LAST_FIRST);
    long[] total = new long[1];
    table.forEach(
        epochMillis,
        ban -> {
          total[0]++;
          if (after != null && ORDER.compare(ban.clients(), after) <= 0) {
            return;
          }
          first.add(ban);
          if (first.size() > most + 1) {
            first.poll();
          }
        });
    boolean more = first.size() > most;
    if (more) {
      first.poll();
    }
    List<Ban> bans = new ArrayList<>(first);
    bans.sort(LAST_FIRST.reversed());
    return new BanPage(bans, total[0], more ? bans.getLast().clients() : null);
  }

  void write(JsonGenerator json) throws IOException {
    json.writeNumberField("total", total);
    if (next != null) {
      json.writeStringField("next", next.toString());
    }
    json.writeArrayFieldStart("bans");
    for (Ban ban : bans) {
      json.writeStartObject();
      write(ban, json);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  static void write(Ban ban, JsonGenerator json) throws IOException {
    json.writeStringField("ip", ban.clients().inWords());
    json.writeStringField("until", until(ban));
    json.writeNumberField("times", ban.times());
    json.writeStringField("reason", ban.reason());
  }

  static String until(Ban ban) {
    return Instant.ofEpochMilli(ban.untilMillis()).truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
