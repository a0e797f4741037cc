package io.weir.firewall.share;

import java.util.random.RandomGenerator;

/** The secret of the hashes of keys: with it nobody outside can choose which keys collide. */
public final class KeySecret {
  /** Both halves, seen together. */
  private record Halves(long first, long second) {}

  private volatile Halves halves;

  /** A secret that nobody else knows. */
  public KeySecret(RandomGenerator random) {
    halves = new Halves(random.nextLong(), random.nextLong());
  }

  /** Whether another secret took the place of this one; keys have other hashes from now on. */
  public boolean replace(long first, long second) {
    Halves other = new Halves(first, second);
    if (other.equals(halves)) {
      return false;
    }
    halves = other;
    return true;
  }

  /** Hands out both halves. */
  public void to(Reader reader) {
    Halves now = halves;
    reader.begin(now.first, now.second);
  }

  /** Takes both halves. */
  @FunctionalInterface
  public interface Reader {
    void begin(long first, long second);
  }
}
