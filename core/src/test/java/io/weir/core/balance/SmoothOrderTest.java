package io.weir.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class SmoothOrderTest {

  @Test
  void theSequenceThatNginxPublished() {
    assertThat(letters(5, 1, 1)).isEqualTo("aabacaa");
  }

  @Test
  void equalWeightsTakeTurnsOnce() {
    assertThat(letters(7, 7, 7, 7)).isEqualTo("abcd");
  }

  @Test
  void commonDivisorsDoNotLengthenTheRound() {
    assertThat(letters(200, 100)).isEqualTo("aba");
  }

  @Test
  void oneOrNone() {
    assertThat(letters(256)).isEqualTo("a");
    assertThat(letters()).isEmpty();
  }

  @RepeatedTest(200)
  void itIsTheOrderOfTheAlgorithmAsWrittenDown() {
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    int most = random.nextBoolean() ? 4 : 256;
    int[] weights =
        IntStream.range(0, 1 + random.nextInt(40)).map(i -> 1 + random.nextInt(most)).toArray();

    int[] order = SmoothOrder.of(weights);

    int[] expected = naive(weights, 2 * Arrays.stream(weights).sum());
    int[] rounds = IntStream.range(0, expected.length).map(i -> order[i % order.length]).toArray();
    assertThat(rounds).as("seed %d: %s", seed, Arrays.toString(weights)).isEqualTo(expected);
  }

  @Test
  void aRoundOfAThousandOddWeightsIsBoundedAndKeepsTheShares() {
    int[] weights = IntStream.range(0, 1_000).map(i -> 1 + i % 256).toArray();
    double sum = Arrays.stream(weights).sum();

    int[] order = SmoothOrder.of(weights);

    assertThat(order.length).isBetween(SmoothOrder.MAX_TURNS / 2, SmoothOrder.MAX_TURNS * 5 / 4);
    int[] turns = new int[weights.length];
    for (int index : order) {
      turns[index]++;
    }
    for (int i = 0; i < weights.length; i++) {
      double fair = weights[i] / sum * order.length;
      assertThat((double) turns[i]).as("weight %d", weights[i]).isBetween(fair - 1, fair + 1);
    }
  }

  private static int[] naive(int[] weights, int turns) {
    int sum = Arrays.stream(weights).sum();
    int[] credit = new int[weights.length];
    return IntStream.range(0, turns)
        .map(turn -> {
          int best = 0;
          for (int i = 0; i < weights.length; i++) {
            credit[i] += weights[i];
            best = credit[i] > credit[best] ? i : best;
          }
          credit[best] -= sum;
          return best;
        })
        .toArray();
  }

  private static String letters(int... weights) {
    StringBuilder text = new StringBuilder();
    for (int index : SmoothOrder.of(weights)) {
      text.append((char) ('a' + index));
    }
    return text.toString();
  }
}
