package io.weir.core.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
  private static final long TICK = 1L << 26;
  private static final DefaultEventLoop LOOP = new DefaultEventLoop();

  private final ManualClock clock = new ManualClock();
  private final TimerWheel wheel = new TimerWheel(LOOP, clock);

  @AfterAll
  static void stop() {
    LOOP.shutdownGracefully();
  }

  @Test
  void fallsDueAfterItsTimeAndAtMostTwoTicksLater() {
    Recorder deadline = new Recorder();
    wheel.set(deadline, clock.now + 10 * TICK);

    wheel.advance(clock.now += 9 * TICK);
    assertThat(deadline.fired).isEmpty();

    wheel.advance(clock.now += 3 * TICK);
    assertThat(deadline.fired).hasSize(1);
  }

  @Test
  void movedToALaterTimeItIsNotDueAtTheEarlierOne() {
    Recorder deadline = new Recorder();
    wheel.set(deadline, clock.now + 2 * TICK);
    wheel.set(deadline, clock.now + 100 * TICK);

    wheel.advance(clock.now += 50 * TICK);
    assertThat(deadline.fired).isEmpty();

    wheel.advance(clock.now += 60 * TICK);
    assertThat(deadline.fired).hasSize(1);
  }

  @Test
  void clearedOrRemovedItIsNeverDue() {
    Recorder cleared = new Recorder();
    Recorder removed = new Recorder();
    wheel.set(cleared, clock.now + TICK);
    wheel.set(removed, clock.now + TICK);
    wheel.clear(cleared);
    wheel.remove(removed);

    wheel.advance(clock.now += 10 * TICK);

    assertThat(cleared.fired).isEmpty();
    assertThat(removed.fired).isEmpty();
  }

  @Test
  void agreesWithALinearListOnRandomUse() {
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    List<Recorder> deadlines = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      deadlines.add(new Recorder());
    }
    for (int step = 0; step < 20_000; step++) {
      Recorder deadline = deadlines.get(random.nextInt(deadlines.size()));
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          // up to three turns of the wheel away
          long at = clock.now + random.nextLong(3 * 1024 * TICK);
          wheel.set(deadline, at);
          deadline.expected = at;
        }
        case 2 -> {
          wheel.clear(deadline);
          deadline.expected = Deadline.NEVER;
        }
        default -> {
          clock.now += random.nextLong(random.nextInt(20) == 0 ? 2000 * TICK : 5 * TICK);
          advanceFully();
          for (Recorder each : deadlines) {
            assertThat(each.early).as("seed %d: fired too early", seed).isFalse();
            boolean overdue =
                each.expected != Deadline.NEVER && each.expected + 2 * TICK < clock.now;
            assertThat(overdue).as("seed %d: missed by %s", seed, each.expected).isFalse();
          }
        }
      }
    }
  }

  @Test
  void manyThatAreDueAtOnceComeInBatches() {
    List<Recorder> deadlines = due(5 * TimerWheel.BATCH);
    clock.now += 10 * TICK;
    for (int batch = 1; batch <= 5; batch++) {
      wheel.advance(clock.now);
      assertThat(fired(deadlines)).isEqualTo(batch * TimerWheel.BATCH);
    }
    assertThat(wheel.advance(clock.now)).isTrue();
    assertThat(deadlines).allSatisfy(each -> assertThat(each.fired).hasSize(1));
  }

  @Test
  void ticksMeanwhileBeginNoSecondChainOfBatches() {
    Queue<Runnable> tasks = new ArrayDeque<>();
    TimerWheel ticked = new TimerWheel(new QueueingLoop(tasks), clock);
    for (int i = 0; i < 5 * TimerWheel.BATCH; i++) {
      ticked.set(new Ticking(ticked), clock.now + TICK);
    }
    clock.now += 10 * TICK;
    ticked.tick();
    int runs = 0;
    for (; !tasks.isEmpty(); runs++) {
      assertThat(tasks).hasSize(1);
      tasks.remove().run();
    }
    assertThat(runs).isEqualTo(6);
  }

  /** Ticks while it is told. */
  private static final class Ticking extends Deadline {
    private final TimerWheel wheel;

    Ticking(TimerWheel wheel) {
      this.wheel = wheel;
    }

    @Override
    protected void onDeadline(long now) {
      wheel.tick();
    }
  }

  /** Runs nothing. */
  private static final class QueueingLoop extends DefaultEventLoop {
    private final Queue<Runnable> tasks;

    QueueingLoop(Queue<Runnable> tasks) {
      this.tasks = tasks;
    }

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    @Override
    public @Nullable ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
      tasks.add(task);
      return null;
    }
  }

  @Test
  void oneThatFailsDoesNotDelayItsNeighbours() {
    Recorder before = new Recorder();
    Recorder after = new Recorder();
    wheel.set(before, clock.now + 2 * TICK);
    wheel.set(new Failing(), clock.now + 2 * TICK);
    wheel.set(after, clock.now + 2 * TICK);
    clock.now += 4 * TICK;
    assertThatThrownBy(() -> wheel.advance(clock.now)).hasMessage("meant");
    wheel.advance(clock.now += TICK);
    assertThat(before.fired).hasSize(1);
    assertThat(after.fired).hasSize(1);
  }

  @Test
  void theLoopLooksAtItsSocketsBetweenBatches() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    IoHandlerFactory sockets = NioIoHandler.newFactory();
    EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            1, executor -> new CountedLooks(sockets.newHandler(executor), looks));
    try {
      EventLoop loop = group.next();
      TimerWheel real = new TimerWheel(loop, Clock.SYSTEM);
      CountDownLatch left = new CountDownLatch(5 * TimerWheel.BATCH);
      Set<Integer> looksBefore = ConcurrentHashMap.newKeySet();
      loop.submit(
              () -> {
                long at = Clock.SYSTEM.nanos();
                for (long i = left.getCount(); i > 0; i--) {
                  real.set(new Noting(looks, looksBefore, left), at);
                }
              })
          .get();
      try (Ticks _ = new Ticks(List.of(real), List.of())) {
        assertThat(left.await(30, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(looksBefore).hasSizeGreaterThanOrEqualTo(5);
    } finally {
      group.shutdownGracefully();
    }
  }

  /** Notes how often the loop had looked at its sockets when it was told. */
  private static final class Noting extends Deadline {
    private final AtomicInteger looks;
    private final Set<Integer> looksBefore;
    private final CountDownLatch left;

    Noting(AtomicInteger looks, Set<Integer> looksBefore, CountDownLatch left) {
      this.looks = looks;
      this.looksBefore = looksBefore;
      this.left = left;
    }

    @Override
    protected void onDeadline(long now) {
      looksBefore.add(looks.get());
      left.countDown();
    }
  }

  /** Counts how often a loop looks at its sockets. */
  private record CountedLooks(IoHandler sockets, AtomicInteger looks) implements IoHandler {
    @Override
    public void initialize() {
      sockets.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
      looks.incrementAndGet();
      return sockets.run(context);
    }

    @Override
    public void prepareToDestroy() {
      sockets.prepareToDestroy();
    }

    @Override
    public void destroy() {
      sockets.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
      return sockets.register(handle);
    }

    @Override
    public void wakeup() {
      sockets.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
      return sockets.isCompatible(type);
    }
  }

  private List<Recorder> due(int count) {
    List<Recorder> deadlines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Recorder deadline = new Recorder();
      wheel.set(deadline, clock.now + 2 * TICK);
      deadlines.add(deadline);
    }
    return deadlines;
  }

  private static int fired(List<Recorder> deadlines) {
    return deadlines.stream().mapToInt(each -> each.fired.size()).sum();
  }

  private void advanceFully() {
    boolean done = wheel.advance(clock.now);
    while (!done) {
      done = wheel.advance(clock.now);
    }
  }

  private static final class Recorder extends Deadline {
    final List<Long> fired = new ArrayList<>();
    long expected = NEVER;
    boolean early;

    @Override
    protected void onDeadline(long now) {
      fired.add(now);
      early |= expected != NEVER && now < expected;
      expected = NEVER;
    }
  }
}
