package io.weir.core.worker;

import io.netty.channel.EventLoop;
import io.weir.metrics.WorkerCounters;
import io.weir.metrics.WorkerLatency;
import java.util.SplittableRandom;

/**
 * One event loop and what belongs to it alone: counters, deadlines, luck. Everything but {@link
 * #loop} is used on the loop only.
 */
public final class Worker {
  private final int index;
  private final EventLoop loop;
  private final Transport transport;
  private final WorkerCounters counters;
  private final WorkerLatency latency;
  private final Clock clock;
  private final TimerWheel timers;
  private final HttpDate date;
  private final SplittableRandom random;
  private final SlowReaders slowReaders;
  private final HeadMemory headMemory = new HeadMemory();
  private final Copies copies;

  Worker(
      int index,
      EventLoop loop,
      Transport transport,
      WorkerCounters counters,
      WorkerLatency latency,
      Clock clock) {
    this.index = index;
    this.loop = loop;
    this.transport = transport;
    this.counters = counters;
    this.latency = latency;
    this.clock = clock;
    this.timers = new TimerWheel(loop, clock);
    this.date = new HttpDate(clock);
    this.random = new SplittableRandom();
    this.slowReaders = new SlowReaders(loop);
    this.copies = new Copies(slowReaders);
  }

  /** From 0. */
  public int index() {
    return index;
  }

  public EventLoop loop() {
    return loop;
  }

  public Transport transport() {
    return transport;
  }

  public WorkerCounters counters() {
    return counters;
  }

  public WorkerLatency latency() {
    return latency;
  }

  public Clock clock() {
    return clock;
  }

  public TimerWheel timers() {
    return timers;
  }

  public HttpDate date() {
    return date;
  }

  public SplittableRandom random() {
    return random;
  }

  public SlowReaders slowReaders() {
    return slowReaders;
  }

  public HeadMemory headMemory() {
    return headMemory;
  }

  public Copies copies() {
    return copies;
  }
}
