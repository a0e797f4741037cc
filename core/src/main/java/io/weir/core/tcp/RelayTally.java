package io.weir.core.tcp;

import io.weir.core.http.Failure;
import io.weir.core.log.ConnectionRecord;
import io.weir.core.upstream.Backend;
import io.weir.core.worker.Clock;
import org.jspecify.annotations.Nullable;

/** The times and counts of one relayed connection, for metrics and the log. For its loop. */
final class RelayTally {
  private final Relayed connection;
  private final Clock clock;
  private final long began;
  long connectNanos = -1;
  long bytesIn;
  long bytesOut;
  private @Nullable Failure failure;

  RelayTally(Relayed connection, Clock clock) {
    this.connection = connection;
    this.clock = clock;
    this.began = clock.nanos();
  }

  /** What ended it; what comes of that later says less. */
  void failed(Failure why) {
    if (failure == null) {
      failure = why;
    }
  }

  long nanos() {
    return clock.nanos() - began;
  }

  ConnectionRecord record(@Nullable Backend backend, int attempts) {
    long nanos = nanos();
    return new ConnectionRecord(
        clock.epochMillis() * 1000 - nanos / 1000,
        connection.peer().client(),
        connection.peer().address(),
        bytesIn,
        bytesOut,
        nanos,
        connectNanos,
        connection.serverName(),
        connection.ja4(),
        connection.listener(),
        connection.pool().name(),
        backend == null ? null : backend.name(),
        attempts,
        failure);
  }
}
