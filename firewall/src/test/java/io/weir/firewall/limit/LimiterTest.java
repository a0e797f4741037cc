package io.weir.firewall.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.share.Sharing;
import io.weir.firewall.testing.Luck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LimiterTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final long NANOS = SECOND.toNanos();

  /** One bucket of tokens for each key, filled continuously; in exact fractions of a token. */
  private static final class NaiveLimiter {
    private record Bucket(long tokens, long at) {} // a token is worth one interval

    private final Map<Long, Bucket> buckets = new HashMap<>();
    private final long interval;
    private final long size;

    NaiveLimiter(long interval, long burst) {
      this.interval = interval;
      this.size = interval * burst;
    }

    boolean tryTake(long key, long now) {
      Bucket bucket = buckets.getOrDefault(key, new Bucket(size, now));
      long tokens = Math.min(size, bucket.tokens + (now - bucket.at));
      boolean taken = tokens >= interval;
      buckets.put(key, new Bucket(taken ? tokens - interval : tokens, now));
      return taken;
    }
  }

  private static Limiter limiter(long count, long burst, int entries) {
    return Limiter.of(count, SECOND, burst, entries, new SplittableRandom(1));
  }

  private static int take(Limiter limiter, long key, long now, int times) {
    int taken = 0;
    for (int i = 0; i < times; i++) {
      taken += limiter.tryTake(key, now) == 0 ? 1 : 0;
    }
    return taken;
  }

  @Test
  void aBurstAndThenTheRate() {
    Limiter limiter = limiter(10, 5, 1024);
    long now = Long.MAX_VALUE - 3 * NANOS; // a monotonic clock may wrap
    assertThat(take(limiter, 7, now, 9)).isEqualTo(5);
    assertThat(limiter.tryTake(7, now)).isEqualTo(NANOS / 10);
    assertThat(take(limiter, 7, now + NANOS / 10 - 1, 2)).isZero();
    assertThat(take(limiter, 7, now + NANOS / 10, 2)).isEqualTo(1);
    assertThat(take(limiter, 7, now + 100 * NANOS, 9)).isEqualTo(5);
  }

  @Test
  void refusedRequestsCostNothing() {
    Limiter limiter = limiter(1, 1, 1024);
    assertThat(limiter.tryTake(7, 0)).isZero();
    for (long now = 1; now < NANOS; now += NANOS / 50) {
      assertThat(limiter.tryTake(7, now)).isEqualTo(NANOS - now);
    }
    assertThat(limiter.tryTake(7, NANOS)).isZero();
  }

  @Test
  void agreesWithBucketsOfTokensWhileThereIsRoom() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 50; round++) {
      long count = random.nextLong(1, 2000);
      long burst = random.nextLong(1, 50);
      Limiter limiter = limiter(count, burst, 1 << 14);
      NaiveLimiter naive = new NaiveLimiter(Math.ceilDiv(NANOS, count), burst);
      long[] keys = random.longs(20).toArray();
      long now = random.nextLong();
      for (int i = 0; i < 4000; i++) {
        now += random.nextLong(2 * NANOS / (count * keys.length) + 2);
        long key = keys[random.nextInt(keys.length)];
        boolean taken = limiter.tryTake(key, now) == 0;
        assertThat(taken).as("seed %d", seed).isEqualTo(naive.tryTake(key, now));
      }
      assertThat(limiter.evictions()).isZero();
    }
  }

  @Test
  void nobodyIsAdmittedBeyondTheRateHoweverFullTheTable() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    long evictions = 0;
    for (int round = 0; round < 100; round++) {
      long count = random.nextLong(1, 100);
      long burst = random.nextLong(1, 20);
      Limiter limiter = limiter(count, burst, 16);
      NaiveLimiter naive = new NaiveLimiter(Math.ceilDiv(NANOS, count), burst);
      long[] keys = random.longs(random.nextInt(20, 200)).toArray();
      long now = 0;
      for (int i = 0; i < 5000; i++) {
        now += random.nextLong(2 * NANOS / count / 30 + 2);
        long key = keys[Math.min(random.nextInt(keys.length), random.nextInt(keys.length))];
        if (limiter.tryTake(key, now) == 0) {
          assertThat(naive.tryTake(key, now)).as("seed %d", seed).isTrue();
        }
      }
      evictions += limiter.evictions();
    }
    assertThat(evictions).as("the table was full").isGreaterThan(1000);
  }

  @Test
  void aFloodOfOtherKeysResetsNobody() {
    SplittableRandom random = new SplittableRandom(2);
    Limiter limiter = limiter(1, 10, 4096);
    assertThat(take(limiter, 7, 0, 20)).isEqualTo(10);
    for (int i = 0; i < 50_000; i++) {
      limiter.tryTake(random.nextLong(), 1 + i);
      if (i % 1000 == 0) {
        assertThat(take(limiter, 7, 1 + i, 1)).isZero();
      }
    }
    assertThat(take(limiter, 7, NANOS, 3)).isEqualTo(1);
  }

  @Test
  void fiftyThousandKeysFitIntoATableOfTheUsualSize() {
    SplittableRandom random = new SplittableRandom(2);
    Limiter limiter = limiter(1, 10, 1 << 17);
    int refused = 0;
    for (int i = 0; i < 50_000; i++) {
      refused += limiter.tryTake(random.nextLong(), 1) == 0 ? 0 : 1;
    }
    assertThat(refused).isZero();
    assertThat(limiter.liveKeys(1)).isBetween(49_000L, 50_000L);
    assertThat(limiter.liveKeys(20 * NANOS)).isZero();
  }

  @Test
  void whereAllAreLimitedNewKeysWaitForTheFirstToPay() {
    Limiter limiter = limiter(1, 2, 16);
    SplittableRandom random = new SplittableRandom(3);
    long[] full = random.longs(400).toArray();
    for (long key : full) {
      take(limiter, key, 0, 3);
    }
    assertThat(take(limiter, random.nextLong(), 0, 10)).isZero();
    assertThat(take(limiter, random.nextLong(), NANOS, 1)).isEqualTo(1);
  }

  @Test
  void anotherRateKeepsDebtsCutToTheNewBurst() {
    Limiter old = limiter(1, 100, 1024);
    assertThat(take(old, 7, 0, 100)).isEqualTo(100);
    Limiter tighter = old.withRate(1, SECOND, 5);
    assertThat(take(tighter, 7, 0, 1)).isZero();
    assertThat(take(tighter, 7, NANOS, 2)).as("owes five, not a hundred").isEqualTo(1);
    Limiter wider = tighter.withRate(1, SECOND, 50);
    assertThat(take(wider, 7, NANOS, 100)).isEqualTo(45);
  }

  @Test
  void hugeBurstsDoNotOverflow() {
    Limiter limiter =
        Limiter.of(1, Duration.ofDays(366), Long.MAX_VALUE, 64, new SplittableRandom(1));
    assertThat(take(limiter, 7, Long.MAX_VALUE, 10)).isEqualTo(10);
  }

  @Test
  void togetherManyThreadsAdmitExactlyTheRate() throws Exception {
    int threads = 4;
    long[] keys = {11, 22, 33, Long.MIN_VALUE | 5};
    long burst = 100;
    Limiter limiter = limiter(1000, burst, 1 << 10);
    AtomicLong clock = new AtomicLong();
    List<Future<long[]>> results = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (int t = 0; t < threads; t++) {
        results.add(
            pool.submit(() -> {
              long[] taken = new long[keys.length];
              for (int i = 0; i < 200_000; i++) {
                long now = clock.addAndGet(1000); // each sees its own moment, out of order
                int k = i % keys.length;
                taken[k] += limiter.tryTake(keys[k], now) == 0 ? 1 : 0;
              }
              return taken;
            }));
      }
      long[] total = new long[keys.length];
      for (Future<long[]> result : results) {
        for (int k = 0; k < keys.length; k++) {
          total[k] += result.get()[k];
        }
      }
      long most = clock.get() * 1000 / NANOS + burst;
      for (long taken : total) {
        assertThat(taken).isLessThanOrEqualTo(most).isGreaterThanOrEqualTo(most - 1);
      }
    }
  }

  @Test
  void threadsThatFightForFullSetsAdmitNobodyBeyondTheRate() throws Exception {
    int threads = 4;
    long burst = 3;
    Limiter limiter = limiter(100, burst, 16);
    long[] keys = new SplittableRandom(5).longs(64).toArray();
    long end = NANOS;
    List<Future<long[]>> results = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (int t = 0; t < threads; t++) {
        SplittableRandom random = new SplittableRandom(t);
        results.add(
            pool.submit(() -> {
              long[] taken = new long[keys.length];
              for (long now = 0; now < end; now += NANOS / 100_000) {
                int k = random.nextInt(keys.length);
                taken[k] += limiter.tryTake(keys[k], now) == 0 ? 1 : 0;
              }
              return taken;
            }));
      }
      long[] total = new long[keys.length];
      for (Future<long[]> result : results) {
        for (int k = 0; k < keys.length; k++) {
          total[k] += result.get()[k];
        }
      }
      for (long taken : total) {
        assertThat(taken).isLessThanOrEqualTo(100 + burst + threads);
      }
      assertThat(limiter.evictions()).isPositive();
    }
  }

  @Test
  void whatASharedLimiterTakesIsSaidAndWhatItRefusesIsNot() {
    Sharing sharing = new Sharing(1, 16, new SplittableRandom(1));
    Limiter limiter = Limiter.shared(10, SECOND, 2, 64, sharing);
    Limiter later = limiter.withRate(10, SECOND, 1);
    assertThat(limiter.tryTake(5, 0)).isZero();
    assertThat(limiter.tryTake(6, 0)).isZero();
    assertThat(limiter.tryTake(5, 0)).isZero();
    assertThat(limiter.tryTake(5, 0)).isPositive();
    limiter.look(7, 0);
    assertThat(later.number()).isEqualTo(limiter.number());
    List<Long> keys = new ArrayList<>();
    sharing.drain((number, key) -> {
      assertThat(number).isEqualTo(limiter.number());
      keys.add(key);
    });
    assertThat(keys).containsExactly(5L, 6L, 5L);
  }

  @Test
  void itIsKnownWhenOneMoreMayCome() {
    Limiter limiter = limiter(10, 3, 64); // 100 ms each
    long step = limiter.interval();
    assertThat(limiter.untilMore(5, 0)).as("after the next").isEqualTo(step);
    for (int i = 0; i < 3; i++) {
      assertThat(limiter.tryTake(5, 0)).isZero();
    }
    assertThat(limiter.remaining(5, 0)).isZero();
    assertThat(limiter.untilMore(5, 0)).isEqualTo(step).isEqualTo(limiter.look(5, 0));
    assertThat(limiter.untilMore(5, step / 4)).isEqualTo(step - step / 4);
    assertThat(limiter.remaining(5, step + 1)).isEqualTo(1);
    assertThat(limiter.untilMore(5, step + 1)).isEqualTo(step - 1);
    limiter.owe(5, 2 * step, 0);
    assertThat(limiter.untilMore(5, 0)).isEqualTo(3 * step).isEqualTo(limiter.look(5, 0));
  }

  @Test
  void whatOthersTookIsOwedBeyondTheBurst() {
    Limiter limiter = limiter(10, 2, 64); // 100 ms each
    assertThat(limiter.tryTake(5, 0)).isZero();
    limiter.owe(5, 3 * limiter.interval(), 0);
    assertThat(limiter.untilPaid(5, 0)).isEqualTo(4 * limiter.interval());
    assertThat(limiter.tryTake(5, 0)).isEqualTo(3 * limiter.interval());
    assertThat(limiter.tryTake(5, 3 * limiter.interval())).isZero();
    limiter.owe(6, limiter.mostDebt(), 0);
    assertThat(limiter.tryTake(6, 0)).as("also of a key that is new here").isPositive();
  }

  @Test
  void whatHasHappenedCountsBeyondTheBurst() {
    Sharing sharing = new Sharing(1, 16, new SplittableRandom(1));
    Limiter limiter = Limiter.shared(10, SECOND, 2, 64, sharing); // 100 ms each
    for (int i = 0; i < 5; i++) {
      limiter.take(7, 0);
    }
    assertThat(limiter.look(7, 0)).isEqualTo(4 * limiter.interval());
    assertThat(limiter.look(7, 4 * limiter.interval())).isZero();
    assertThat(limiter.withRate(10, SECOND, 2).look(7, 0)).isEqualTo(4 * limiter.interval());
    List<Long> told = new ArrayList<>();
    sharing.drain((number, key) -> told.add(key));
    assertThat(told).containsExactly(7L, 7L, 7L, 7L, 7L);
  }

  @Test
  void aSmallerBurstForgivesWhatHasHappenedToo() {
    Limiter limiter = limiter(10, 2, 64);
    for (int i = 0; i < 50; i++) {
      limiter.take(7, 0);
    }
    Limiter faster = limiter.withRate(1000, SECOND, 2);
    assertThat(faster.look(7, 0)).isEqualTo(faster.interval());
  }

  @Test
  void aReloadWithTheSameBurstForgivesNothing() {
    Limiter limiter = limiter(10, 2, 64);
    limiter.owe(7, 9 * limiter.interval(), 0);
    assertThat(limiter.withRate(10, SECOND, 2).tryTake(7, 0)).isEqualTo(8 * limiter.interval());
    assertThat(limiter.withRate(10, SECOND, 1).tryTake(7, 0)).isEqualTo(limiter.interval());
  }

  @Test
  void aKeyIsKnownOnceItTookSomething() {
    Limiter limiter = limiter(10, 2, 1);
    for (int i = 0; i < 64; i++) {
      limiter.owe(((long) i << 60) + i + 1, limiter.mostDebt(), 0); // no set has room
    }
    long stranger = 1L << 59;
    assertThat(limiter.tryTake(stranger, 0)).as("what it takes over").isPositive();
    assertThat(limiter.isKnown(stranger)).isFalse();
    limiter.take(stranger, 0);
    assertThat(limiter.isKnown(stranger)).isTrue();
  }

  @Test
  void keysOfTwoProcessesHaveTheSameFingerprintsOnceTheyAgreeOnASecret() {
    Sharing one = new Sharing(1, 16, new SplittableRandom(1));
    Sharing other = new Sharing(1, 16, new SplittableRandom(2));
    Limiter here = Limiter.shared(10, SECOND, 2, 64, one);
    Limiter there = Limiter.shared(10, SECOND, 2, 64, other);
    assertThat(fingerprint(here)).isNotEqualTo(fingerprint(there));
    one.secret().replace(3, 4);
    other.secret().replace(3, 4);
    assertThat(fingerprint(here)).isEqualTo(fingerprint(there));
  }

  private static long fingerprint(Limiter limiter) {
    KeyHasher hasher = new KeyHasher();
    limiter.begin(hasher);
    hasher.add("key");
    return hasher.finish();
  }
}
