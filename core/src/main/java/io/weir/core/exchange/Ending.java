package io.weir.core.exchange;

import io.weir.core.http.Failure;
import io.weir.core.upstream.Pool;
import io.weir.core.worker.Worker;

/** Counts an exchange once, at its end. */
final class Ending {
  private Ending() {}

  static void count(Exchange exchange, Worker worker) {
    ExchangeTally tally = exchange.tally;
    exchange
        .listener()
        .meter()
        .requestEnded(worker.counters(), worker.latency(), tally.nanos(), tally.overheadNanos());
    Failure failure = tally.failure;
    int status = tally.status;
    if (failure != null) {
      exchange.listener().meter().failed(worker.counters(), failure);
      status = status == 0 ? failure.status() : status;
    }
    exchange
        .route()
        .meter()
        .requestEnded(
            worker.counters(),
            worker.latency(),
            exchange.head().method(),
            status,
            tally.nanos(),
            tally.bytesIn,
            tally.bytesOut);
    Pool pool = exchange.pool();
    if (pool == null) {
      return;
    }
    if (tally.upstreamEnded > 0) {
      pool.meter().responseEnded(worker.counters(), worker.latency(), tally.upstreamNanos());
    }
    if (tally.attempts > 1) {
      pool.meter().retried(worker.counters(), failure == null);
    }
  }
}
