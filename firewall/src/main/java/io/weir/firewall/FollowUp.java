package io.weir.firewall;

import io.weir.firewall.limit.Concurrency;
import org.jspecify.annotations.Nullable;

/**
 * What the rules want to know of a request after it was judged: how it was answered, what was sent,
 * and when it is over. Made only for requests of which some rule wants to know. For one worker.
 */
public final class FollowUp {
  private final LimitRule[] limits; // that count answers
  private final long[] keys;
  private final Concurrency[] counts; // in which the request is counted
  private final int[] places;
  private final @Nullable Pacing pacing;
  private boolean answered;
  private boolean ended;

  FollowUp(
      LimitRule[] limits,
      long[] keys,
      Concurrency[] counts,
      int[] places,
      @Nullable Pacing pacing) {
    this.limits = limits;
    this.keys = keys;
    this.counts = counts;
    this.places = places;
    this.pacing = pacing;
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

  /** The rules that are to be told what is sent; null if there are none. */
  public @Nullable Pacing pacing() {
    return pacing;
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
