package io.weir.daemon.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.limit.Limiter;
import io.weir.firewall.share.Sharing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Balancers that share a limit, in a time that is computed. */
class LimitExchangeTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1000 * MILLI;
  private static final long EVERY = 50 * MILLI;
  private static final long FIRST_KEY = 2; // a limiter takes the fingerprint 0 for 1
  private static final long SKEW = 1_700_000_000_000_000L; // the clock of Redis, in microseconds

  private final NaiveRedis redis = new NaiveRedis();

  /** A balancer with one limit, whose exchanges take their time. */
  private final class Balancer {
    private final Sharing sharing = new Sharing(1, 1 << 14, new SplittableRandom(1));
    private final Limiter limiter;
    private final LimitExchange exchange;
    private long nextExchange;
    private List<DebtBatch> underWay = List.of();
    private long asked; // when Redis reads them
    private long answered; // when its answer is here
    private List<List<Long>> answers = List.of();
    private boolean cutOff;

    Balancer(long count, long burst, long phase) {
      sharing.secret().replace(1, 2);
      limiter = Limiter.shared(count, Duration.ofSeconds(1), burst, 1 << 12, sharing);
      Map<Integer, SharedLimit> limits =
          Map.of(limiter.number(), new SharedLimit("limit:it", limiter));
      exchange = new LimitExchange(sharing, () -> limits);
      exchange.setClock(SKEW, 0);
      nextExchange = phase;
    }

    boolean takes(long key, long now) {
      return limiter.tryTake(key, now) == 0;
    }

    void proceed(long now, SplittableRandom random, long delay) {
      if (answers.isEmpty() && !underWay.isEmpty() && now >= asked && !cutOff) {
        answers = underWay.stream().map(batch -> ask(batch, now)).toList();
      }
      if (!underWay.isEmpty() && now >= answered && !cutOff) {
        for (int i = 0; i < underWay.size(); i++) {
          exchange.answered(underWay.get(i), answers.get(i), now);
        }
        underWay = List.of();
        answers = List.of();
      }
      if (now >= nextExchange) {
        nextExchange += EVERY;
        exchange.collect(!cutOff, now);
        if (underWay.isEmpty() && !cutOff) {
          underWay = exchange.next(now, 32);
          asked = now + random.nextLong(delay + 1);
          answered = asked + random.nextLong(delay + 1);
        }
      }
    }

    private List<Long> ask(DebtBatch batch, long now) {
      List<String> names = batch.entries().stream().map(DebtBatch.Entry::name).toList();
      return redis.owe(names, exchange.arguments(batch), SKEW + now / 1000);
    }

    void cutOff(boolean isOff) {
      if (isOff && !cutOff) {
        exchange.lost(underWay);
        underWay = List.of();
        answers = List.of();
      }
      cutOff = isOff;
    }
  }

  private static long seed() {
    return Long.getLong("seed", System.nanoTime());
  }

  private List<Balancer> balancers(int number, long count, long burst) {
    List<Balancer> balancers = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      balancers.add(new Balancer(count, burst, i * EVERY / number));
    }
    return balancers;
  }

  @Test
  void anyScheduleLetsThroughWhatOneLimitForAllWould() {
    for (int round = 0; round < 60; round++) {
      long seed = seed() + round;
      SplittableRandom random = new SplittableRandom(seed);
      redis.forget();
      int number = random.nextInt(2, 5);
      long count = random.nextInt(20, 2000);
      long burst = random.nextLong(1 + count / 10, 1 + 2 * count);
      long delay = random.nextInt(3) == 0 ? 30 * MILLI : MILLI;
      int keys = random.nextInt(1, 6);
      double load = random.nextDouble(0.2, 5); // of each key, times the limit
      double[] share = shares(number, random);
      List<Balancer> balancers = balancers(number, count, burst);
      Limiter naive =
          Limiter.of(count, Duration.ofSeconds(1), burst, 1 << 12, new SplittableRandom(1));
      long[] through = new long[keys];
      long[] expected = new long[keys];
      long[] asked = new long[keys];
      long step = SECOND / 2000;
      long end = 12 * SECOND;
      double due = 0;
      int forgotten = 0;
      for (long now = 0; now < end; now += step) {
        if (random.nextInt(8000) == 0) {
          redis.forget();
          forgotten++;
        }
        for (due += keys * load * count * step / SECOND; due >= 1; due--) {
          int key = random.nextInt(keys);
          asked[key]++;
          expected[key] += naive.tryTake(FIRST_KEY + key, now) == 0 ? 1 : 0;
          through[key] += balancers.get(pick(share, random)).takes(FIRST_KEY + key, now) ? 1 : 0;
        }
        for (Balancer balancer : balancers) {
          balancer.proceed(now, random, delay);
        }
      }
      // What the others may take before they hear: at first their burst, and whenever Redis forgot.
      double untold = count * (EVERY + 3.0 * delay) / SECOND;
      double ahead = (number - 1) * ((1 + forgotten) * untold + burst);
      for (int key = 0; key < keys; key++) {
        assertThat((double) through[key])
            .as(
                "seed %d, key %d: %d balancers, %d/s, burst %d, load %.2f, asked %d",
                seed, key, number, count, burst, load, asked[key])
            .isBetween(expected[key] * 0.97 - ahead - 5, expected[key] + ahead + 5);
      }
    }
  }

  @Test
  void whoIsCutOffGoesOnAloneAndNothingIsCountedTwiceAfterwards() {
    SplittableRandom random = new SplittableRandom(1);
    List<Balancer> balancers = balancers(2, 1000, 100);
    long[] inSecond = new long[30];
    for (long now = 0; now < 30 * SECOND; now += MILLI) {
      boolean isOff = now >= 10 * SECOND && now < 20 * SECOND;
      if (now == 15 * SECOND) {
        redis.forget();
      }
      for (Balancer balancer : balancers) {
        balancer.cutOff(isOff);
        for (int i = 0; i < 3; i++) {
          inSecond[(int) (now / SECOND)] += balancer.takes(FIRST_KEY, now) ? 1 : 0;
        }
        balancer.proceed(now, random, MILLI);
      }
    }
    for (int second = 1; second < 30; second++) {
      boolean alone = second >= 10 && second < 20;
      assertThat((double) inSecond[second])
          .as("second %d of %s", second, Arrays.toString(inSecond))
          .isBetween(alone ? 1890.0 : 890.0, alone ? 2110.0 : 1110.0);
    }
  }

  @Test
  void fiftyThousandKeysWithoutRedisTakeABoundedPlace() {
    Balancer balancer = new Balancer(1000, 100_000, 0);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 150_000; i++) {
      balancer.takes(random.nextLong(), 0);
      if (i % 10_000 == 0) {
        balancer.exchange.collect(false, i);
      }
    }
    balancer.exchange.collect(false, SECOND);
    List<DebtBatch> told = new ArrayList<>();
    for (List<DebtBatch> some = balancer.exchange.next(0, 32); !some.isEmpty(); ) {
      told.addAll(some);
      some = balancer.exchange.next(0, 32);
    }
    int keys = told.stream().mapToInt(batch -> batch.entries().size()).sum();
    assertThat(keys).isEqualTo(LimitExchange.MOST_KEYS);
    assertThat(balancer.exchange.dropped()).isPositive();
    balancer.exchange.lost(told);
    balancer.exchange.lost(told);
    assertThat(balancer.exchange.next(0, 32)).isNotEmpty();
  }

  private static double[] shares(int number, SplittableRandom random) {
    double[] upTo = new double[number];
    double sum = 0;
    for (int i = 0; i < number; i++) {
      sum += random.nextDouble(0.05, 1);
      upTo[i] = sum;
    }
    for (int i = 0; i < number; i++) {
      upTo[i] /= sum;
    }
    return upTo;
  }

  private static int pick(double[] upTo, SplittableRandom random) {
    double luck = random.nextDouble();
    int i = 0;
    while (i < upTo.length - 1 && luck >= upTo[i]) {
      i++;
    }
    return i;
  }
}
