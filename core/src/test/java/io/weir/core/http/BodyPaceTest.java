package io.weir.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BodyPaceTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long IDLE = 30 * SECOND;
  private static final int RATE = 500;

  private final BodyPace pace = new BodyPace();

  @Test
  void silenceEndsAfterTheIdleTime() {
    pace.begin(limits(RATE));
    assertThat(pace.due(7)).isEqualTo(7 + IDLE);
    assertThat(pace.due(SECOND)).isEqualTo(7 + IDLE);
  }

  @Test
  void anUploadAtTheRateIsNeverDue() {
    pace.begin(limits(RATE));
    for (long now = 0; now < 10_000 * SECOND; now += SECOND) {
      assertThat(pace.due(now)).isGreaterThan(now);
      pace.count(RATE);
    }
  }

  @Test
  void aTrickleIsDueSoonAfterTheIdleTimeHoweverOftenItComes() {
    pace.begin(limits(RATE));
    long now = 0;
    while (pace.due(now) > now && now < 2 * IDLE) {
      now += SECOND / 10;
      pace.count(1); // 10 bytes a second
    }
    assertThat(now).isBetween(IDLE, IDLE + SECOND);
  }

  @Test
  void whatCameFastBuysNoMoreThanTheIdleTime() {
    pace.begin(limits(RATE));
    pace.due(0);
    pace.count(1 << 30);
    assertThat(pace.due(SECOND)).isEqualTo(SECOND + IDLE);
  }

  @Test
  void timeDoesNotRunWhileNothingIsWanted() {
    pace.begin(limits(RATE));
    pace.due(0);
    pace.pause(20 * SECOND);
    assertThat(pace.due(1000 * SECOND)).isEqualTo(1010 * SECOND);
  }

  @Test
  void pausingOftenBuysNothing() {
    pace.begin(limits(RATE));
    long now = 0;
    while (pace.due(now) > now && now < 2 * IDLE) {
      now += SECOND / 10;
      pace.count(1);
      pace.pause(now);
      pace.pause(now);
    }
    assertThat(now).isBetween(IDLE, IDLE + SECOND);
  }

  @Test
  void withoutARateOnlySilenceCounts() {
    pace.begin(limits(0));
    pace.due(0);
    pace.count(1);
    assertThat(pace.due(29 * SECOND)).isEqualTo(29 * SECOND + IDLE);
    assertThat(pace.due(30 * SECOND)).isEqualTo(29 * SECOND + IDLE);
  }

  @Test
  void onceTheResponseBeganOnlySilenceCounts() {
    pace.begin(limits(RATE));
    pace.due(0);
    pace.responds(SECOND, 100 * SECOND);
    assertThat(pace.due(2 * SECOND)).isEqualTo(101 * SECOND);
    pace.count(1);
    assertThat(pace.due(29 * SECOND)).isEqualTo(129 * SECOND);
  }

  @Test
  void aResponseThatGoesOnIsNoSilence() {
    pace.begin(limits(RATE));
    pace.due(0);
    pace.responds(SECOND, IDLE);
    pace.goesOn(20 * SECOND);
    assertThat(pace.due(20 * SECOND)).isEqualTo(20 * SECOND + IDLE);
    pace.pause(40 * SECOND);
    pace.goesOn(45 * SECOND);
    assertThat(pace.due(60 * SECOND)).isEqualTo(60 * SECOND + IDLE);
  }

  @Test
  void itIsAsLateAsTheLeastRateSays() {
    long seed = Long.getLong("seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    for (int upload = 0; upload < 200; upload++) {
      pace.begin(limits(RATE));
      long now = random.nextLong(SECOND);
      long deadline = now + IDLE;
      for (int piece = 0; piece < 100; piece++) {
        assertThat(pace.due(now)).as("seed %d", seed).isEqualTo(deadline);
        now += random.nextLong(SECOND);
        int bytes = 1 + random.nextInt(3 * RATE);
        pace.count(bytes);
        deadline = Math.min(deadline + bytes * (SECOND / RATE), now + IDLE);
      }
    }
  }

  private static HttpLimits limits(long rate) {
    return new HttpLimits(1, 1, Long.MAX_VALUE, rate, 1, SECOND, IDLE, SECOND, 0, SECOND);
  }
}
