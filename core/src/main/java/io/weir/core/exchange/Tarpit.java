package io.weir.core.exchange;

import io.weir.core.worker.Deadline;
import io.weir.core.worker.Worker;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The requests that are made to wait for nothing. Of one worker; for its loop. */
final class Tarpit {
  /*
   * Who sends them waits, and so does what we hold of them: a connection and the head of a request,
   * some ten kilobytes; what comes behind the head is thrown away. Beyond so many the next ones are
   * closed at once.
   */
  private static final int MOST = 2000; // of a worker: 20 MB

  private final Worker worker;
  private final Set<Held> held = new HashSet<>(); // each is equal to itself only
  private boolean draining;

  /** A request that is held. */
  static final class Held extends Deadline {
    private final Exchange exchange;

    private Held(Exchange exchange) {
      this.exchange = exchange;
    }

    @Override
    protected void onDeadline(long now) {
      exchange.endHeld();
    }
  }

  Tarpit(Worker worker) {
    this.worker = worker;
  }

  /** Holds a request for that long, then ends it; null if there is no room, or no time any more. */
  @Nullable Held hold(Exchange exchange, long nanos) {
    if (draining || held.size() >= MOST) {
      return null;
    }
    Held entry = new Held(exchange);
    held.add(entry);
    worker.timers().set(entry, worker.clock().nanos() + nanos);
    return entry;
  }

  /** The request is over, because its time is or because its client left. */
  void letGo(Held entry) {
    held.remove(entry);
    worker.timers().remove(entry);
  }

  /** Ends them all and holds nobody from now on: one of them would hold up a process that stops. */
  void drain() {
    draining = true;
    for (Held entry : List.copyOf(held)) {
      if (held.contains(entry)) { // else it ended with another one
        entry.exchange.letGoOfHeld();
      }
    }
  }
}
