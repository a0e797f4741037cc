package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QpsMeterTest {
  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong sum = new AtomicLong();
  private final QpsMeter meter = new QpsMeter(sum::get);
  private long now = 12_345;
  private boolean started;

  @Test
  void beforeTheSecondReadingNothingIsKnown() {
    assertThat(meter.perSecond1s()).isZero();
    meter.tick(now);
    assertThat(meter.perSecond60s()).isZero();
  }

  @Test
  void aSteadyRateIsTheSameInEveryWindow() {
    run(200, 50);
    assertThat(meter.perSecond1s()).isEqualTo(50);
    assertThat(meter.perSecond10s()).isEqualTo(50);
    assertThat(meter.perSecond60s()).isEqualTo(50);
  }

  @Test
  void aBurstLeavesTheShortWindowFirst() {
    run(70, 0);
    run(1, 600);
    assertThat(meter.perSecond1s()).isEqualTo(600);
    assertThat(meter.perSecond10s()).isEqualTo(60);
    assertThat(meter.perSecond60s()).isEqualTo(10);
    run(9, 0);
    assertThat(meter.perSecond1s()).isZero();
    assertThat(meter.perSecond10s()).isEqualTo(60);
    run(1, 0);
    assertThat(meter.perSecond10s()).isZero();
    assertThat(meter.perSecond60s()).isEqualTo(10);
    run(50, 0);
    assertThat(meter.perSecond60s()).isZero();
  }

  @Test
  void aYoungMeterLooksBackAsFarAsItCan() {
    run(4, 30);
    assertThat(meter.perSecond60s()).isEqualTo(30);
    assertThat(meter.perSecond10s()).isEqualTo(30);
  }

  @Test
  void lateTicksBlurARateAndDoNotFalsifyIt() {
    meter.tick(now);
    now += 5 * SECOND / 2;
    sum.addAndGet(250);
    meter.tick(now);
    assertThat(meter.perSecond1s()).isEqualTo(100);
  }

  @Test
  void jitterPicksTheNearestReading() {
    long start = now;
    for (int i = 0; i <= 20; i++) {
      now = start + i * SECOND + (i % 2 == 0 ? 30_000_000 : -30_000_000);
      meter.tick(now);
      sum.addAndGet(100);
    }
    assertThat(meter.perSecond1s()).isCloseTo(100, within(7.0));
    assertThat(meter.perSecond10s()).isCloseTo(100, within(0.7));
  }

  @Test
  void aSumThatWrapsAroundGivesTheSameRate() {
    sum.set(Long.MAX_VALUE - 25);
    run(3, 50);
    assertThat(meter.perSecond1s()).isEqualTo(50);
  }

  @Test
  void twoReadingsAtOneInstantAreNoRate() {
    meter.tick(now);
    sum.addAndGet(5);
    meter.tick(now);
    assertThat(meter.perSecond1s()).isZero();
  }

  private void run(int seconds, int perSecond) {
    if (!started) {
      meter.tick(now);
      started = true;
    }
    for (int i = 0; i < seconds; i++) {
      now += SECOND;
      sum.addAndGet(perSecond);
      meter.tick(now);
    }
  }
}
