package io.weir.core.balance;

import java.util.Arrays;

/** Whose turn it is in a smooth weighted round robin: one whole round, laid out beforehand. */
final class SmoothOrder {
  /*
   * The order is the one of nginx's smooth weighted round robin: at each turn everyone's credit
   * grows by their weight, whoever has most credit (the first of several) is served and pays the sum
   * of all weights. Weights 5, 1, 1 give a a b a c a a: shares are exact over a round and the heavy
   * one is spread over it. After a round all credit is back at zero, so one round is enough.
   *
   * Served k times by turn t, a candidate of weight w has the credit t*w - k*sum. So among those of
   * equal weight the one served least is next, the first of several: they take turns in their own
   * order. That makes a queue for each distinct weight, of which only the heads compete, and a round
   * costs (distinct weights) x (turns), not (candidates) x (turns). It is built at each flip of a
   * backend's health, so this matters.
   *
   * The weights are divided by their greatest common divisor first: equal weights make a round of
   * one turn each.
   */

  /**
   * The longest round for fewer candidates than this: 256 KiB, shared by the workers. Rounds that
   * would be longer (hundreds of backends of odd weights) have their weights scaled down, and the
   * smallest of them become a little heavier than they were.
   */
  static final int MAX_TURNS = 1 << 16;

  private SmoothOrder() {}

  static int[] of(int[] weights) {
    int[] reduced = bounded(reduced(weights));
    return lay(reduced, Arrays.stream(reduced).sum());
  }

  private static int[] lay(int[] weights, int sum) {
    Queue[] queues = queues(weights);
    int[] order = new int[sum];
    for (int turn = 1; turn <= sum; turn++) {
      Queue best = queues[0];
      long most = best.credit(turn, sum);
      for (int i = 1; i < queues.length; i++) {
        Queue queue = queues[i];
        long credit = queue.credit(turn, sum);
        if (credit > most || (credit == most && queue.head() < best.head())) {
          best = queue;
          most = credit;
        }
      }
      order[turn - 1] = best.serve();
    }
    return order;
  }

  private static Queue[] queues(int[] weights) {
    return Arrays.stream(weights)
        .distinct()
        .mapToObj(weight -> new Queue(weight, weights))
        .toArray(Queue[]::new);
  }

  private static int[] reduced(int[] weights) {
    int divisor = Arrays.stream(weights).reduce(0, SmoothOrder::gcd);
    return Arrays.stream(weights).map(weight -> weight / divisor).toArray();
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  private static int[] bounded(int[] weights) {
    long sum = Arrays.stream(weights).asLongStream().sum();
    if (sum <= MAX_TURNS) {
      return weights;
    }
    double scale = (double) MAX_TURNS / sum;
    return Arrays.stream(weights)
        .map(weight -> (int) Math.max(1, Math.round(weight * scale)))
        .toArray();
  }

  /** The candidates of one weight, served in turn. */
  private static final class Queue {
    private final int weight;
    private final int[] members; // ascending
    private int next;
    private long served; // how often the head was

    Queue(int weight, int[] weights) {
      this.weight = weight;
      int[] found = new int[weights.length];
      int count = 0;
      for (int i = 0; i < weights.length; i++) {
        if (weights[i] == weight) {
          found[count++] = i;
        }
      }
      this.members = Arrays.copyOf(found, count);
    }

    int head() {
      return members[next];
    }

    long credit(long turn, long sum) {
      return turn * weight - served * sum;
    }

    int serve() {
      int index = members[next++];
      if (next == members.length) {
        next = 0;
        served++;
      }
      return index;
    }
  }
}
