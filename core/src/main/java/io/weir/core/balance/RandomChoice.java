package io.weir.core.balance;

import java.util.random.RandomGenerator;

/** By chance, each backend as often as its weight says. */
public final class RandomChoice implements Balancer {

  @Override
  public int pick(Candidates candidates, Loads loads, RandomGenerator random) {
    return candidates.size() == 0 ? NONE : candidates.byWeight(random);
  }

  @Override
  public int pickOther(
      Candidates candidates, Loads loads, RandomGenerator random, int[] tried, int count) {
    return candidates.byWeightExcept(random, tried, count, NONE);
  }
}
