package io.weir.metrics;

import java.util.SplittableRandom;

/** The seed of a random test: {@code -Dseed=} or a new one; put it into every message. */
final class Seed {
  static final long VALUE = Long.getLong("seed", new SplittableRandom().nextLong());

  private Seed() {}

  static SplittableRandom random() {
    return new SplittableRandom(VALUE);
  }

  static String message() {
    return "seed " + VALUE;
  }
}
