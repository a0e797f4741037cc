package io.weir.core.exchange;

import io.weir.core.worker.Deadline;
import io.weir.core.worker.Worker;
import org.jspecify.annotations.Nullable;

/** When a request must be over, whatever it waits for by then. */
final class RequestDeadline extends Deadline {
  private final Exchange exchange;

  private RequestDeadline(Exchange exchange) {
    this.exchange = exchange;
  }

  /**
   * From the first byte of the request.
   *
   * @param limitNanos 0: there is none, and so no deadline
   */
  static @Nullable RequestDeadline begin(Exchange exchange, Worker worker, long limitNanos) {
    if (limitNanos == 0) {
      return null;
    }
    RequestDeadline deadline = new RequestDeadline(exchange);
    worker.timers().set(deadline, exchange.tally.began + limitNanos);
    return deadline;
  }

  static void end(@Nullable RequestDeadline deadline, Worker worker) {
    if (deadline != null) {
      worker.timers().remove(deadline);
    }
  }

  @Override
  protected void onDeadline(long now) {
    exchange.expire();
  }
}
