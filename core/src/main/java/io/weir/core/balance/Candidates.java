package io.weir.core.balance;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** The backends that may be picked, compiled once and shared by all workers. Immutable. */
public final class Candidates {
  public static final Candidates NONE = new Candidates(new Object[0], new int[0]);

  private final Object[] backends;
  private final int[] weights;
  private final int totalWeight;
  private final AliasTable byWeight;
  private final int[] turns;

  private Candidates(Object[] backends, int[] weights) {
    this.backends = backends;
    this.weights = weights;
    this.totalWeight = Arrays.stream(weights).reduce(0, Math::addExact);
    this.byWeight = AliasTable.of(weights, totalWeight);
    this.turns = SmoothOrder.of(weights);
  }

  /**
   * Compiles a set.
   *
   * @param backends what the indexes stand for; compared by {@code equals}, to know a backend again
   *     when the set changed
   * @param weights 1 or more each; the sum fits an int
   */
  public static Candidates of(List<?> backends, int[] weights) {
    if (backends.size() != weights.length) {
      throw new IllegalArgumentException(
          "weights: " + weights.length + " (expected: one for each of " + backends.size() + ")");
    }
    for (int weight : weights) {
      if (weight < 1) {
        throw new IllegalArgumentException("weight: " + weight + " (expected: 1 or more)");
      }
    }
    return backends.isEmpty() ? NONE : new Candidates(backends.toArray(), weights.clone());
  }

  public int size() {
    return weights.length;
  }

  public int weight(int index) {
    return weights[index];
  }

  /** What the index stands for. */
  Object backend(int index) {
    return backends[index];
  }

  /** How many turns a whole round has; 0 only without candidates. */
  int turns() {
    return turns.length;
  }

  /** Whose turn it is at this place of the round. */
  int turn(int place) {
    return turns[place];
  }

  /** Whether the other has the same backends with the same turns. */
  boolean hasRoundOf(Candidates other) {
    return Arrays.equals(backends, other.backends) && Arrays.equals(turns, other.turns);
  }

  /** One of the candidates by chance, each as often as its weight says. Not without candidates. */
  int byWeight(RandomGenerator random) {
    return byWeight.pick(random);
  }

  /**
   * The same without those that were tried, or {@link Balancer#NONE}. It walks all candidates: it
   * is for the rare request whose first pick failed.
   */
  int byWeightExcept(RandomGenerator random, int[] tried, int count, int alsoNot) {
    int left = totalWeight;
    for (int i = 0; i < weights.length; i++) {
      if (i == alsoNot || contains(tried, count, i)) {
        left -= weights[i];
      }
    }
    if (left == 0) {
      return Balancer.NONE;
    }
    int ticket = random.nextInt(left);
    for (int i = 0; ; i++) {
      if (i == alsoNot || contains(tried, count, i)) {
        continue;
      }
      ticket -= weights[i];
      if (ticket < 0) {
        return i;
      }
    }
  }

  static boolean contains(int[] tried, int count, int index) {
    for (int i = 0; i < count; i++) {
      if (tried[i] == index) {
        return true;
      }
    }
    return false;
  }
}
