package io.weir.core.exchange;

import io.weir.core.http.Failure;
import io.weir.core.http.Method;
import io.weir.core.http.Repeat;
import io.weir.core.http.RequestHead;
import io.weir.core.upstream.Backend;
import io.weir.core.upstream.Picks;
import io.weir.core.upstream.Pool;
import io.weir.core.worker.Worker;
import org.jspecify.annotations.Nullable;

/**
 * The backends that one request was given to, and whether it may be given to one more. The last is
 * held, which is to say counted as in flight, until it is let go. Confined to its loop.
 */
final class Attempts extends Picks { // rather than with some: an object less for each request
  /** A backend that takes nothing although it says when it does not is asked no more than this. */
  private static final int MOST = 4;

  /**
   * Connections that may pass a request over without counting against {@link #MOST}. Each took
   * another request instead, and those that wait go first: with as many as a connection has streams
   * everybody has had his turn, if the backend takes only one of each.
   */
  private static final int MOST_PASSED_OVER = 128;

  private final Exchange exchange;
  private final Pool pool;
  private @Nullable Backend held;
  private boolean repeated;
  private int passedOver;

  Attempts(Exchange exchange, Pool pool) {
    this.exchange = exchange;
    this.pool = pool;
  }

  /** Goes on to a backend that was not tried and holds it; false if there is none. */
  boolean next() {
    if (!pool.on(exchange.worker()).pick(pool, this)) {
      return false;
    }
    hold(last());
    return true;
  }

  private void hold(Backend backend) {
    held = backend;
    exchange.tally.attempts++;
    backend.addInFlight(1);
    backend.meter().requestBegan(exchange.worker().counters());
  }

  /** The last backend tried. */
  @Nullable Backend latest() {
    return count() == 0 ? null : last();
  }

  /** Whether a request that was sent already may be sent once more. */
  boolean mayRepeat(Repeat repeat, @Nullable SentBody body) {
    RequestHead head = exchange.head();
    return switch (repeat) {
      case NEVER -> false;
      case IF_IDEMPOTENT -> !repeated && !head.hasBody() && Method.isIdempotent(head.method());
      case ALWAYS, AFTER_OTHERS ->
          (isFree(repeat) || exchange.tally.attempts - passedOver < MOST)
              && (body == null || body.isWhole());
    };
  }

  /** Whether another attempt takes nothing from the request's; not once a response is overdue. */
  private boolean isFree(Repeat repeat) {
    if (repeat != Repeat.AFTER_OTHERS || passedOver == MOST_PASSED_OVER) {
      return false;
    }
    long ofRoute = exchange.route().responseNanos();
    long most = ofRoute > 0 ? ofRoute : pool.settings().responseNanos();
    return exchange.worker().clock().nanos() - exchange.tally.upstreamBegan < most;
  }

  /** The same request once more, for another backend; if there is none, for the same again. */
  void repeat(Repeat why) {
    if (isFree(why)) {
      passedOver++;
    }
    repeated = true;
    var _ = pool.on(exchange.worker()).pick(pool, this);
    hold(last());
  }

  /** Whether only a new connection will do from now on: an idle one may be just as stale. */
  boolean mustDial() {
    return repeated;
  }

  /** The one that is held answered, as far as its answer is HTTP. */
  void answered() {
    Worker worker = exchange.worker();
    ExchangeTally tally = exchange.tally;
    tally.upstreamEnded = worker.clock().nanos();
    Backend backend = held;
    if (backend != null) {
      backend.meter().answered(worker.counters(), tally.status, tally.upstreamNanos());
      backend.meter().bytes(worker.counters(), tally.bytesOut, tally.bytesIn);
    }
  }

  /** None is held any more; says why if that was before its response ended. */
  void letGo(@Nullable Failure failure) {
    Backend backend = held;
    if (backend == null) {
      return;
    }
    Worker worker = exchange.worker();
    held = null;
    backend.addInFlight(-1);
    backend.meter().requestEnded(worker.counters());
    if (failure != null && failure.side() == Failure.Side.BACKEND) {
      backend.meter().failed(worker.counters(), failure);
    }
  }
}
