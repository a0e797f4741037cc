package io.weir.core.balance;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** In turn, each backend as often as its weight says, and evenly spread. */
public final class RoundRobin implements Balancer {
  /*
   * The round lies ready in the candidates, so all that a worker keeps is its place in it. Each
   * worker begins somewhere else, so that many workers do not send their first requests to the same
   * backend.
   *
   * When the same candidates come anew, after a reload or a look at their health, the round goes
   * on. When they differ, the place stays where it is in proportion to the length of the round. A
   * worker that serves little is therefore not sent back to the first backend by every reload or
   * health flip, and workers stay spread. If the backend at that place was the last one picked, the
   * round moves on to the next that is not.
   */

  private @Nullable Candidates current;
  private @Nullable Object last;
  private int place;

  @Override
  public int pick(Candidates candidates, Loads loads, RandomGenerator random) {
    if (candidates.size() == 0) {
      return NONE;
    }
    if (candidates != current) {
      adopt(candidates, random);
    }
    return take(candidates);
  }

  @Override
  public int pickOther(
      Candidates candidates, Loads loads, RandomGenerator random, int[] tried, int count) {
    for (int i = 0; i < candidates.turns(); i++) {
      int index = pick(candidates, loads, random);
      if (!Candidates.contains(tried, count, index)) {
        return index;
      }
    }
    return NONE;
  }

  private int take(Candidates candidates) {
    int index = candidates.turn(place);
    place = place + 1 == candidates.turns() ? 0 : place + 1;
    last = candidates.backend(index);
    return index;
  }

  private void adopt(Candidates candidates, RandomGenerator random) {
    if (current != null && candidates.hasRoundOf(current)) {
      current = candidates;
      return;
    }
    int turns = candidates.turns();
    place =
        current == null ? random.nextInt(turns) : (int) ((long) place * turns / current.turns());
    current = candidates;
    for (int i = 0; i < turns && candidates.backend(candidates.turn(place)).equals(last); i++) {
      place = place + 1 == turns ? 0 : place + 1;
    }
  }
}
