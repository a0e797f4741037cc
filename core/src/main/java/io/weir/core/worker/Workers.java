package io.weir.core.worker;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.weir.metrics.Metrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * All workers of a process, what tells them the time, and the control loop beside them. Driven by
 * the control thread.
 */
public final class Workers implements AutoCloseable {
  /*
   * A loop of Netty that is told to end looks for that once in each turn, before its tasks, and
   * closes its channels there; behind its tasks it looks again, and without a quiet period it ends.
   * Told in the midst of a task it would end with its channels open, and what waits in them would be
   * lost. Where a hook ran, or a task, and there is any quiet period at all, it takes another turn.
   */
  private static final long QUIET_NANOS = 1;

  private static final long MOST_CLOSING_NANOS = 2_000_000_000L;

  private final EventLoopGroup group;
  private final EventLoopGroup controlGroup;
  private final List<Worker> all;
  private final Ticks ticks;

  /** Starts {@code metrics.workers()} loops. */
  public Workers(Transport transport, Metrics metrics, Clock clock) {
    int count = metrics.workers();
    group = new WorkerLoops(count, transport.ioHandlers());
    controlGroup =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("control"), transport.ioHandlers());
    List<Worker> workers = new ArrayList<>(count);
    for (EventExecutor loop : group) {
      int index = workers.size();
      workers.add(
          new Worker(
              index,
              (EventLoop) loop,
              transport,
              metrics.worker(index),
              metrics.latency(index),
              clock));
    }
    all = List.copyOf(workers);
    group.forEach(Workers::takesATurnAtTheEnd);
    controlGroup.forEach(Workers::takesATurnAtTheEnd);
    ticks =
        new Ticks(
            all.stream().map(Worker::timers).toList(),
            all.stream().map(worker -> new LoopProbe(worker, metrics.permanent())).toList());
    BufferMemory.register(metrics.permanent());
  }

  private static void takesATurnAtTheEnd(EventExecutor loop) {
    ((SingleThreadEventExecutor) loop).addShutdownHook(() -> {});
  }

  public List<Worker> all() {
    return all;
  }

  /** The loop for everything that is not a request: health checks, administration. */
  public EventLoop controlLoop() {
    return controlGroup.next();
  }

  /**
   * Runs {@code action} on every worker's loop and waits until all have done it.
   *
   * @return false if one did not answer in time
   */
  public boolean onEach(Duration within, Consumer<Worker> action) {
    CountDownLatch done = new CountDownLatch(all.size());
    for (Worker worker : all) {
      worker
          .loop()
          .execute(() -> {
            try {
              action.accept(worker);
            } finally {
              done.countDown();
            }
          });
    }
    try {
      return done.await(within.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Ends the loops; connections that are still open are cut. */
  @Override
  public void close() {
    ticks.close();
    var workers = end(group);
    var control = end(controlGroup);
    workers.awaitUninterruptibly();
    control.awaitUninterruptibly();
  }

  private static Future<?> end(EventLoopGroup loops) {
    return loops.shutdownGracefully(QUIET_NANOS, MOST_CLOSING_NANOS, TimeUnit.NANOSECONDS);
  }
}
