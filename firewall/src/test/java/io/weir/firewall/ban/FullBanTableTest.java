package io.weir.firewall.ban;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.testing.Luck;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who makes room for whom in a table that is full, of one address family or of both. */
class FullBanTableTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final IntFunction<ClientAddress> V4 = ClientAddress::v4;
  private static final IntFunction<ClientAddress> V6 =
      i -> ClientAddress.v6(0x2001_0db8L << 32 | i, 0);

  private static BanTable table(int most) {
    return new BanTable(most, new SplittableRandom(1));
  }

  private static void ban(
      BanTable bans, IntFunction<ClientAddress> family, int from, int to, Duration time, long now) {
    for (int i = from; i < to; i++) {
      bans.ban(family.apply(i), time, "x", now);
    }
  }

  private static int banned(
      BanTable bans, IntFunction<ClientAddress> family, int from, int to, long now) {
    int banned = 0;
    for (int i = from; i < to; i++) {
      banned += bans.isBanned(family.apply(i), now) ? 1 : 0;
    }
    return banned;
  }

  @Test
  void bansOfOneFamilyThatEndedMakeRoomForAllOfTheOther() {
    for (List<IntFunction<ClientAddress>> families : List.of(List.of(V4, V6), List.of(V6, V4))) {
      BanTable bans = table(10_000);
      ban(bans, families.get(0), 0, 10_000, MINUTE, 0);
      ban(bans, families.get(1), 0, 10_000, HOUR, 60_000);
      assertThat(banned(bans, families.get(1), 0, 10_000, 60_000)).isEqualTo(10_000);
      bans.sweep(60_000);
      assertThat(bans.takeTurnover()).isEqualTo(Map.of("x", new BanTurnover(20_000, 10_000)));
    }
  }

  @Test
  void aFloodOfOneFamilyTakesNoBanOfTheOtherFromItsHalf() {
    for (List<IntFunction<ClientAddress>> families : List.of(List.of(V4, V6), List.of(V6, V4))) {
      BanTable bans = table(10_000);
      ban(bans, families.get(0), 0, 50_000, HOUR, 0);
      ban(bans, families.get(1), 0, 5000, MINUTE, 0);
      ban(bans, families.get(0), 50_000, 100_000, HOUR, 1);
      assertThat(banned(bans, families.get(1), 0, 5000, 1)).isEqualTo(5000);
      assertThat(banned(bans, families.get(0), 50_000, 100_000, 1)).isEqualTo(5000);
      ban(bans, families.get(1), 5000, 10_000, HOUR, 1);
      assertThat(banned(bans, families.get(1), 5000, 10_000, 1))
          .as("its own that end first make room")
          .isEqualTo(5000);
      assertThat(bans.count(1)).isEqualTo(10_000);
    }
  }

  @Test
  void aMillionBansOfBothFamiliesHoldInTheRoomOfThoseThatEnded() {
    BanTable bans = new BanTable(new SplittableRandom(2));
    ban(bans, V6, 0, 200_000, MINUTE, 0);
    ban(bans, V6, 200_000, 700_000, HOUR, 60_000);
    ban(bans, V4, 0, 500_000, HOUR, 60_000);
    assertThat(bans.count(60_000)).isEqualTo(1_000_000);
  }

  @Test
  void whoWasForgottenLeavesNoPlaceBehind() {
    BanTable bans = table(10_000);
    for (int day = 0; day < 5; day++) {
      IntFunction<ClientAddress> family = day % 2 == 0 ? V4 : V6;
      long now = day * 3 * DAY;
      ban(bans, family, 0, 10_000, HOUR, now);
      assertThat(banned(bans, family, 0, 10_000, now)).isEqualTo(10_000);
      bans.sweep(now);
    }
  }

  @Test
  void doesWhatTheNaiveTableDoes() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    for (int table = 0; table < 10; table++) {
      int most = random.nextInt(1, 60);
      BanTable bans = new BanTable(most, random.split());
      NaiveTable naive = new NaiveTable(most);
      int sixes = random.nextInt(1, 10); // of ten
      long now = DAY;
      for (int i = 0; i < 1500; i++) {
        now += random.nextInt(1 + random.nextInt(100_000));
        ClientAddress client =
            (random.nextInt(10) < sixes ? V6 : V4).apply(random.nextInt(2 * most));
        long length = 60_000L * random.nextInt(1, 200) + i; // no two end together
        switch (random.nextInt(8)) {
          case 0 -> {
            bans.remove(Cidr.ofClient(client), now);
            naive.known.remove(client);
          }
          case 1 -> {
            Cidr clients = Cidr.ofClient(client);
            bans.add(clients, Duration.ofMillis(naive.free(now, length)), "x", now);
            naive.put(client, now + naive.free(now, length), now);
          }
          case 2 -> {
            if (random.nextInt(20) == 0) {
              bans.sweep(now);
              naive.sweep(now);
            }
          }
          default -> {
            length = naive.free(now, length);
            bans.ban(client, Duration.ofMillis(length), "x", now);
            if (naive.known.getOrDefault(client, 0L) <= now) {
              naive.put(client, now + length, now);
            }
          }
        }
        assertThat(known(bans, now))
            .as("seed %d, table %d, step %d", seed, table, i)
            .isEqualTo(naive.remembered(now));
      }
    }
  }

  private static Map<ClientAddress, Long> known(BanTable bans, long now) {
    Map<ClientAddress, Long> known = new HashMap<>();
    bans.forEachKnown(now, ban -> known.put(ban.clients().network(), ban.untilMillis()));
    return known;
  }

  /** What the table is to do, and nothing about how. */
  private static final class NaiveTable {
    private final int most;
    private final Map<ClientAddress, Long> known = new HashMap<>(); // and when its ban ends

    NaiveTable(int most) {
      this.most = most;
    }

    /** As long as that, or a little longer so that no two bans end together. */
    long free(long now, long length) {
      Set<Long> ends = new HashSet<>(known.values());
      long free = length;
      while (ends.contains(now + free)) {
        free++;
      }
      return free;
    }

    void put(ClientAddress client, long until, long now) {
      if (!known.containsKey(client) && known.size() == most) {
        known.remove(victim(client.isV6(), now));
      }
      known.put(client, until);
    }

    private ClientAddress victim(boolean isV6, long now) {
      Comparator<ClientAddress> byEnd = Comparator.comparing(known::get);
      ClientAddress first = known.keySet().stream().min(byEnd).orElseThrow();
      if (known.get(first) <= now) {
        return first;
      }
      Map<Boolean, Long> sizes =
          known.keySet().stream()
              .collect(Collectors.groupingBy(ClientAddress::isV6, Collectors.counting()));
      Function<Boolean, Long> size = family -> sizes.getOrDefault(family, 0L);
      boolean from = size.apply(!isV6) > size.apply(isV6) ? !isV6 : isV6;
      return known.keySet().stream().filter(other -> other.isV6() == from).min(byEnd).orElseThrow();
    }

    void sweep(long now) {
      known.values().removeIf(until -> until + DAY <= now);
    }

    Map<ClientAddress, Long> remembered(long now) {
      Map<ClientAddress, Long> remembered = new HashMap<>(known);
      remembered.values().removeIf(until -> until + DAY <= now);
      return remembered;
    }
  }
}
