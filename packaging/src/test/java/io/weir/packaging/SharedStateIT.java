package io.weir.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two balancers and the Redis between them. */
class SharedStateIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private Weir start(String name, Redis redis, String rules) throws IOException {
    Path home = Files.createDirectories(folder.resolve(name));
    Files.writeString(
        home.resolve("weir.yaml"),
        """
        version: 1
        workers: 1
        limits: { requests_per_connection: 10000000 }
        listeners: { web: { bind: "127.0.0.1:0" } }
        admin: { bind: "127.0.0.1:0", socket: admin.sock }
        shared_state: { redis: "%s" }
        firewall:
          rules:
        %s
        routes:
          - respond: { status: 200, body: "hello" }
        """
            .formatted(redis.address(), rules.indent(4)));
    return Weir.start(home, "run");
  }

  private static double metric(Weir weir, String series) {
    return Http.body(weir.admin() + "/metrics")
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElse(-1);
  }

  private static void up(Weir weir, int expected) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(metric(weir, "weir_shared_state_up")).isEqualTo(expected));
  }

  private static void both(Weir one, Weir other, int up) {
    up(one, up);
    up(other, up);
  }

  /**
   * How many were let through in a second: in the middle one of some, since the machine may stand
   * still in another. docs/performance.md has what it prints.
   */
  private static double passedPerSecond(String when, Load load, int seconds)
      throws InterruptedException {
    long began = System.nanoTime();
    long before = load.passed();
    long answered = load.answered();
    double[] each = new double[seconds];
    for (int i = 0; i < seconds; i++) {
      long start = System.nanoTime();
      long passed = load.passed();
      Thread.sleep(Duration.ofSeconds(1));
      each[i] = (load.passed() - passed) / seconds(start);
    }
    double asked = (load.answered() - answered) / seconds(began);
    double mean = (load.passed() - before) / seconds(began);
    Arrays.sort(each);
    System.out.printf(
        "| %s | %,.0f | %,.0f | %,.0f-%,.0f |%n", when, asked, mean, each[0], each[seconds - 1]);
    assertThat(asked).as("asked in a second").isGreaterThan(1500);
    return each[seconds / 2];
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  @Test
  void twoBalancersLetThroughTheLimitOfOneWhateverBecomesOfRedis() throws Exception {
    String rule =
        "- { name: all, match: { path: / },"
            + " action: { limit: { key: host, rate: 1000/s, burst: 100 } } }";
    try (Redis redis = Redis.start(folder);
        Weir one = start("one", redis, rule);
        Weir other = start("other", redis, rule);
        Load load = new Load(2, one.web(), other.web())) {
      both(one, other, 1);
      passedPerSecond("the first seconds", load, 4); // until the code is warm
      assertThat(passedPerSecond("Redis answers", load, 6)).isCloseTo(1000, within(100.0));
      load.slowestMillis();
      load.longestPauseMillis();

      redis.stands();
      both(one, other, 0);
      assertThat(passedPerSecond("Redis stands still", load, 3))
          .as("each by itself")
          .isBetween(1500.0, 2200.0);
      redis.goesOn();
      both(one, other, 1);
      assertThat(passedPerSecond("it goes on", load, 5)).isCloseTo(1000, within(100.0));

      redis.ends();
      both(one, other, 0);
      assertThat(passedPerSecond("Redis is gone", load, 3))
          .as("each by itself")
          .isBetween(1500.0, 2200.0);
      redis.beginsAnew();
      both(one, other, 1);
      assertThat(passedPerSecond("a new one, empty, has come", load, 5))
          .isCloseTo(1000, within(100.0));

      assertThat(load.wrong()).isNull();
      assertThat(load.slowestMillis())
          .as("nobody waited for Redis, but maybe for the machine")
          .isLessThan(900 + load.longestPauseMillis());
      assertThat(metric(one, "weir_shared_state_operations_total{result=\"ok\"}")).isPositive();
      assertThat(metric(one, "weir_shared_state_operations_total{result=\"failed\"}")).isPositive();
      assertThat(metric(one, "weir_shared_state_operations_total{result=\"dropped\"}")).isZero();
      assertThat(metric(one, "weir_shared_state_duration_seconds_count")).isPositive();
      assertThat(one.stderr().lines().filter(line -> line.contains("shared by")))
          .as("said for each change, not for each attempt")
          .hasSizeBetween(5, 8);
    }
  }
}
