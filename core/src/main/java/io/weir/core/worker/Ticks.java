package io.weir.core.worker;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread that tells every loop when to look at its deadlines, and asks it how late it is. */
final class Ticks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ticks.class);

  /*
   * A loop can schedule such things for itself. But as long as anything is scheduled there, one of
   * Netty's reads the clock several times in each of its turns and has the system arm a timer for
   * it: a fiftieth of what it costs to pass a short message on. Ticks from outside cost each loop
   * some fifteen tasks a second, and nothing in between.
   */
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("ticks", true));

  /** Begins; what does not concern all loops alike goes through {@link Worker#loop}. */
  Ticks(List<TimerWheel> wheels, List<LoopProbe> probes) {
    every(TimerWheel.TICK_NANOS, () -> wheels.forEach(wheel -> tell(wheel::tick)));
    every(LoopProbe.PERIOD_NANOS, () -> probes.forEach(probe -> tell(probe::ask)));
  }

  /** With a pause between: what a suspended process has missed is not made up for. */
  private void every(long nanos, Runnable task) {
    var _ = thread.scheduleWithFixedDelay(task, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  /** One that ended by itself, which is told so once, does not stop the time of the others. */
  private static void tell(Runnable loop) {
    try {
      loop.run();
    } catch (RejectedExecutionException e) {
      LOG.error("bug: a loop has ended", e);
    }
  }

  /** Ends, before the loops do: one that has ended takes no task. */
  @Override
  public void close() {
    thread.close();
  }
}
