package io.weir.core.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.weir.metrics.Metrics;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TicksTest {
  @ParameterizedTest
  @EnumSource(Transport.class)
  void everyLoopIsToldWhatIsDueAlsoAfterItHadNothing(Transport transport) throws Exception {
    assumeThat(transport.isAvailable()).as(transport.label()).isTrue();
    try (Workers workers = new Workers(transport, new Metrics(2), Clock.SYSTEM)) {
      for (int again = 0; again < 2; again++) {
        for (Worker worker : workers.all()) {
          awaitDeadline(worker);
        }
      }
    }
  }

  private static void awaitDeadline(Worker worker) throws Exception {
    CountDownLatch due = new CountDownLatch(1);
    worker.loop().execute(() -> worker.timers().set(new Counting(due), worker.clock().nanos() + 1));
    assertThat(due.await(30, TimeUnit.SECONDS)).isTrue();
  }

  /** One that fails is a defect, and no reason for all the others never to come. */
  @Test
  void whatFailsDoesNotStopTheOthers() throws Exception {
    try (Workers workers = new Workers(Transport.NIO, new Metrics(1), Clock.SYSTEM)) {
      Worker worker = workers.all().getFirst();
      CountDownLatch due = new CountDownLatch(1);
      worker
          .loop()
          .execute(() -> {
            long now = worker.clock().nanos();
            worker.timers().set(new Failing(), now);
            worker.timers().set(new Counting(due), now + 3 * TimerWheel.TICK_NANOS);
          });
      assertThat(due.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aLoopThatEndedDoesNotStopTheTimeOfTheOthers() throws Exception {
    DefaultEventLoop ended = new DefaultEventLoop();
    DefaultEventLoop live = new DefaultEventLoop();
    try {
      CountDownLatch due = new CountDownLatch(1);
      TimerWheel first = wheelWith(ended, new Counting(new CountDownLatch(1)));
      TimerWheel second = wheelWith(live, new Counting(due));
      ended.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
      try (Ticks _ = new Ticks(List.of(first, second), List.of())) {
        assertThat(due.await(30, TimeUnit.SECONDS)).isTrue();
      }
    } finally {
      live.shutdownGracefully();
    }
  }

  private static TimerWheel wheelWith(EventLoop loop, Deadline deadline) throws Exception {
    TimerWheel wheel = new TimerWheel(loop, Clock.SYSTEM);
    loop.submit(() -> wheel.set(deadline, Clock.SYSTEM.nanos())).sync();
    return wheel;
  }

  private static final class Counting extends Deadline {
    private final CountDownLatch due;

    Counting(CountDownLatch due) {
      this.due = due;
    }

    @Override
    protected void onDeadline(long now) {
      due.countDown();
    }
  }
}
