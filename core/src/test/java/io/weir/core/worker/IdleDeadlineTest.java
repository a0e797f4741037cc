package io.weir.core.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IdleDeadlineTest {
  private static final long TICK = TimerWheel.TICK_NANOS;
  private static final long IDLE = 64 * TICK;

  /** A sixteenth, and two ticks for each of the two looks that tell. */
  private static final long LATEST = IDLE + IDLE / 16 + 4 * TICK;

  private final ManualClock clock = new ManualClock();
  private final Worker worker = StandingWorker.create(new EmbeddedChannel().eventLoop(), clock);
  private final Recorder idle = new Recorder();

  @Test
  void isDueWhenNothingWasHeardAtAll() {
    idle.start();
    passes(IDLE);
    assertThat(idle.times).isZero();

    passes(LATEST - IDLE);
    assertThat(idle.times).isOne();
  }

  @Test
  void isNotDueAgainUnlessItStartsAgain() {
    idle.start();
    passes(5 * IDLE);
    assertThat(idle.times).isOne();

    idle.start();
    passes(5 * IDLE);
    assertThat(idle.times).isEqualTo(2);
  }

  @Test
  void stoppedItIsNeverDue() {
    idle.start();
    passes(IDLE / 2);
    idle.stop();
    passes(5 * IDLE);

    assertThat(idle.times).isZero();
  }

  @Test
  void whatWasHeardDuringAStallOfTheLoopCounts() {
    idle.start();
    passes(IDLE / 2);
    clock.now += 10 * IDLE; // nobody could look meanwhile
    idle.heard();
    look();
    assertThat(idle.times).isZero();
  }

  @Test
  void isDueInTimeHoweverThereWasSpoken() {
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    for (int run = 0; run < 200; run++) {
      Recorder each = new Recorder();
      each.start();
      long last = clock.now;
      long pause = random.nextLong(1, IDLE + IDLE / 8);
      while (each.times == 0) {
        if (clock.now - last >= pause && random.nextInt(8) != 0) {
          each.heard();
          last = clock.now;
          pause = random.nextLong(1, IDLE + IDLE / 8);
        }
        assertThat(clock.now - last).as("seed %d: silence", seed).isLessThanOrEqualTo(LATEST);
        clock.now += random.nextLong(TICK);
        look();
      }
      assertThat(clock.now - last).as("seed %d: too early", seed).isGreaterThanOrEqualTo(IDLE);
    }
  }

  private void passes(long nanos) {
    for (long until = clock.now + nanos; clock.now < until; clock.now += TICK / 2) {
      look();
    }
    look();
  }

  private void look() {
    worker.timers().advance(clock.now);
  }

  private final class Recorder extends IdleDeadline {
    int times;

    Recorder() {
      super(worker, IDLE);
    }

    @Override
    protected void onDeadline(long now) {
      times++;
    }
  }
}
