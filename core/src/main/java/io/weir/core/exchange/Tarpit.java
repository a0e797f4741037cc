package io.weir.core.exchange;

import io.weir.core.worker.Deadline;
import io.weir.core.worker.Worker;
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
  private int held;

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

  /** Holds a request for that long, then ends it; null if there is no room. */
  @Nullable Held hold(Exchange exchange, long nanos) {
    if (held >= MOST) {
      return null;
    }
    held++;
    Held entry = new Held(exchange);
    worker.timers().set(entry, worker.clock().nanos() + nanos);
    return entry;
  }

  /** The request is over, because its time is or because its client left. */
  void letGo(Held entry) {
    held--;
    worker.timers().remove(entry);
  }
}
