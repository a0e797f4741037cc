package io.weir.core.worker;

/** Stands still until a test moves it. */
final class ManualClock implements Clock {
  long now = 1_000_000_007L * 977;

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public long epochMillis() {
    return 0;
  }
}
