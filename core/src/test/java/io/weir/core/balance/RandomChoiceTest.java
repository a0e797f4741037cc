package io.weir.core.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RandomChoiceTest {
  private final Fleet fleet = new Fleet();
  private final RandomChoice balancer = new RandomChoice();

  @Test
  void aHandFullOfPicksIsNotInTurn() {
    Candidates candidates = Fleet.equal("abcdefgh");
    assertThat("abcdefgh".repeat(10))
        .as("seed %d", fleet.seed)
        .doesNotContain(fleet.picks(balancer, candidates, 64)); // in turn: once in 8^63
  }

  @Test
  void theOthersShareByWeightAfterAFailure() {
    Candidates candidates = Fleet.weighted("abc", 90, 3, 7);
    int[] counts = new int[3];
    for (int i = 0; i < 10_000; i++) {
      counts[balancer.pickOther(candidates, Fleet.IDLE, fleet.random, new int[] {0}, 1)]++;
    }
    assertThat(counts[0]).isZero();
    assertThat((double) counts[1]).as("seed %d", fleet.seed).isCloseTo(3_000, within(230.0));
  }
}
