package io.weir.core.worker;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The deadlines of one loop, coarse and cheap to move. Confined to its loop. */
public final class TimerWheel {
  /*
   * A hashed wheel of intrusive lists. A connection moves its deadline with every request and nearly
   * none is ever reached, so moving one to a later time only writes a field: the entry stays where
   * it is, and when its slot comes up it is linked again where it now belongs. Only an earlier time
   * relinks. Ticks come from outside, none while the wheel is empty.
   *
   * Thousands can be due in the same tick, clients that were all late with their heads for example,
   * and each may write, close or dial. So only some are told at once, and the loop reads and writes
   * for others before the rest.
   */

  /** 2^26 ns = 67 ms: no timeout here is meant more exactly than that. */
  private static final int TICK_SHIFT = 26;

  static final long TICK_NANOS = 1L << TICK_SHIFT;

  /** Slots: 68 s in one turn, so that the usual timeouts are visited once. */
  private static final int SLOTS = 1024;

  /**
   * Told in one go: a fifth of a millisecond if each is answered and its connection closed. Who
   * asks meanwhile waits for that twice, for the client's bytes and for the backend's.
   */
  static final int BATCH = 4;

  private final EventLoop loop;
  private final Clock clock;
  private final @Nullable Deadline[] slots = new Deadline[SLOTS];
  private final Runnable task = this::run;
  private long currentTick;
  private int linked;

  /** Whether anything is linked, so that ticks have something to look at. Written by the loop. */
  private volatile boolean waiting;

  /** Whether the loop was told to look, and has not yet. */
  private volatile boolean told;

  public TimerWheel(EventLoop loop, Clock clock) {
    this.loop = loop;
    this.clock = clock;
    this.currentTick = clock.nanos() >> TICK_SHIFT;
  }

  /** Sets when {@code deadline} is due, in nanoseconds of the clock; replaces what was set. */
  public void set(Deadline deadline, long at) {
    deadline.at = at;
    long tick = (at >> TICK_SHIFT) + 1;
    if (deadline.linked) {
      if (deadline.tick <= tick) {
        return;
      }
      unlink(deadline);
    }
    link(deadline, tick);
    if (!waiting) {
      waiting = true;
    }
  }

  /** Nothing is due any more. */
  public void clear(Deadline deadline) {
    deadline.at = Deadline.NEVER;
  }

  /** Forgets the deadline for good, when its owner ends. */
  public void remove(Deadline deadline) {
    deadline.at = Deadline.NEVER;
    if (deadline.linked) {
      unlink(deadline);
    }
  }

  private void link(Deadline deadline, long tick) {
    if (linked == 0) {
      currentTick = clock.nanos() >> TICK_SHIFT; // slept while empty
    }
    long within = Math.clamp(tick, currentTick + 1, currentTick + SLOTS - 1);
    deadline.tick = within;
    Deadline first = slots[slot(within)];
    deadline.next = first;
    deadline.previous = null;
    if (first != null) {
      first.previous = deadline;
    }
    slots[slot(within)] = deadline;
    deadline.linked = true;
    linked++;
  }

  private void unlink(Deadline deadline) {
    Deadline previous = deadline.previous;
    Deadline next = deadline.next;
    if (previous != null) {
      previous.next = next;
    } else {
      slots[slot(deadline.tick)] = next;
    }
    if (next != null) {
      next.previous = previous;
    }
    deadline.previous = null;
    deadline.next = null;
    deadline.linked = false;
    linked--;
  }

  private static int slot(long tick) {
    return (int) (tick & (SLOTS - 1));
  }

  /** Has the loop look at what is due by now, if anything waits. Called by one other thread. */
  void tick() {
    if (waiting && !told) {
      told = true;
      loop.execute(task);
    }
  }

  private void run() {
    boolean done = true;
    try {
      done = advance(clock.nanos());
    } finally {
      told = !done; // a tick meanwhile would begin a second chain of batches
    }
    if (!done) {
      // After the loop's next look at its sockets; a plain task would come before.
      var _ = loop.schedule(task, 0, TimeUnit.NANOSECONDS);
    } else if (linked == 0) {
      waiting = false;
    }
  }

  /** Visits the slots up to {@code now}; false if there is more to do, after a batch. */
  boolean advance(long now) {
    long until = now >> TICK_SHIFT;
    // After a pause longer than a turn each slot is visited once; that is enough for all of them.
    long from = Math.max(currentTick + 1, until - SLOTS + 1);
    int left = BATCH;
    for (long tick = from; tick <= until; tick++) {
      currentTick = tick;
      boolean visited = false;
      try {
        left = visit(slot(tick), now, left);
        visited = left > 0;
      } finally {
        if (!visited) {
          currentTick = tick - 1; // to be visited again, also where one fails
        }
      }
      if (!visited) {
        return false;
      }
    }
    return true;
  }

  /** Tells at most so many; returns how many more may be told. */
  private int visit(int slot, long now, int most) {
    int left = most;
    Deadline deadline = slots[slot];
    while (deadline != null && deadline.tick <= currentTick && left > 0) {
      unlink(deadline);
      if (deadline.at <= now) {
        deadline.at = deadline.postponedTo(now);
        if (deadline.at == Deadline.NEVER) {
          left--;
          deadline.onDeadline(now);
        } else {
          link(deadline, (deadline.at >> TICK_SHIFT) + 1);
        }
      } else if (deadline.at != Deadline.NEVER) {
        link(deadline, (deadline.at >> TICK_SHIFT) + 1);
      }
      deadline = slots[slot];
    }
    return left;
  }
}
