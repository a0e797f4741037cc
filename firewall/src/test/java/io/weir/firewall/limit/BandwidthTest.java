package io.weir.firewall.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.testing.Luck;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BandwidthTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int KIB = 1024;

  private static Bandwidth bandwidth(long rate, long burst) {
    return Bandwidth.of(rate, burst, 1024, new SplittableRandom(1));
  }

  @Test
  void aBurstAndThenTheRate() {
    Bandwidth bandwidth = bandwidth(100 * KIB, 50 * KIB);
    long now = Long.MAX_VALUE - SECOND; // a monotonic clock may wrap
    assertThat(bandwidth.remaining(7, now)).isEqualTo(50 * KIB);
    assertThat(bandwidth.sent(7, 50 * KIB, now)).isZero();
    assertThat(bandwidth.sent(7, 10 * KIB, now)).isEqualTo(SECOND / 10);
    assertThat(bandwidth.sent(7, 10 * KIB, now)).isEqualTo(SECOND / 5);
    assertThat(bandwidth.remaining(7, now)).isZero();
    now += SECOND / 5;
    assertThat(bandwidth.untilNext(7, now)).isZero();
    assertThat(bandwidth.untilNext(7, now + SECOND)).isZero();
    assertThat(bandwidth.remaining(7, now + SECOND)).isEqualTo(50 * KIB);
    assertThat(bandwidth.remaining(8, now)).as("another key").isEqualTo(50 * KIB);
  }

  @Test
  void theFastestAndTheLargestDoNotOverflow() {
    Bandwidth fast = bandwidth(1L << 40, 8L << 30);
    assertThat(fast.sent(1, Integer.MAX_VALUE, 5)).isZero();
    assertThat(fast.remaining(1, 5)).isBetween(6L << 30, (6L << 30) + (1 << 20));
    Bandwidth slow = bandwidth(1 << 10, 8L << 30);
    assertThat(slow.sent(1, Integer.MAX_VALUE, 5)).isZero();
    assertThat(slow.remaining(1, 5)).isBetween(6L << 30, (6L << 30) + (1 << 20));
  }

  @Test
  void anotherRateKeepsWhatIsOwed() {
    Bandwidth bandwidth = bandwidth(100 * KIB, 50 * KIB);
    assertThat(bandwidth.sent(7, 150 * KIB, 0)).isEqualTo(SECOND);
    assertThat(bandwidth.withRate(100 * KIB, 100 * KIB).untilNext(7, 0)).isEqualTo(SECOND / 2);
  }

  @Test
  void aFasterRateForgivesWhatWouldHaveBeenPaidByThen() {
    Bandwidth slow = bandwidth(KIB, KIB);
    assertThat(slow.sent(7, 65 * KIB, 0)).isEqualTo(64 * SECOND);
    Bandwidth fast = slow.withRate(1024 * KIB, 1024 * KIB);
    assertThat(fast.untilNext(7, 0)).isZero();
    assertThat(fast.sent(7, 512 * KIB, 0)).as("it owes a burst").isEqualTo(SECOND / 2);
    assertThat(fast.withRate(2048 * KIB, 1024 * KIB).untilNext(7, 0)).isZero();
  }

  /** Many at once, each woken late, never get more in any stretch of time than rate and burst. */
  @Test
  void whoeverSharesAKeySharesItsRateHoweverLateTheyAreWoken() {
    long seed = Luck.seed();
    for (int round = 0; round < 200; round++) {
      SplittableRandom random = new SplittableRandom(seed + round);
      long rate = random.nextLong(10 * KIB, 10_000 * KIB);
      long burst = rate / 4 + random.nextLong(2 * rate);
      Bandwidth bandwidth = bandwidth(rate, burst);
      int responses = random.nextInt(1, 20);
      int piece = random.nextInt(16 * KIB, 64 * KIB);
      long[] mayGoOn = new long[responses];
      long sent = 0;
      long now = 0;
      while (now < 20 * SECOND) {
        int next = 0;
        for (int i = 1; i < responses; i++) {
          next = mayGoOn[i] < mayGoOn[next] ? i : next;
        }
        now = Math.max(now, mayGoOn[next]);
        long wait = bandwidth.sent(3, piece, now);
        sent += piece;
        mayGoOn[next] = now + (wait == 0 ? random.nextLong(100_000) : wait + late(random));
        double most = burst + rate * (now / 1e9) + (double) responses * piece;
        assertThat((double) sent).as("seed %d at %d", seed + round, now).isLessThanOrEqualTo(most);
      }
      double least = rate * 0.9 * (Arrays.stream(mayGoOn).min().orElseThrow() / 1e9) - burst;
      assertThat((double) sent).as("seed %d: not much less", seed + round).isGreaterThan(least);
    }
  }

  /** The timers of a loop tick every 67 ms, and fire at most two ticks late. */
  private static long late(SplittableRandom random) {
    return random.nextLong(134_000_000);
  }
}
