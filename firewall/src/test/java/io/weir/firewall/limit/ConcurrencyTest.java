package io.weir.firewall.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConcurrencyTest {
  private static Concurrency of(int atMost, int entries) {
    return Concurrency.of(atMost, entries, new SplittableRandom(1));
  }

  @Test
  void soManyAtOnceAndWhenOneIsOverTheNext() {
    Concurrency counts = of(2, 64);
    int first = counts.enter(9);
    assertThat(counts.enter(9)).isEqualTo(first);
    assertThat(counts.enter(9)).isEqualTo(Concurrency.FULL);
    assertThat(counts.enter(10)).isNotEqualTo(Concurrency.FULL);
    assertThat(counts.underWay(9)).isEqualTo(2);
    counts.leave(first);
    assertThat(counts.enter(9)).isEqualTo(first);
    assertThat(counts.liveKeys()).isEqualTo(2);
  }

  @Test
  void whatIsOverLeavesNothingBehind() {
    Concurrency counts = of(3, 64);
    for (long key = 1; key < 10_000; key++) {
      int place = counts.enter(key * 0x9e3779b97f4a7c15L);
      assertThat(place).isNotEqualTo(Concurrency.FULL);
      counts.leave(place);
    }
    assertThat(counts.liveKeys()).isZero();
  }

  @Test
  void whereThereIsNoRoomItFailsClosedAndForgetsNobody() {
    Concurrency counts = of(1, 16);
    int entered = 0;
    for (long key = 1; key < 200; key++) {
      entered += counts.enter(key * 0x9e3779b97f4a7c15L) == Concurrency.FULL ? 0 : 1;
    }
    assertThat(entered).isEqualTo(16);
    assertThat(counts.liveKeys()).isEqualTo(16);
  }

  @Test
  void anotherBoundHoldsForTheSameRequests() {
    Concurrency counts = of(1, 64);
    int place = counts.enter(9);
    Concurrency wider = counts.withAtMost(2);
    assertThat(wider.enter(9)).isEqualTo(place);
    assertThat(wider.enter(9)).isEqualTo(Concurrency.FULL);
    counts.leave(place);
    counts.leave(place);
    assertThat(wider.underWay(9)).isZero();
  }

  @Test
  void neverMoreAtOnceHoweverManyWorkersTry() throws InterruptedException {
    Concurrency counts = of(3, 16);
    AtomicInteger[] inside = {new AtomicInteger(), new AtomicInteger()};
    AtomicInteger most = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      SplittableRandom random = new SplittableRandom(t);
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 100_000; i++) {
                  int which = random.nextInt(2);
                  int place = counts.enter((which + 1) * 0x9e3779b97f4a7c15L);
                  if (place != Concurrency.FULL) {
                    most.accumulateAndGet(inside[which].incrementAndGet(), Math::max);
                    inside[which].decrementAndGet();
                    counts.leave(place);
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(most).hasValueLessThanOrEqualTo(3);
    assertThat(counts.liveKeys()).isZero();
  }
}
