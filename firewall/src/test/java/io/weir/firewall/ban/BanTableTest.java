package io.weir.firewall.ban;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.testing.Luck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BanTableTest {
  private static final long DAY = Duration.ofDays(1).toMillis();

  private static ClientAddress v4(int bits) {
    return ClientAddress.v4(bits);
  }

  private static BanTable table(int most) {
    return new BanTable(most, new SplittableRandom(1));
  }

  @Test
  void aClientIsBannedUntilItsTimeIsOver() {
    BanTable bans = table(100);
    ClientAddress client = ClientAddress.parse("192.0.2.7");
    assertThat(bans.isBanned(client, 0)).isFalse();
    Ban ban = bans.add(client, Duration.ofSeconds(10), "too many", 1000);
    assertThat(ban).isEqualTo(new Ban(client, 11_000, 1, "too many"));
    assertThat(bans.isBanned(client, 10_999)).isTrue();
    assertThat(bans.find(client, 10_999)).isEqualTo(ban);
    assertThat(bans.isBanned(client, 11_000)).isFalse();
    assertThat(bans.isBanned(ClientAddress.parse("192.0.2.8"), 1000)).isFalse();
  }

  @Test
  void ofIpv6TheWholeNetworkIsBannedAndNoneWithTheSameNumberInIpv4() {
    BanTable bans = table(100);
    bans.add(ClientAddress.parse("2001:db8::1"), Duration.ofHours(1), "x", 0);
    assertThat(bans.isBanned(ClientAddress.parse("2001:db8::ffff"), 1)).isTrue();
    assertThat(bans.isBanned(ClientAddress.parse("2001:db8:0:1::1"), 1)).isFalse();
    bans.add(ClientAddress.v6(7, 0), Duration.ofHours(1), "x", 0);
    assertThat(bans.isBanned(v4(7), 1)).isFalse();
    bans.add(ClientAddress.v6(-1, 0), Duration.ofHours(1), "a multicast", 0);
    assertThat(bans.count(1)).isEqualTo(2);
  }

  @Test
  void aBanIsProlongedButNotShortened() {
    BanTable bans = table(100);
    bans.add(v4(1), Duration.ofHours(1), "long", 0);
    assertThat(bans.add(v4(1), Duration.ofMinutes(1), "short", 0).reason()).isEqualTo("long");
    assertThat(bans.add(v4(1), Duration.ofHours(2), "longer", 0).times()).isEqualTo(2);
    assertThat(bans.added()).isEqualTo(1);
  }

  @Test
  void bansInARowAreRememberedForADay() {
    BanTable bans = table(100);
    bans.add(v4(1), Duration.ofSeconds(1), "x", 0);
    assertThat(bans.timesBanned(v4(1), 1000 + DAY - 1)).isEqualTo(1);
    assertThat(bans.timesBanned(v4(1), 1000 + DAY)).isZero();
    bans.add(v4(1), Duration.ofSeconds(1), "x", 5000);
    assertThat(bans.timesBanned(v4(1), 5000)).isEqualTo(2);
    assertThat(bans.remove(v4(1), 5000)).isTrue();
    assertThat(bans.timesBanned(v4(1), 5000)).isZero();
    assertThat(bans.remove(v4(1), 5000)).isFalse();
  }

  @Test
  void sweepingForgetsWhatEndedADayAgoAndCountsWhatEndedSinceTheLastTime() {
    BanTable bans = table(100);
    bans.add(v4(1), Duration.ofSeconds(1), "x", 0);
    bans.add(v4(2), Duration.ofSeconds(100), "x", 0);
    bans.sweep(0, 2000);
    assertThat(bans.expired()).isEqualTo(1);
    bans.sweep(2000, 50_000);
    assertThat(bans.expired()).isEqualTo(1);
    assertThat(bans.count(50_000)).isEqualTo(1);
    bans.sweep(50_000, 2 * DAY);
    assertThat(bans.expired()).isEqualTo(2);
    assertThat(bans.timesBanned(v4(1), 0)).isZero(); // forgotten, whatever the time
  }

  @Test
  void whereThereIsNoRoomWhatEndsFirstMakesRoom() {
    BanTable bans = table(5000);
    for (int i = 0; i < 20_000; i++) {
      bans.add(v4(i), Duration.ofSeconds(1 + i), "x", 0);
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
      bans.add(v4(i * 2), Duration.ofHours(1), "x", 0);
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
          bans.add(client, Duration.ofMillis(length), "x", now);
          naive.merge(client, now + length, Math::max);
        }
        case 1 -> {
          boolean was = naive.getOrDefault(client, 0L) > now;
          naive.remove(client);
          assertThat(bans.remove(client, now)).as("seed %d", seed).isEqualTo(was);
        }
        case 2 -> {
          if (random.nextInt(50) == 0) {
            bans.sweep(0, now);
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
    bans.add(ClientAddress.parse("192.0.2.7"), Duration.ofSeconds(90), "login brute force", 500);
    bans.add(ClientAddress.parse("2001:db8::5"), Duration.ofDays(1), "x", 500);
    List<String> lines = new ArrayList<>();
    bans.forEach(500, ban -> lines.add(BanLines.write(ban)));
    assertThat(lines)
        .containsExactlyInAnyOrder(
            "192.0.2.7 1970-01-01T00:01:31Z 1 login brute force",
            "2001:db8:: 1970-01-02T00:00:01Z 1 x");
    BanTable after = table(100);
    lines.forEach(line -> after.restore(BanLines.read(line), 2000));
    assertThat(after.find(ClientAddress.parse("192.0.2.7"), 2000))
        .isEqualTo(new Ban(ClientAddress.parse("192.0.2.7"), 91_000, 1, "login brute force"));
    assertThat(after.count(2000)).isEqualTo(2);
    after.restore(BanLines.read("192.0.2.9 1970-01-01T00:00:01Z 1 over"), 2000);
    assertThat(after.count(2000)).isEqualTo(2);
  }

  @Test
  void brokenLinesAreNoBans() {
    for (String line :
        List.of(
            "",
            "192.0.2.7",
            "192.0.2.7 soon 1 x",
            "192.0.2 2026-01-01T00:00:00Z 1 x",
            "192.0.2.7 2026-01-01T00:00:00Z 0 x",
            "192.0.2.7 2026-01-01T00:00:00Z x x")) {
      assertThat(BanLines.read(line)).as(line).isNull();
    }
    assertThat(BanLines.read("192.0.2.7 2026-01-01T00:00:00Z 1").reason()).isEmpty();
  }

  @Test
  void reasonsAreOneShortLine() {
    BanTable bans = table(100);
    Ban ban = bans.add(v4(1), Duration.ofHours(1), "a\nb" + "x".repeat(500), 0);
    assertThat(ban.reason()).startsWith("a bx").hasSize(200);
  }

  @Test
  void whoAsksWhileOthersBanSeesEveryBan() throws InterruptedException {
    BanTable bans = table(1 << 20);
    bans.add(v4(-5), Duration.ofHours(1), "x", 0);
    List<Thread> threads = new ArrayList<>();
    boolean[] missed = new boolean[1];
    for (int t = 0; t < 2; t++) {
      int from = t * 100_000;
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = from; i < from + 100_000; i++) {
                  bans.add(v4(i), Duration.ofHours(1), "x", 0);
                  missed[0] |= !bans.isBanned(v4(i), 0) || !bans.isBanned(v4(-5), 0);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(missed[0]).isFalse();
    assertThat(bans.count(0)).isEqualTo(200_001);
  }
}
