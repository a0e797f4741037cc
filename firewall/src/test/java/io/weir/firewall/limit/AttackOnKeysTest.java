package io.weir.firewall.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.testing.Luck;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whoever is limited tries to be forgotten, by filling the table with other keys. */
class AttackOnKeysTest {
  private static final int ENTRIES = 8192; // 128 KiB, whatever comes
  private static final int LIMITED = 200;
  private static final int OTHERS = 50_000;
  private static final int BURST = 1000;
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long MILLI = Duration.ofMillis(1).toNanos();

  private final long seed = Luck.seed();
  private final Limiter limiter =
      Limiter.of(1, Duration.ofSeconds(1), BURST, ENTRIES, new SplittableRandom(seed));
  private final KeyHasher hasher = new KeyHasher();

  private long key(long number) {
    limiter.begin(hasher);
    hasher.add(number);
    return hasher.finish();
  }

  private void limitSome() {
    for (int i = 0; i < LIMITED; i++) {
      for (int n = 0; n < BURST; n++) {
        assertThat(limiter.tryTake(key(i), 0)).isZero();
      }
      assertThat(limiter.tryTake(key(i), 0)).isPositive();
    }
  }

  private int forgotten(long now) {
    long back = now / SECOND; // that many may come again by now
    int forgotten = 0;
    for (int i = 0; i < LIMITED; i++) {
      forgotten += limiter.remaining(key(i), now) > back ? 1 : 0;
    }
    return forgotten;
  }

  @Test
  void whileIdleKeysAreLeftNobodyWhoIsLimitedIsForgotten() {
    limitSome();
    long now = 0;
    for (int i = 0; i < OTHERS; i++) {
      now += MILLI; // a thousand of them owe something at a time
      assertThat(limiter.tryTake(key(LIMITED + i), now)).isZero();
    }
    assertThat(forgotten(now)).as("seed %d", seed).isZero();
    assertThat(limiter.liveKeys(now)).isLessThanOrEqualTo(ENTRIES);
  }

  @Test
  void whereNoneIsIdleTheyGiveWayFirstWhoOweLeast() {
    limitSome();
    for (int i = 0; i < OTHERS; i++) {
      limiter.tryTake(key(LIMITED + i), 0);
    }
    assertThat(limiter.evictions()).as("seed %d", seed).isGreaterThan(OTHERS / 2);
    assertThat(forgotten(0)).as("seed %d", seed).isZero();
    System.out.printf(
        "attack: %d keys at once against %d limited ones: %d gave way, none of the limited;"
            + " the table has %d KiB%n",
        OTHERS, LIMITED, limiter.evictions(), ENTRIES * 16 / 1024);
  }
}
