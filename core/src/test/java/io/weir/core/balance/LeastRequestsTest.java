package io.weir.core.balance;

import static io.weir.core.balance.Fleet.IDLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeastRequestsTest {
  private final Fleet fleet = new Fleet();
  private final LeastRequests balancer = new LeastRequests();

  @Test
  void ofTwoTheOneWithFewerRequestsIsPicked() {
    int[] loads = {3, 2};
    int[] counts = fleet.counts(balancer, Fleet.equal("ab"), i -> loads[i], 1_000);
    assertThat(counts).as("seed %d", fleet.seed).containsExactly(0, 1_000);
  }

  @Test
  void requestsCountForEachUnitOfWeight() {
    Candidates candidates = Fleet.weighted("ab", 4, 1);
    int[] loads = {7, 1}; // with one more, b would be busier than a is
    assertThat(fleet.counts(balancer, candidates, i -> loads[i], 1_000)[0]).isGreaterThan(700);
    loads[0] = 8; // b with one more is as busy as a is
    assertThat(fleet.counts(balancer, candidates, i -> loads[i], 1_000)[0]).isZero();
    loads[0] = 3; // a with one more is as busy as b is
    assertThat(fleet.counts(balancer, candidates, i -> loads[i], 1_000)[1]).isZero();
  }

  @Test
  void theBusiestIsNeverPickedAsTheTwoAreDistinct() {
    Candidates candidates = Fleet.weighted("abcd", 256, 1, 1, 1);
    int[] loads = {100_000, 0, 0, 0};
    int[] counts = fleet.counts(balancer, candidates, i -> loads[i], 10_000);
    assertThat(counts[0]).as("seed %d", fleet.seed).isZero();
    for (int i = 1; i < 4; i++) {
      assertThat(counts[i]).as("seed %d", fleet.seed).isGreaterThan(2_000);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 20, 200})
  void sharesFollowTheWeightsHoweverMuchThereIsToDo(int concurrency) {
    Candidates candidates = Fleet.weighted("abcde", 1, 2, 3, 4, 10);
    int[] served = serve(candidates, concurrency, 100_000);
    for (int i = 0; i < served.length; i++) {
      double fair = candidates.weight(i) / 20.0;
      // A handful in flight divides badly: up to a fifth off. Counting the request on no side or on
      // both would give twice the share, or none.
      assertThat(served[i] / 100_000.0)
          .as("seed %d: %d of weight %d", fleet.seed, i, candidates.weight(i))
          .isCloseTo(fair, within(0.3 * fair));
    }
  }

  @Test
  void theMostLoadedStaysCloseToTheMean() {
    int backends = 100;
    Candidates candidates =
        Candidates.of(
            IntStream.range(0, backends).boxed().toList(),
            IntStream.range(0, backends).map(i -> 3).toArray());
    int[] inFlight = new int[backends];
    for (int i = 0; i < backends * 100; i++) {
      inFlight[balancer.pick(candidates, index -> inFlight[index], fleet.random)]++;
    }
    // By chance alone about 100 + 2.5 * sqrt(100); with two choices the gap is a few.
    assertThat(IntStream.of(inFlight).max().orElseThrow())
        .as("seed %d", fleet.seed)
        .isLessThan(106);
  }

  @Test
  void theOtherPickAlsoPrefersTheLessBusy() {
    int[] loads = {0, 9, 0};
    for (int i = 0; i < 1_000; i++) {
      int other =
          balancer.pickOther(Fleet.equal("abc"), l -> loads[l], fleet.random, new int[] {0}, 1);
      assertThat(other).as("seed %d", fleet.seed).isEqualTo(2);
    }
  }

  @Test
  void hugeLoadsDoNotOverflow() {
    int[] loads = {Integer.MAX_VALUE, 0};
    Candidates candidates = Fleet.weighted("ab", 256, 256);
    int[] counts = fleet.counts(balancer, candidates, i -> loads[i], 1_000);
    assertThat(counts).containsExactly(0, 1_000);
    assertThat(balancer.pickOther(candidates, IDLE, fleet.random, new int[] {1}, 1)).isZero();
  }

  /** Keeps so many requests going, each as likely to end next as any other. */
  private int[] serve(Candidates candidates, int concurrency, int requests) {
    int[] inFlight = new int[candidates.size()];
    int[] served = new int[candidates.size()];
    int[] slots = new int[concurrency];
    for (int i = 0; i < requests; i++) {
      int slot = i < concurrency ? i : fleet.random.nextInt(concurrency);
      if (i >= concurrency) {
        inFlight[slots[slot]]--;
      }
      int index = balancer.pick(candidates, at -> inFlight[at], fleet.random);
      slots[slot] = index;
      inFlight[index]++;
      served[index]++;
    }
    return served;
  }
}
