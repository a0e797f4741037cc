package io.weir.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;

class AliasTableTest {

  @RepeatedTest(100)
  void everyOutcomeOfTheDiceTogetherGivesEachExactlyItsWeight() {
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    int[] weights =
        IntStream.range(0, 1 + random.nextInt(12)).map(i -> 1 + random.nextInt(20)).toArray();
    int total = Arrays.stream(weights).sum();
    AliasTable table = AliasTable.of(weights, total);

    int[] picked = new int[weights.length];
    for (int column = 0; column < weights.length; column++) {
      for (int height = 0; height < total; height++) {
        picked[table.pick(new Dice(column, height))]++;
      }
    }

    int[] expected = Arrays.stream(weights).map(weight -> weight * weights.length).toArray();
    assertThat(picked).as("seed %d: %s", seed, Arrays.toString(weights)).containsExactly(expected);
  }

  /** Shows the given numbers, in order. */
  private static final class Dice implements RandomGenerator {
    private final Deque<Integer> shown;

    Dice(Integer... shown) {
      this.shown = new ArrayDeque<>(List.of(shown));
    }

    @Override
    public int nextInt(int bound) {
      int next = shown.remove();
      assertThat(next).isLessThan(bound);
      return next;
    }

    @Override
    public long nextLong() {
      throw new AssertionError("a draw asks for bounded numbers only");
    }
  }
}
