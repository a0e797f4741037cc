package io.weir.core.http;

/** Until when the next piece of a request's body must have come. Confined to its loop. */
public final class BodyPace {
  /*
   * Each byte moves the deadline on by what it may take at the least rate, but never further than
   * the idle time from now:
   *
   *   deadline = min(deadline + bytes / rate, now + idle)
   *
   * So an upload at the rate or above it lives for ever, one that is silent ends after the idle
   * time, and a trickle ends soon after it: a byte now and then hardly moves its deadline. The idle
   * time is also what an upload may be late by: a client that lost its network for a moment.
   *
   * Time runs only while a piece is wanted: what a slow backend costs is not the client's fault.
   * Once the response has begun only silence counts, because then the backend wants the two to talk,
   * and how fast they do is their affair (a call of gRPC with streams both ways). It is silence of
   * both: a client that is told of something and only listens has not sent the end of its request.
   */

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private long idleNanos;
  private long rate;
  private long bytes;

  /** While time runs the deadline, else what was left of it when time stopped. */
  private long due;

  private boolean runs;

  /** A request begins; time does not run yet. */
  public void begin(HttpLimits limits) {
    idleNanos = limits.bodyIdleNanos();
    rate = limits.minBodyRate();
    bytes = 0;
    due = idleNanos;
    runs = false;
  }

  /** That much of the body came. */
  public void count(int more) {
    bytes += more;
  }

  /** From now on only silence counts, and that long. Whoever waits for the deadline asks again. */
  public void responds(long now, long silenceNanos) {
    rate = 0;
    idleNanos = silenceNanos;
    goesOn(now);
  }

  /** A piece of the response that has begun. Whoever waits for the deadline asks again. */
  public void goesOn(long now) {
    due = runs ? now + idleNanos : idleNanos;
  }

  /** Whether a piece is waited for. */
  public boolean runs() {
    return runs;
  }

  /** The deadline of the next piece, which is waited for from now on if it was not already. */
  public long due(long now) {
    if (!runs) {
      runs = true;
      due += now;
    }
    if (bytes > 0) {
      long latest = now + idleNanos;
      due = rate == 0 ? latest : Math.min(latest, due + bytes * NANOS_PER_SECOND / rate);
      bytes = 0;
    }
    return due;
  }

  /** Nothing is waited for. */
  public void pause(long now) {
    if (runs) {
      due = Math.max(0, due(now) - now);
      runs = false;
    }
  }
}
