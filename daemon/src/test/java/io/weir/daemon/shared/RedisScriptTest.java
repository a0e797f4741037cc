package io.weir.daemon.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done in Redis, against the same thing said in Java. */
class RedisScriptTest {
  /** In milliseconds: nothing that is said of bans expires while the test runs. */
  private static final String HOUR = "3600000";

  @TempDir private Path folder;

  private RedisProcess process;
  private RedisClient client;
  private RedisCommands<String, String> redis;

  @BeforeEach
  void connect() throws Exception {
    process = RedisProcess.start(folder);
    client = RedisClient.create(RedisURI.create("127.0.0.1", process.port()));
    StatefulRedisConnection<String, String> connection = client.connect();
    redis = connection.sync();
  }

  @AfterEach
  void end() throws Exception {
    client.shutdown();
    process.close();
  }

  private List<Long> owe(List<String> keys, List<String> arguments) {
    List<Object> answer =
        redis.eval(
            RedisScript.OWE.text(),
            ScriptOutputType.MULTI,
            keys.toArray(String[]::new),
            arguments.toArray(String[]::new));
    return answer.stream().map(Long.class::cast).toList();
  }

  @Test
  void debtsAreThoseOfTheNaiveRedisOnAnySchedule() {
    long seed = Long.getLong("seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    NaiveRedis naive = new NaiveRedis();
    long now = owe(List.of("none"), List.of("0", "0", "0", "1")).getFirst();
    for (int round = 0; round < 500; round++) {
      List<String> keys = new ArrayList<>();
      List<String> arguments = new ArrayList<>();
      for (int i = random.nextInt(1, 40); i > 0; i--) {
        keys.add("key" + keys.size());
        arguments.add("" + (now + random.nextLong(-100_000, 50_000)));
        arguments.add("" + random.nextLong(0, 1_000_000));
        arguments.add("" + (random.nextBoolean() ? 0 : now + random.nextLong(0, 10_000_000)));
        arguments.add("" + (random.nextInt(10) == 0 ? 3_000_000 : 60_000_000));
      }
      List<Long> answer = owe(keys, arguments);
      now = answer.getFirst();
      assertThat(answer).as("seed %d", seed).isEqualTo(naive.owe(keys, arguments, now));
    }
  }

  @Test
  void whatIsOwedExpiresSoonAfterItIsPaid() {
    long now = owe(List.of("a"), List.of("0", "0", "0", "1")).getFirst();
    owe(List.of("a", "b"), List.of("" + now, "90000000", "0", "99000000", "0", "0", "0", "1"));
    assertThat(redis.pttl("a")).isBetween(80_000L, 91_000L);
    assertThat(redis.pttl("b")).isLessThanOrEqualTo(1000).isNotEqualTo(-1); // which is for ever
  }

  @Test
  void theLongestDebtsAreNotRounded() {
    long years = 4_000_000_000_000_000L;
    long now = owe(List.of("a"), List.of("0", "0", "0", "1")).getFirst();
    List<String> once = List.of("" + now, "" + years, "0", "" + (years + 1000));
    long debt = owe(List.of("c"), once).get(1);
    assertThat(debt).isBetween(years - 60_000_000, years);
    long later = owe(List.of("c"), List.of("0", "1", "0", "" + (years + 1000))).get(1);
    assertThat(later).isBetween(debt - 60_000_000, debt + 1);
  }

  /** What is said of one client, as a number: a ban is behind a mark of the same time. */
  private static long rank(String value) {
    long made = Long.parseLong(value, 1, value.indexOf(' '), 10);
    return 2 * made + (value.startsWith("+") ? 1 : 0);
  }

  @Test
  void ofBansAndMarksTheLatestStaysWhoeverTellsItInWhichOrder() {
    long seed = Long.getLong("seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, String> naive = new HashMap<>();
    for (int round = 0; round < 2000; round++) {
      String key = "ban:" + random.nextInt(10);
      boolean isOffer = random.nextInt(4) == 0;
      String sign = isOffer || random.nextBoolean() ? "+" : "-";
      String value = sign + (round / 4 + random.nextInt(10)) + " it " + round;
      String known = naive.get(key);
      boolean isNews =
          known == null || rank(value) > rank(known) || (rank(value) == rank(known) && !isOffer);
      if (isNews) {
        naive.put(key, value);
      }
      RedisScript script = isOffer ? RedisScript.OFFER : RedisScript.BAN;
      String[] keys = isOffer ? new String[] {"bans", key} : new String[] {key, "bans"};
      String[] arguments =
          isOffer ? new String[] {"100", value, HOUR} : new String[] {value, HOUR, "100"};
      List<Object> answer = redis.eval(script.text(), ScriptOutputType.MULTI, keys, arguments);
      String as = "seed %d, round %d: %s after %s".formatted(seed, round, value, known);
      assertThat(answer).as(as).isEqualTo(List.of(isNews ? 1L : 0L));
      assertThat(redis.get(key)).as(as).isEqualTo(naive.get(key));
      assertThat(redis.pttl(key)).as(as).isBetween(1L, Long.parseLong(HOUR));
      if (!isOffer) {
        String told =
            redis
                .xrevrange("bans", Range.unbounded(), Limit.from(1))
                .getFirst()
                .getBody()
                .get("ban");
        assertThat(told).as(as).isEqualTo(naive.get(key));
      }
    }
  }
}
