package io.weir.core.exchange;

import io.weir.core.http.Failure;
import io.weir.firewall.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The times and counts of one exchange, for metrics and the log. Times are of the worker's clock.
 */
final class ExchangeTally {
  final long began;
  long upstreamBegan = -1;
  long sent;
  long upstreamEnded;
  long connectNanos = -1;
  long bytesIn;
  long bytesOut;
  int status;
  int attempts;
  @Nullable Failure failure;
  @Nullable Refusal refusal;
  private long ended;

  ExchangeTally(long began) {
    this.began = began;
  }

  void end(long now) {
    ended = now;
  }

  /** From the first byte in to the last byte out. */
  long nanos() {
    return ended - began;
  }

  /** From the choice of a backend to the last byte of its response; -1 without a backend. */
  long upstreamNanos() {
    if (upstreamBegan < 0) {
      return -1;
    }
    return (upstreamEnded > 0 ? upstreamEnded : ended) - upstreamBegan;
  }

  /** The part that was spent here. */
  long overheadNanos() {
    return nanos() - Math.max(upstreamNanos(), 0);
  }
}
