package io.weir.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.daemon.shared.RedisProcess;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.ban.BanTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bans of two balancers that share them. */
class SharedBansTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SOON =
      Duration.ofSeconds(60); // a second, on a machine that is busy
  private static final Cidr ONE = Cidr.parse("192.0.2.7");
  private static final Cidr SIX = Cidr.parse("2001:db8::/64");
  private static final Cidr WIDE = Cidr.parse("198.51.100.0/24");

  @TempDir private Path folder;

  private DaemonUnderTest start(String name, RedisProcess redis) throws IOException, CannotStart {
    return DaemonUnderTest.start(
        Files.createDirectories(folder.resolve(name)),
        """
        version: 1
        trusted_proxies: [127.0.0.1]
        listeners: { web: { bind: "127.0.0.1:0" } }
        firewall:
          rules:
            - { name: trap, match: { path: /trap }, action: { ban: { for: 1h } } }
        routes: [{ respond: { status: 200 } }]
        admin: { bind: "127.0.0.1:0" }
        shared_state: { redis: "%s" }
        """
            .formatted(redis.address()),
        Map.of("STATE_DIRECTORY", Files.createDirectories(state(name)).toString()));
  }

  private Path state(String name) {
    return folder.resolve(name).resolve("state");
  }

  private static BanTable bans(DaemonUnderTest daemon) {
    return daemon.daemon().operations().bans();
  }

  private static void add(DaemonUnderTest daemon, Cidr clients) {
    bans(daemon).add(clients, HOUR, "by hand", System.currentTimeMillis());
  }

  private static boolean isBanned(DaemonUnderTest daemon, Cidr clients) {
    return bans(daemon).isBanned(clients.network(), System.currentTimeMillis());
  }

  private static void eventually(DaemonUnderTest daemon, Cidr clients, boolean banned) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(isBanned(daemon, clients)).as("%s", clients).isEqualTo(banned));
  }

  private static void up(DaemonUnderTest daemon, int expected) {
    await()
        .atMost(SOON)
        .until(() -> daemon.page("/metrics").contains("weir_shared_state_up " + expected + ".0"));
  }

  @Test
  void whoIsBannedByARuleOrByHandOnOneIsBannedOnBothUntilOneForgives() throws Exception {
    try (RedisProcess redis = RedisProcess.start(folder);
        DaemonUnderTest a = start("a", redis);
        DaemonUnderTest b = start("b", redis)) {
      up(a, 1);
      up(b, 1);
      a.get("/trap", "x-forwarded-for", "203.0.113.9");
      eventually(b, Cidr.parse("203.0.113.9"), true);
      assertThat(b.get("/", "x-forwarded-for", "203.0.113.9").statusCode()).isEqualTo(403);
      assertThat(b.get("/", "x-forwarded-for", "203.0.113.8").statusCode()).isEqualTo(200);
      long now = System.currentTimeMillis();
      ClientAddress trapped = Cidr.parse("203.0.113.9").network();
      assertThat(bans(b).find(trapped, now))
          .satisfies(ban -> {
            assertThat(ban.reason()).isEqualTo("trap");
            assertThat(ban.times()).isEqualTo(1);
            assertThat(ban.untilMillis()).isBetween(now + 3_500_000, now + 3_601_000);
          });

      add(b, ONE);
      add(b, SIX);
      add(b, WIDE);
      eventually(a, ONE, true);
      eventually(a, SIX, true);
      eventually(a, WIDE, true);

      assertThat(bans(a).remove(ONE, System.currentTimeMillis())).isTrue();
      assertThat(bans(a).remove(WIDE, System.currentTimeMillis())).isTrue();
      eventually(b, ONE, false);
      eventually(b, WIDE, false);
      assertThat(isBanned(b, SIX)).isTrue();
      add(b, ONE);
      eventually(a, ONE, true);
      assertThat(Long.parseLong(redis.says("pttl", "weir:1:ban:" + ONE)))
          .isBetween(3_500_000L, 3_601_000L);
    }
  }

  @Test
  void whoComesLateHasAllBansAndWhatWasForgivenMeanwhileIsForgiven() throws Exception {
    try (RedisProcess redis = RedisProcess.start(folder);
        DaemonUnderTest a = start("a", redis)) {
      up(a, 1);
      add(a, ONE);
      for (int i = 0; i < 3000; i++) {
        add(a, Cidr.ofClient(ClientAddress.v4(0x0a000000 + i)));
      }
      try (DaemonUnderTest b = start("b", redis)) {
        await()
            .atMost(SOON)
            .untilAsserted(
                () -> assertThat(bans(b).count(System.currentTimeMillis())).isEqualTo(3001));
        redis.stop();
        up(a, 0);
        up(b, 0);
        add(b, WIDE); // nobody can hear of it now
        assertThat(isBanned(b, WIDE)).isTrue();
        redis.restart(); // with nothing in its memory
        eventually(a, WIDE, true);
        await()
            .atMost(SOON)
            .until(() -> redis.says("exists", "weir:1:ban:10.0.11.183/32").equals("1"));
      }
      bans(a).remove(ONE, System.currentTimeMillis());
      await().atMost(SOON).until(() -> redis.says("get", "weir:1:ban:" + ONE).startsWith("-"));
      try (DaemonUnderTest c = start("c", redis)) {
        add(c, SIX);
        eventually(c, WIDE, true);
        assertThat(isBanned(c, ONE)).isFalse();
        eventually(a, SIX, true);
      }
    }
  }

  @Test
  void aBanThatIsNewerThanTheMarkOfAForgivenOneHoldsForAll() throws Exception {
    Instant forgiven = Instant.now().minusSeconds(600);
    Instant later = forgiven.plusSeconds(60);
    Instant before = forgiven.minusSeconds(60);
    Files.createDirectories(state("a"));
    Files.write(
        state("a").resolve("bans"),
        List.of(
            "192.0.2.7 %s 2126-01-01T00:00:00Z 1 later".formatted(later),
            "198.51.100.0/24 %s 2126-01-01T00:00:00Z 1 later".formatted(later),
            "192.0.2.8 %s 2126-01-01T00:00:00Z 1 before".formatted(before),
            "192.0.2.9 2126-01-01T00:00:00Z 1 of an older version"));
    List<Cidr> all = List.of(ONE, WIDE, Cidr.parse("192.0.2.8"), Cidr.parse("192.0.2.9"));
    try (RedisProcess redis = RedisProcess.start(folder)) {
      for (Cidr clients : all) {
        redis.says(
            "set", "weir:1:ban:" + clients, "-%d %s".formatted(forgiven.toEpochMilli(), clients));
      }
      try (DaemonUnderTest a = start("a", redis);
          DaemonUnderTest b = start("b", redis)) {
        eventually(b, ONE, true);
        eventually(b, WIDE, true);
        for (DaemonUnderTest each : List.of(a, b)) {
          eventually(each, all.get(2), false);
          eventually(each, all.get(3), false);
          assertThat(isBanned(each, ONE)).isTrue();
          assertThat(isBanned(each, WIDE)).isTrue();
        }
        assertThat(redis.says("get", "weir:1:ban:" + ONE)).startsWith("+" + later.toEpochMilli());
      }
    }
  }

  @Test
  void whoBansWhileItsClockIsBehindTheOneThatForgaveHearsThatItIsForgiven() throws Exception {
    long ahead = Instant.now().plusSeconds(600).toEpochMilli();
    try (RedisProcess redis = RedisProcess.start(folder);
        DaemonUnderTest a = start("a", redis)) {
      up(a, 1);
      redis.says("set", "weir:1:ban:" + ONE, "-%d %s".formatted(ahead, ONE));
      assertThat(bans(a).add(ONE, HOUR, "by hand", System.currentTimeMillis())).isNotNull();
      eventually(a, ONE, false); // perhaps already
      assertThat(redis.says("get", "weir:1:ban:" + ONE)).startsWith("-" + ahead);
    }
  }
}
