package io.weir.firewall.limit;

/** A rate limit for each of many keys; safe for any number of workers. */
@SuppressWarnings("DoNotCallSuggester")
public final class Limiter {
  Limiter() {}

  /** How many keys are being counted now; reads the whole table, so not for a worker. */
  public long liveKeys(long nanos) {
    throw new UnsupportedOperationException();
  }

  /** How many keys lost their place while they were still counted. */
  public long evictions() {
    throw new UnsupportedOperationException();
  }
}
