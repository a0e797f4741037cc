package io.weir.core.balance;

import java.util.random.RandomGenerator;

/** The less busy of two backends drawn by weight. */
public final class LeastRequests implements Balancer {
  /*
   * Two choices are nearly as even as looking at all, cost the same for ten backends and for a
   * thousand, and keep workers that see the same numbers from all choosing the same idle backend
   * (Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing").
   *
   * Busy is in-flight requests for each unit of weight. The second is taken if even with this
   * request it were no busier than the first is now:
   *
   *   (inFlight2 + 1) / weight2 <= inFlight1 / weight1
   *
   * With equal weights that is the usual "fewer in flight". With others the usual comparison goes
   * wrong in one of two ways when there is little to do: counting the request on neither side lets
   * any idle backend, however light, win over a heavy one with one request; counting it on both
   * sides starves the light one. And as the first draw is by weight and an idle first choice always
   * stays, idle pools share by weight exactly.
   */

  @Override
  public int pick(Candidates candidates, Loads loads, RandomGenerator random) {
    int size = candidates.size();
    if (size < 2) {
      return size - 1;
    }
    int first = candidates.byWeight(random);
    int second = candidates.byWeight(random);
    if (second == first) {
      // Drawing again until it differs could take long beside a very heavy one.
      second = random.nextInt(size - 1);
      second += second >= first ? 1 : 0;
    }
    return lessBusy(candidates, loads, first, second);
  }

  @Override
  public int pickOther(
      Candidates candidates, Loads loads, RandomGenerator random, int[] tried, int count) {
    int first = candidates.byWeightExcept(random, tried, count, NONE);
    int second = candidates.byWeightExcept(random, tried, count, first);
    return second == NONE ? first : lessBusy(candidates, loads, first, second);
  }

  private static int lessBusy(Candidates candidates, Loads loads, int first, int second) {
    long secondThen = (loads.inFlight(second) + 1L) * candidates.weight(first);
    long firstNow = (long) loads.inFlight(first) * candidates.weight(second);
    return secondThen <= firstNow ? second : first;
  }
}
