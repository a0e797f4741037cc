package io.weir.firewall;

import io.weir.firewall.limit.Concurrency;

/**
 * What the rules want to know of a request after it was judged: how it was answered, what was sent,
 * and when it is over. Made only for requests of which some rule wants to know. For one worker.
 */
public final class FollowUp {
  private final LimitRule[] limits; // that count answers
  private final long[] keys;
  private final Concurrency[] counts; // in which the request is counted
  private final int[] places;
  private final BandwidthRule[] paced; // that count what is sent
  private final long[] pacedKeys;
  private boolean answered;
  private boolean ended;

  FollowUp(
      LimitRule[] limits,
      long[] keys,
      Concurrency[] counts,
      int[] places,
      BandwidthRule[] paced,
      long[] pacedKeys) {
    this.limits = limits;
    this.keys = keys;
    this.counts = counts;
    this.places = places;
    this.paced = paced;
    this.pacedKeys = pacedKeys;
  }

  /** The answer of a backend begins; only the first one counts. */
  public void onResponse(int status, long nanos) {
    if (answered) {
      return;
    }
    answered = true;
    for (int i = 0; i < limits.length; i++) {
      limits[i].answered(keys[i], status, nanos);
    }
  }

  /** Whether {@link #onSent} is to be told. */
  public boolean paces() {
    return paced.length > 0;
  }

  /** A piece of the answer's body was sent; for how many nanoseconds the next is to wait. */
  public long onSent(int bytes, long nanos) {
    long wait = 0;
    for (int i = 0; i < paced.length; i++) {
      wait = Math.max(wait, paced[i].sent(pacedKeys[i], bytes, nanos));
    }
    return wait;
  }

  /** The request is over, however it ended; may be told twice. */
  public void onEnd() {
    if (ended) {
      return;
    }
    ended = true;
    for (int i = 0; i < counts.length; i++) {
      counts[i].leave(places[i]);
    }
  }
}
