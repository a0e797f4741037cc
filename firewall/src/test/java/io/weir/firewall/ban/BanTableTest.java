package io.weir.firewall.ban;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.testing.Luck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BanTableTest {
  private static final long DAY = Duration.ofDays(1).toMillis();

  private static ClientAddress v4(int bits) {
    return ClientAddress.v4(bits);
  }

  private static Cidr one(int bits) {
    return Cidr.ofClient(v4(bits));
  }

  private static BanTable table(int most) {
    return new BanTable(most, new SplittableRandom(1));
  }

  @Test
  void aClientIsBannedUntilItsTimeIsOver() {
    BanTable bans = table(100);
    ClientAddress client = ClientAddress.parse("192.0.2.7");
    assertThat(bans.isBanned(client, 0)).isFalse();
    bans.ban(client, Duration.ofSeconds(10), "too many", 1000);
    assertThat(bans.isBanned(client, 10_999)).isTrue();
    assertThat(bans.find(client, 10_999))
        .isEqualTo(new Ban(Cidr.parse("192.0.2.7"), 1000, 11_000, 1, "too many"));
    assertThat(bans.isBanned(client, 11_000)).isFalse();
    assertThat(bans.find(client, 11_000)).isNull();
    assertThat(bans.isBanned(ClientAddress.parse("192.0.2.8"), 1000)).isFalse();
  }

  @Test
  void bansThatHoldAreCountedByReason() {
    BanTable bans = table(100);
    bans.ban(v4(1), Duration.ofHours(1), "login", 0);
    bans.ban(v4(2), Duration.ofHours(1), "login", 0);
    bans.ban(v4(3), Duration.ofSeconds(1), "login", 0);
    bans.ban(ClientAddress.parse("2001:db8::1"), Duration.ofHours(1), "scan", 0);
    bans.add(Cidr.parse("198.51.100.0/24"), Duration.ofHours(1), "scan", 0);
    bans.add(Cidr.parse("203.0.113.0/24"), Duration.ofSeconds(1), "by hand", 0);
    assertThat(bans.countByReason(2000)).isEqualTo(Map.of("login", 2, "scan", 2));
    assertThat(bans.count(2000)).isEqualTo(4);
  }

  @Test
  void ofIpv6TheWholeNetworkIsBannedAndNoneWithTheSameNumberInIpv4() {
    BanTable bans = table(100);
    bans.ban(ClientAddress.parse("2001:db8::1"), Duration.ofHours(1), "x", 0);
    assertThat(bans.isBanned(ClientAddress.parse("2001:db8::ffff"), 1)).isTrue();
    assertThat(bans.isBanned(ClientAddress.parse("2001:db8:0:1::1"), 1)).isFalse();
    bans.ban(ClientAddress.v6(7, 0), Duration.ofHours(1), "x", 0);
    assertThat(bans.isBanned(v4(7), 1)).isFalse();
    bans.ban(ClientAddress.v6(-1, 0), Duration.ofHours(1), "a multicast", 0);
    assertThat(bans.count(1)).isEqualTo(2);
    Ban ban = bans.add(Cidr.parse("2001:db8:1::5"), Duration.ofHours(1), "x", 0);
    assertThat(ban.clients()).hasToString("2001:db8:1::/64");
    assertThat(bans.remove(Cidr.parse("2001:db8:1::99"), 1)).isTrue();
  }

  @Test
  void whomARuleBannedNoOtherRuleBansAgainMeanwhile() {
    BanTable bans = table(100);
    bans.ban(v4(1), Duration.ofHours(1), "first", 0);
    bans.ban(v4(1), Duration.ofDays(1), "second", 10);
    assertThat(bans.find(v4(1), 10))
        .isEqualTo(new Ban(one(1), 0, Duration.ofHours(1).toMillis(), 1, "first"));
    assertThat(bans.takeTurnover()).isEqualTo(Map.of("first", new BanTurnover(1, 0)));
  }

  @Test
  void anOperatorsWordReplacesTheBanThatThereIs() {
    BanTable bans = table(100);
    bans.ban(v4(1), Duration.ofHours(1), "rule", 0);
    assertThat(bans.add(one(1), Duration.ofMinutes(1), "shorter", 10))
        .isEqualTo(new Ban(one(1), 10, 60_010, 1, "shorter"));
    assertThat(bans.isBanned(v4(1), 60_010)).isFalse();
    assertThat(bans.takeTurnover()).isEqualTo(Map.of("rule", new BanTurnover(1, 0)));
    assertThat(bans.add(one(1), Duration.ofMinutes(1), "again", 70_000).times()).isEqualTo(2);
    assertThat(bans.takeTurnover())
        .isEqualTo(Map.of("shorter", new BanTurnover(0, 1), "again", new BanTurnover(1, 0)));
  }

  @Test
  void bansInARowAreRememberedForADay() {
    BanTable bans = table(100);
    bans.ban(v4(1), Duration.ofSeconds(1), "x", 0);
    assertThat(bans.timesBanned(v4(1), 1000 + DAY - 1)).isEqualTo(1);
    assertThat(bans.timesBanned(v4(1), 1000 + DAY)).isZero();
    bans.ban(v4(1), Duration.ofSeconds(1), "x", 5000);
    assertThat(bans.timesBanned(v4(1), 5000)).isEqualTo(2);
    assertThat(bans.remove(one(1), 5000)).isTrue();
    assertThat(bans.timesBanned(v4(1), 5000)).isZero();
    assertThat(bans.remove(one(1), 5000)).isFalse();
  }

  @Test
  void aPrefixIsBannedWithAllThatIsInItAndTheNarrowestBanIsTold() {
    BanTable bans = table(100);
    bans.add(Cidr.parse("192.0.2.0/24"), Duration.ofSeconds(10), "wide", 0);
    bans.add(Cidr.parse("192.0.2.128/25"), Duration.ofSeconds(5), "narrow", 0);
    bans.add(Cidr.parse("2001:db8::/32"), Duration.ofSeconds(10), "v6", 0);
    ClientAddress upper = ClientAddress.parse("192.0.2.200");
    assertThat(bans.find(upper, 0).reason()).isEqualTo("narrow");
    assertThat(bans.find(upper, 6000).reason()).isEqualTo("wide");
    assertThat(bans.isBanned(upper, 6000)).isTrue();
    assertThat(bans.isBanned(upper, 10_000)).isFalse();
    assertThat(bans.isBanned(ClientAddress.parse("192.0.3.1"), 0)).isFalse();
    assertThat(bans.isBanned(ClientAddress.parse("2001:db8:7::1"), 0)).isTrue();
    assertThat(bans.count(6000)).isEqualTo(2);
    bans.ban(upper, Duration.ofSeconds(1), "own", 0);
    assertThat(bans.find(upper, 0).reason()).isEqualTo("own");
    assertThat(bans.remove(Cidr.parse("192.0.2.0/24"), 6000)).isTrue();
    assertThat(bans.remove(Cidr.parse("192.0.2.128/25"), 6000)).isFalse();
    assertThat(bans.isBanned(upper, 6000)).isFalse();
    bans.sweep(20_000);
    assertThat(bans.count(0)).isEqualTo(1); // the client's own is remembered
    assertThat(bans.takeTurnover())
        .isEqualTo(
            Map.of(
                "wide", new BanTurnover(1, 0),
                "narrow", new BanTurnover(1, 1),
                "v6", new BanTurnover(1, 1),
                "own", new BanTurnover(1, 1)));
  }

  @Test
  void sweepingForgetsWhatEndedADayAgoAndCountsWhatEndedSinceTheLastTime() {
    BanTable bans = table(100);
    bans.ban(v4(1), Duration.ofSeconds(1), "x", 0);
    bans.ban(v4(2), Duration.ofSeconds(100), "x", 0);
    bans.sweep(2000);
    assertThat(bans.takeTurnover()).isEqualTo(Map.of("x", new BanTurnover(2, 1)));
    bans.sweep(50_000);
    assertThat(bans.takeTurnover()).isEmpty();
    assertThat(bans.count(50_000)).isEqualTo(1);
    bans.sweep(2 * DAY);
    assertThat(bans.takeTurnover()).isEqualTo(Map.of("x", new BanTurnover(0, 1)));
    assertThat(bans.timesBanned(v4(1), 0)).isZero(); // forgotten, whatever the time
  }

  @Test
  void whoIsBannedAgainAtOnceHasEndedABanFirst() {
    BanTable bans = table(100);
    bans.ban(v4(1), Duration.ofSeconds(1), "x", 0);
    bans.ban(v4(1), Duration.ofSeconds(1), "y", 1500);
    bans.sweep(2000);
    assertThat(bans.takeTurnover())
        .isEqualTo(Map.of("x", new BanTurnover(1, 1), "y", new BanTurnover(1, 0)));
    bans.sweep(2600);
    bans.ban(v4(1), Duration.ofSeconds(1), "z", 2700);
    assertThat(bans.takeTurnover())
        .isEqualTo(Map.of("y", new BanTurnover(0, 1), "z", new BanTurnover(1, 0)));
  }

  @Test
  void whatMadeRoomHasEnded() {
    BanTable bans = table(100);
    for (int i = 0; i < 20_000; i++) {
      bans.ban(v4(i), Duration.ofDays(1), i % 2 == 0 ? "even" : "odd", 0);
    }
    Map<String, BanTurnover> turnover = bans.takeTurnover();
    Map<String, Integer> held = bans.countByReason(0);
    for (String reason : List.of("even", "odd")) {
      BanTurnover of = turnover.get(reason);
      assertThat(of.added()).isEqualTo(10_000);
      assertThat(of.added() - of.expired()).isEqualTo(held.getOrDefault(reason, 0).longValue());
    }
  }

  @Test
  void reasonsThatNoBanHasAnyMoreMakeRoomForOthers() {
    BanTable bans = table(1 << 20);
    bans.ban(v4(-1), Duration.ofDays(36_500), "for ever", 0);
    for (int i = 0; i < 3 * 4096; i++) {
      long now = i * 60_000L;
      String reason = "reason " + i;
      bans.ban(v4(i), Duration.ofSeconds(1), reason, now);
      assertThat(bans.find(v4(i), now).reason()).isEqualTo(reason);
      if (i % 100 == 0) {
        bans.sweep(now);
      }
    }
    assertThat(bans.find(v4(-1), 0).reason()).isEqualTo("for ever");
    assertThat(bans.countByReason(2000)).doesNotContainKey("other");
  }

  @Test
  void reasonsOfBansThatAreRememberedAreNotForgotten() {
    BanTable bans = table(1 << 20);
    for (int i = 0; i < 4200; i++) {
      bans.ban(v4(i), Duration.ofSeconds(1), "reason " + i, 0);
      if (i % 1000 == 0) {
        bans.sweep(2000);
      }
    }
    List<String> known = new ArrayList<>();
    bans.forEachKnown(2000, ban -> known.add(ban.reason()));
    assertThat(known).contains("reason 0", "reason 1", "reason 1000", "reason 4094", "other");
    bans.sweep(2 * DAY);
    bans.ban(v4(1), Duration.ofSeconds(1), "reason 4199", 2 * DAY);
    assertThat(bans.find(v4(1), 2 * DAY).reason()).isEqualTo("reason 4199");
  }

  @Test
  void whereThereIsNoRoomWhatEndsFirstMakesRoom() {
    BanTable bans = table(5000);
    for (int i = 0; i < 20_000; i++) {
      bans.ban(v4(i), Duration.ofSeconds(1 + i), "x", 0);
    }
    assertThat(bans.count(0)).isBetween(4900, 5600);
    assertThat(bans.isBanned(v4(19_999), 0)).isTrue();
    long lastHundreds = 0;
    for (int i = 19_000; i < 20_000; i++) {
      lastHundreds += bans.isBanned(v4(i), 0) ? 1 : 0;
    }
    assertThat(lastHundreds).isEqualTo(1000);
  }

  @Test
  void aMillionBansAreKeptApart() {
    BanTable bans = table(1 << 20);
    for (int i = 0; i < 1_000_000; i++) {
      bans.ban(v4(i * 2), Duration.ofHours(1), "x", 0);
    }
    assertThat(bans.count(0)).isEqualTo(1_000_000);
    for (int i = 0; i < 1_000_000; i++) {
      if (!bans.isBanned(v4(i * 2), 0) || bans.isBanned(v4(i * 2 + 1), 0)) {
        assertThat(i).as("banned wrongly").isNegative();
      }
    }
  }

  @Test
  void doesWhatAMapDoes() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    BanTable bans = table(1 << 20);
    Map<ClientAddress, Long> naive = new HashMap<>();
    long now = 0;
    for (int i = 0; i < 50_000; i++) {
      now += random.nextInt(20);
      ClientAddress client =
          random.nextBoolean() ? v4(random.nextInt(500)) : ClientAddress.v6(random.nextInt(500), 0);
      switch (random.nextInt(5)) {
        case 0 -> {
          long length = random.nextInt(1, 5000);
          bans.ban(client, Duration.ofMillis(length), "x", now);
          long until = now + length;
          long at = now;
          naive.merge(client, until, (held, more) -> held > at ? held : more);
        }
        case 1 -> {
          boolean was = naive.getOrDefault(client, 0L) > now;
          naive.remove(client);
          assertThat(bans.remove(Cidr.ofClient(client), now)).as("seed %d", seed).isEqualTo(was);
        }
        case 2 -> {
          if (random.nextInt(50) == 0) {
            bans.sweep(now);
          }
        }
        default ->
            assertThat(bans.isBanned(client, now))
                .as("seed %d, %s", seed, client)
                .isEqualTo(naive.getOrDefault(client, 0L) > now);
      }
    }
  }

  @Test
  void bansGoToAFileAndComeBack() {
    BanTable bans = table(100);
    bans.ban(ClientAddress.parse("192.0.2.7"), Duration.ofSeconds(90), "login brute force", 500);
    bans.add(Cidr.parse("2001:db8::5"), Duration.ofDays(1), "x", 500);
    bans.add(Cidr.parse("198.51.100.0/24"), Duration.ofDays(1), "y", 500);
    bans.ban(ClientAddress.parse("192.0.2.8"), Duration.ofSeconds(1), "over", 0);
    List<String> lines = new ArrayList<>();
    bans.forEachKnown(1500, ban -> lines.add(BanLines.write(ban)));
    assertThat(lines)
        .containsExactlyInAnyOrder(
            "192.0.2.7 1970-01-01T00:00:00.500Z 1970-01-01T00:01:31Z 1 login brute force",
            "192.0.2.8 1970-01-01T00:00:00Z 1970-01-01T00:00:01Z 1 over",
            "198.51.100.0/24 1970-01-01T00:00:00.500Z 1970-01-02T00:00:01Z 1 y",
            "2001:db8::/64 1970-01-01T00:00:00.500Z 1970-01-02T00:00:01Z 1 x");
    BanTable after = table(100);
    after.restore(lines.stream().map(BanLines::read).iterator(), 2000);
    assertThat(after.find(ClientAddress.parse("192.0.2.7"), 2000))
        .isEqualTo(new Ban(Cidr.parse("192.0.2.7"), 500, 91_000, 1, "login brute force"));
    assertThat(after.isBanned(ClientAddress.parse("198.51.100.9"), 2000)).isTrue();
    assertThat(after.isBanned(ClientAddress.parse("192.0.2.8"), 2000)).isFalse();
    assertThat(after.timesBanned(ClientAddress.parse("192.0.2.8"), 2000)).isEqualTo(1);
    assertThat(after.count(2000)).isEqualTo(3);
    after.sweep(2000);
    assertThat(after.takeTurnover()).as("counted by the process before").isEmpty();
    BanTable later = table(100);
    later.restore(lines.stream().map(BanLines::read).iterator(), 3 * DAY);
    assertThat(later.count(0)).isZero();
  }

  @Test
  void noBanOfAFileIsForEver() {
    BanTable bans = table(100);
    bans.restore(List.of(BanLines.read("192.0.2.7 9999-01-01T00:00:00Z 999 x")).iterator(), 0);
    Ban ban = bans.find(ClientAddress.parse("192.0.2.7"), 0);
    assertThat(ban.untilMillis()).isEqualTo(Duration.ofDays(36_500).toMillis());
    assertThat(ban.times()).isEqualTo(255);
  }

  @Test
  void brokenLinesAreNoBans() {
    for (String line :
        List.of(
            "",
            "192.0.2.7",
            "192.0.2.7 soon 1 x",
            "192.0.2 2026-01-01T00:00:00Z 1 x",
            "192.0.2.7/24 2026-01-01T00:00:00Z 1 x",
            "192.0.2.7 +1000000000-12-31T23:59:59Z 1 x",
            "192.0.2.7 2026-01-01T00:00:00Z 0 x",
            "192.0.2.7 2026-01-01T00:00:00Z x x",
            "192.0.2.7 2026-01-01T00:00:00Z 2026-01-01T01:00:00Z",
            "192.0.2.7 2026-01-01T00:00:00Z 2026-01-01T01:00:00Z 0 x",
            "192.0.2.7 soon 2026-01-01T01:00:00Z 1 x",
            "192.0.2.7 2026-01-01T00:00:00Z soonZ 1 x")) {
      assertThat(BanLines.read(line)).as(line).isNull();
    }
    assertThat(BanLines.read("192.0.2.7 2026-01-01T00:00:00Z 1").reason()).isEmpty();
    assertThat(BanLines.read("192.0.2.7 2026-01-01T00:00:00Z 2026-01-01T01:00:00Z 1").reason())
        .isEmpty();
  }

  @Test
  void linesOfBeforeSayNotWhenABanWasMadeAndAreStillRead() {
    assertThat(BanLines.read("192.0.2.7 1970-01-01T00:01:31Z 2 login brute force"))
        .isEqualTo(new Ban(Cidr.parse("192.0.2.7"), 0, 91_000, 2, "login brute force"));
    Ban ban = new Ban(Cidr.parse("2001:db8::/48"), 1, 91_000, 2, "by Z at 1970Z");
    assertThat(BanLines.read(BanLines.write(ban))).isEqualTo(ban);
  }

  @Test
  void reasonsAreOneShortLine() {
    BanTable bans = table(100);
    String reason = "a\nb" + "x".repeat(500);
    assertThat(bans.add(one(1), Duration.ofHours(1), reason, 0).reason())
        .startsWith("a bx")
        .hasSize(200);
    assertThat(bans.add(Cidr.parse("192.0.2.0/24"), Duration.ofHours(1), reason, 0).reason())
        .startsWith("a bx")
        .hasSize(200);
  }

  @Test
  void bansOfRulesAreToldAndEveryChangeIsSeen() {
    BanTable bans = table(100);
    List<Ban> told = new ArrayList<>();
    bans.tell(told::add);
    bans.ban(v4(1), Duration.ofHours(1), "x", 0);
    bans.ban(v4(1), Duration.ofHours(1), "x", 0);
    assertThat(told).containsExactly(new Ban(one(1), 0, Duration.ofHours(1).toMillis(), 1, "x"));
    assertThat(bans.changes()).isEqualTo(1);
    bans.add(one(2), Duration.ofHours(1), "x", 0);
    bans.remove(one(2), 0);
    assertThat(bans.changes()).isEqualTo(3);
    assertThat(told).hasSize(1);
  }

  @Test
  void aPrefixThatIsBannedSoAlreadyIsNotAdoptedAgain() {
    BanTable bans = table(1 << 10);
    Cidr prefix = Cidr.parse("198.51.100.0/24");
    bans.adoptAll(List.of(change(new Ban(prefix, 0, 60_000, 1, "a"))), 0);
    bans.adoptAll(List.of(change(new Ban(prefix, 0, 60_000, 1, "a"))), 0);
    assertThat(bans.changes()).isEqualTo(1);
    bans.adoptAll(List.of(change(new Ban(prefix, 0, 61_000, 1, "a"))), 0);
    bans.adoptAll(List.of(change(new Ban(prefix, 0, 61_000, 1, "b"))), 0);
    assertThat(bans.changes()).isEqualTo(3);
  }

  @Test
  void aBanThatIsOverWhenItIsHeardOfEndsTheLongerOne() {
    for (String text : List.of("192.0.2.7", "198.51.100.0/24", "2001:db8::/48")) {
      Cidr clients = Cidr.parse(text);
      BanChange held = change(new Ban(clients, 0, 60_000, 1, "a"));
      BanChange over = change(new Ban(clients, 0, 1000, 1, "a"));
      for (List<BanChange> page :
          List.of(
              List.of(over),
              List.of(BanChange.ended(clients, 1), over),
              List.of(change(new Ban(clients, 0, 70_000, 1, "a")), over))) {
        BanTable bans = table(1 << 10);
        bans.adoptAll(List.of(held), 0);
        bans.sweep(1500);
        bans.adoptAll(page, 2000);
        assertThat(known(bans, 2000)).as("%s", page).isEmpty();
        assertThat(bans.isBanned(clients.network(), 2000)).as("%s", page).isFalse();
        bans.sweep(90_000);
        boolean isEnded = page.getFirst().ban() != null;
        assertThat(bans.takeTurnover())
            .as("%s", page)
            .isEqualTo(Map.of("a", new BanTurnover(1, isEnded ? 1 : 0)));
      }
    }
  }

  @Test
  void aBanThatEndedBeforeItWasTakenAwayIsCounted() {
    BanTable bans = table(1 << 10);
    bans.add(one(1), Duration.ofSeconds(1), "a", 0);
    assertThat(bans.remove(one(1), 2000)).isFalse();
    assertThat(bans.takeTurnover()).isEqualTo(Map.of("a", new BanTurnover(1, 1)));
    bans.add(one(2), Duration.ofSeconds(1), "a", 2000);
    bans.sweep(4000);
    assertThat(bans.remove(one(2), 5000)).isFalse();
    bans.add(one(3), Duration.ofHours(1), "a", 5000);
    assertThat(bans.remove(one(3), 6000)).isTrue();
    bans.sweep(7000);
    assertThat(bans.takeTurnover())
        .as("once each, and none that was taken away")
        .isEqualTo(Map.of("a", new BanTurnover(2, 1)));
  }

  @Test
  void aBanThatIsOverWhenItIsHeardOfBansNobody() {
    for (String text : List.of("192.0.2.7", "198.51.100.0/24")) {
      BanTable bans = table(1 << 10);
      bans.adoptAll(List.of(change(new Ban(Cidr.parse(text), 0, 1000, 1, "a"))), 2000);
      bans.sweep(3000);
      assertThat(bans.changes()).isZero();
      assertThat(bans.takeTurnover()).isEmpty();
    }
  }

  @Test
  void whatNoFileCouldHoldIsNotInAReason() {
    BanTable bans = table(1 << 10);
    for (String prefix : List.of("192.0.2.1", "198.51.100.0/24")) {
      Ban ban = bans.add(Cidr.parse(prefix), Duration.ofHours(1), "a\ud83d b\udc00\ud83d\ude00", 0);
      assertThat(ban.reason()).isEqualTo("a  b \ud83d\ude00");
    }
  }

  @Test
  void whoAsksWhileOthersBanSeesWhoWasBannedBefore() throws InterruptedException {
    BanTable bans = table(1 << 20);
    bans.ban(v4(-5), Duration.ofHours(1), "x", 0);
    List<Thread> threads = new ArrayList<>();
    boolean[] missed = new boolean[1];
    for (int t = 0; t < 2; t++) {
      int from = t * 100_000;
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = from; i < from + 100_000; i++) {
                  while (!bans.isBanned(v4(i), 0)) {
                    bans.ban(v4(i), Duration.ofHours(1), "x", 0);
                  }
                  missed[0] |= !bans.isBanned(v4(-5), 0);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(missed[0]).isFalse();
    assertThat(bans.count(0)).isEqualTo(200_001);
  }

  private static BanChange change(Ban ban) {
    return BanChange.made(ban);
  }

  @Test
  void aBanIsEndedByWhatWasSaidAfterItOnly() {
    for (String text : List.of("192.0.2.7", "198.51.100.0/24", "2001:db8::/64", "2001:db8::/48")) {
      Cidr clients = Cidr.parse(text);
      BanTable bans = table(1 << 10);
      bans.add(clients, Duration.ofHours(1), "newer", 5000);
      bans.adoptAll(List.of(BanChange.ended(clients, 5000)), 6000);
      assertThat(bans.isBanned(clients.network(), 6000)).as(text).isTrue();
      bans.adoptAll(List.of(BanChange.ended(clients, 5001)), 6000);
      assertThat(bans.isBanned(clients.network(), 6000)).as(text).isFalse();
    }
  }

  @Test
  void anOlderBanDoesNotTakeThePlaceOfANewerOne() {
    for (String text : List.of("192.0.2.7", "198.51.100.0/24")) {
      Cidr clients = Cidr.parse(text);
      BanTable bans = table(1 << 10);
      bans.add(clients, Duration.ofHours(1), "newer", 5000);
      bans.adoptAll(List.of(change(new Ban(clients, 4000, 90_000, 1, "older"))), 6000);
      assertThat(bans.find(clients.network(), 6000).reason()).as(text).isEqualTo("newer");
      bans.adoptAll(List.of(change(new Ban(clients, 4000, 5500, 1, "over"))), 6000);
      assertThat(bans.isBanned(clients.network(), 6000)).as(text).isTrue();
      bans.adoptAll(List.of(change(new Ban(clients, 5001, 90_000, 1, "newest"))), 6000);
      assertThat(bans.find(clients.network(), 6000).reason()).as(text).isEqualTo("newest");
    }
  }

  @Test
  void whoChangesABanThatItKnowsDoesSoAfterItWhateverItsClockSays() {
    for (String text : List.of("192.0.2.7", "198.51.100.0/24")) {
      Cidr clients = Cidr.parse(text);
      BanTable bans = table(1 << 10);
      List<BanChange> told = new ArrayList<>();
      bans.followedBy(told::add);
      bans.adoptAll(List.of(change(new Ban(clients, 9000, 90_000, 1, "ahead"))), 1000);
      assertThat(bans.add(clients, Duration.ofHours(1), "more", 1000).fromMillis()).isEqualTo(9001);
      assertThat(bans.remove(clients, 1000)).isTrue();
      assertThat(told.getLast()).isEqualTo(BanChange.ended(clients, 9002));
    }
  }

  @Test
  void timesOfBansGoWithThemWhenTheTableGrowsAndShrinks() {
    BanTable bans = table(1 << 20);
    for (int i = 0; i < 20_000; i++) {
      bans.ban(v4(i), Duration.ofMillis(i % 3 == 0 ? 1 : DAY), "x", i);
    }
    bans.sweep(DAY + 19_999); // those of a millisecond are forgotten
    int[] seen = new int[1];
    bans.forEachKnown(
        20_000,
        ban -> {
          seen[0]++;
          assertThat(ban.fromMillis()).isEqualTo(ban.clients().network().low());
        });
    assertThat(seen[0]).isBetween(13_000, 14_000);
  }

  @Test
  void pagesOfChangesLeaveWhatTheyWouldOneByOneAndOfEachClientTheLatest() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    List<Cidr> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      all.add(one(0x0a000000 + i));
      all.add(Cidr.parse("10.%d.0.0/16".formatted(i)));
      all.add(Cidr.parse("2001:db8:0:%d::/64".formatted(i)));
      all.add(Cidr.parse("2001:db8:%d::/48".formatted(i)));
    }
    BanTable pages = table(1000);
    BanTable singly = table(1000);
    Map<Cidr, Ban> expected = new HashMap<>();
    long now = 10_000; // no ban ends before time begins
    for (int round = 0; round < 500; round++) {
      now += random.nextInt(2000);
      long then = now;
      expected.entrySet().removeIf(e -> !e.getKey().isOneClient() && !e.getValue().holds(then));
      List<BanChange> page = new ArrayList<>();
      for (int i = random.nextInt(12); i > 0; i--) {
        Cidr clients = all.get(random.nextInt(all.size()));
        long until = now - 1000 + random.nextInt(6000); // one in six is over already
        long at = now - random.nextInt(3000); // so many are older than what is known
        boolean ends = random.nextInt(3) == 0;
        BanChange change =
            ends
                ? BanChange.ended(clients, at)
                : change(new Ban(clients, at, until, 1, "r" + Math.floorMod(until, 3)));
        page.add(change);
        singly.adoptAll(List.of(change), now);
        Ban known = expected.get(clients);
        if (known != null && (at < known.fromMillis() || (ends && at == known.fromMillis()))) {
          continue;
        }
        if (ends || (until <= now && !clients.isOneClient())) {
          expected.remove(clients);
        } else if (until > now || (known != null && known.holds(now))) {
          expected.put(clients, change.ban()); // one that is over is remembered, of a client
        }
      }
      pages.adoptAll(page, now);
      assertThat(known(pages, now))
          .as("seed %d, round %d: %s", seed, round, page)
          .isEqualTo(known(singly, now))
          .isEqualTo(
              expected.values().stream()
                  .filter(ban -> ban.holds(then))
                  .collect(Collectors.toSet()));
      if (round % 5 == 0) {
        pages.sweep(now);
        singly.sweep(now);
        assertThat(pages.takeTurnover())
            .as("seed %d, round %d", seed, round)
            .isEqualTo(singly.takeTurnover());
      }
    }
  }

  private static Set<Ban> known(BanTable bans, long now) {
    Set<Ban> all = new HashSet<>();
    bans.forEach(now, all::add);
    return all;
  }
}
