package io.weir.firewall.testing;

import java.util.SplittableRandom;

/** Random input that can be replayed: {@code -Dseed=} repeats a run. */
public final class Luck {
  private Luck() {}

  public static long seed() {
    return Long.getLong("seed", new SplittableRandom().nextLong());
  }
}
