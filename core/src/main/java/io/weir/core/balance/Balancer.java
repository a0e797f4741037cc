package io.weir.core.balance;

import java.util.random.RandomGenerator;

/**
 * Picks a backend for a request. One instance for each worker and pool, used by that worker only;
 * it lives on when the candidates change. A pick neither blocks nor allocates.
 */
public sealed interface Balancer permits RoundRobin, LeastRequests, RandomChoice {
  /** There is nothing to pick. */
  int NONE = -1;

  /** The index of the candidate to use, or {@link #NONE}. */
  int pick(Candidates candidates, Loads loads, RandomGenerator random);

  /**
   * The index of another candidate after some failed, or {@link #NONE} when all were tried.
   *
   * @param tried indexes picked for this request before, distinct, from the same candidates
   * @param count how many of {@code tried} there are
   */
  int pickOther(Candidates candidates, Loads loads, RandomGenerator random, int[] tried, int count);
}
