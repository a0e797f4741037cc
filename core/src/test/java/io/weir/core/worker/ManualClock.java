package io.weir.core.worker;

/** Stands still until a test moves it. */
public final class ManualClock implements Clock {
  long now = 1_000_000_007L * 977;

  public void passes(long nanos) {
    now += nanos;
  }

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public long epochMillis() {
    return now / 1_000_000;
  }
}
