package io.weir.firewall.share;

/** Hears what was taken. */
@FunctionalInterface
public interface TakenSink {
  /**
   * A limiter took one for a key.
   *
   * @param limiter its number, from {@link Sharing#newLimiter}
   */
  void taken(int limiter, long key);
}
