package io.weir.firewall.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.testing.Luck;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StrikesTest {
  private static final long SECOND = 1_000_000_000L;

  private static Strikes strikes(int enough, int seconds, int entries) {
    return Strikes.of(enough, Duration.ofSeconds(seconds), entries, new SplittableRandom(1));
  }

  @Test
  void theThirdWithinTheTimeIsEnough() {
    Strikes strikes = strikes(3, 60, 64);
    assertThat(strikes.isEnough(5, 0)).isFalse();
    assertThat(strikes.isEnough(5, 59 * SECOND)).isFalse();
    assertThat(strikes.isEnough(5, 59 * SECOND)).isTrue();
    assertThat(strikes.isEnough(5, 59 * SECOND)).as("the count begins anew").isFalse();
  }

  @Test
  void afterTheTimeTheCountBeginsAnew() {
    Strikes strikes = strikes(2, 60, 64);
    assertThat(strikes.isEnough(5, -SECOND)).isFalse();
    assertThat(strikes.isEnough(5, 60 * SECOND)).isFalse();
    assertThat(strikes.isEnough(5, 61 * SECOND)).isTrue();
  }

  @Test
  void oneIsEnoughWithoutCounting() {
    assertThat(strikes(1, 60, 64).isEnough(5, 0)).isTrue();
  }

  @Test
  void whoIsNearABanStaysWhenThereIsNoRoom() {
    Strikes strikes = strikes(3, 600, 16);
    long near = 77;
    strikes.isEnough(near, 0);
    strikes.isEnough(near, 0);
    for (long other = 1L << 20; other < (1L << 20) + 500; other++) {
      strikes.isEnough(other * 0x9e3779b97f4a7c15L, SECOND);
    }
    assertThat(strikes.isEnough(near, 2 * SECOND)).isTrue();
  }

  @Test
  void countsAsAMapDoes() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    Strikes strikes = Strikes.of(4, Duration.ofSeconds(30), 1 << 16, random);
    Map<Long, long[]> naive = new HashMap<>();
    long second = random.nextInt();
    for (int i = 0; i < 100_000; i++) {
      second += random.nextInt(100) == 0 ? random.nextInt(40) : 0;
      long key = (random.nextInt(300) + 1) * 0x9e3779b97f4a7c15L;
      long[] known = naive.get(key);
      if (known == null || known[0] <= second) {
        known = new long[] {second + 30, 0};
        naive.put(key, known);
      }
      boolean enough = ++known[1] == 4;
      if (enough) {
        naive.remove(key);
      }
      assertThat(strikes.isEnough(key, second * SECOND + random.nextLong(SECOND)))
          .as("seed %d, %d", seed, i)
          .isEqualTo(enough);
    }
  }
}
