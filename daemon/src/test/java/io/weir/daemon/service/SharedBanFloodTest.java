package io.weir.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.daemon.shared.RedisProcess;
import io.weir.firewall.address.Cidr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of shared bans that are more than Redis keeps. */
class SharedBanFloodTest {
  private static final Duration SOON = Duration.ofSeconds(120);
  private static final Cidr FORGIVEN = Cidr.parse("192.0.2.7");

  @TempDir private Path folder;

  private DaemonUnderTest start(String name, RedisProcess redis) throws IOException, CannotStart {
    return DaemonUnderTest.start(
        Files.createDirectories(folder.resolve(name)),
        """
        version: 1
        listeners: { web: { bind: "127.0.0.1:0" } }
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

  private static boolean says(DaemonUnderTest daemon, String metric) {
    try {
      return daemon.page("/metrics").contains(metric);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void counts(DaemonUnderTest daemon, int bans) {
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(daemon.daemon().operations().bans().count(System.currentTimeMillis()))
                .isEqualTo(bans));
  }

  @Test
  void whoHasTensOfThousandsOfBansInAFileTellsAllOfThemToWhoIsThere() throws Exception {
    int bans = 50_000;
    Files.createDirectories(state("b"));
    Files.writeString(
        state("b").resolve("bans"),
        IntStream.range(0, bans)
            .mapToObj(i -> "10.1.%d.%d 2126-01-01T00:00:00Z 1 x\n".formatted(i / 256, i % 256))
            .collect(Collectors.joining()));
    try (RedisProcess redis = RedisProcess.start(folder);
        DaemonUnderTest a = start("a", redis)) {
      await().atMost(SOON).until(() -> says(a, "weir_shared_state_up 1.0"));
      try (DaemonUnderTest b = start("b", redis)) {
        counts(b, bans);
        counts(a, bans);
      }
    }
  }

  @Test
  void changesThatWereGoneBeforeTheyWereReadAreFoundInTheBansThemselves() throws Exception {
    int bans = 20_000; // of which the stream keeps 16,384
    try (RedisProcess redis = RedisProcess.start(folder);
        DaemonUnderTest a = start("a", redis)) {
      await().atMost(SOON).until(() -> says(a, "weir_shared_state_up 1.0"));
      a.daemon()
          .operations()
          .bans()
          .add(FORGIVEN, Duration.ofHours(1), "by hand", System.currentTimeMillis());
      await().atMost(SOON).until(() -> redis.says("xlen", "weir:1:bans").equals("2"));
      assertThat(says(a, "weir_shared_state_operations_total{result=\"missed\"} 0.0")).isTrue();
      String told =
          redis.says(
              "eval",
              """
              local function tell(clients, value)
                redis.call('SET', 'weir:1:ban:' .. clients, value, 'PX', 3600000)
                redis.call('XADD', 'weir:1:bans', 'MAXLEN', '~', 16384, '*', 'ban', value)
              end
              tell('%1$s', '-4000000000000 %1$s')
              for i = 0, %2$d - 1 do
                local ip = '10.1.' .. math.floor(i / 256) .. '.' .. i %% 256
                tell(ip .. '/32', '+1 ' .. ip .. ' 2126-01-01T00:00:00Z 1 x')
              end
              return redis.call('XLEN', 'weir:1:bans')
              """
                  .formatted(FORGIVEN, bans),
              "0");
      assertThat(Integer.parseInt(told)).isLessThan(17_000);
      counts(a, bans);
      assertThat(
              a.daemon()
                  .operations()
                  .bans()
                  .isBanned(FORGIVEN.network(), System.currentTimeMillis()))
          .isFalse();
      await()
          .atMost(SOON)
          .until(() -> says(a, "weir_shared_state_operations_total{result=\"missed\"} 1.0"));
    }
  }
}
