package io.weir.firewall.share;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

/**
 * What the limits of this process have to do with those of others: limiters say here what they
 * took, and one thread that is no worker fetches it.
 *
 * <p>Saying so takes no lock, allocates nothing and never waits; without room it is counted as
 * dropped.
 */
public final class Sharing {
  /*
   * Each worker finds a ring of its own by the number of its thread, since these are handed out in a
   * row; two that meet in one ring get in each other's way and nothing else.
   */
  private static final int MOST_RINGS = 64;

  private final TakenRing[] rings;
  private final KeySecret secret;
  private final AtomicInteger limiters = new AtomicInteger();
  private final LongAdder dropped = new LongAdder();

  /**
   * Nothing was taken.
   *
   * @param workers how many threads there are that ask limiters
   * @param waiting how much of each of them can wait to be fetched, a power of two; 16 bytes each
   * @param random for the secret, until there is one in common
   */
  public Sharing(int workers, int waiting, RandomGenerator random) {
    int wanted = Math.clamp(workers, 1, MOST_RINGS);
    rings = new TakenRing[wanted == 1 ? 1 : Integer.highestOneBit(wanted - 1) << 1];
    for (int i = 0; i < rings.length; i++) {
      rings[i] = new TakenRing(waiting);
    }
    secret = new KeySecret(random);
  }

  /** A number for one more limiter. */
  public int newLimiter() {
    return limiters.getAndIncrement();
  }

  /** The secret of the hashes of all keys that are shared. */
  public KeySecret secret() {
    return secret;
  }

  /** Says that a limiter took one for a key. Any thread. */
  public void taken(int limiter, long key) {
    if (!rings[(int) Thread.currentThread().threadId() & (rings.length - 1)].offer(limiter, key)) {
      dropped.increment();
    }
  }

  /** Fetches what was taken since the last time; one thread. */
  public void drain(TakenSink sink) {
    for (TakenRing ring : rings) {
      ring.drain(sink);
    }
  }

  /** How much found no room. */
  public long dropped() {
    return dropped.sum();
  }
}
