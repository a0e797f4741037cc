package io.weir.core.balance;

import static io.weir.core.balance.Fleet.IDLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every balancer owes. */
class BalancerTest {
  private final Fleet fleet = new Fleet();

  static Stream<Balancer> balancers() {
    return Stream.of(new RoundRobin(), new LeastRequests(), new RandomChoice());
  }

  @ParameterizedTest
  @MethodSource("balancers")
  void withoutCandidatesThereIsNoPick(Balancer balancer) {
    assertThat(balancer.pick(Candidates.NONE, IDLE, fleet.random)).isEqualTo(Balancer.NONE);
    assertThat(balancer.pickOther(Candidates.NONE, IDLE, fleet.random, new int[4], 0))
        .isEqualTo(Balancer.NONE);
    assertThat(Candidates.of(List.of(), new int[0])).isSameAs(Candidates.NONE);
  }

  @ParameterizedTest
  @MethodSource("balancers")
  void aLoneCandidateIsAlwaysPickedAndHasNoOther(Balancer balancer) {
    Candidates one = Fleet.weighted("a", 256);
    assertThat(fleet.picks(balancer, one, 5)).isEqualTo("aaaaa");
    assertThat(balancer.pickOther(one, IDLE, fleet.random, new int[] {0}, 1))
        .isEqualTo(Balancer.NONE);
    assertThat(fleet.picks(balancer, one, 1)).isEqualTo("a");
  }

  @ParameterizedTest
  @MethodSource("balancers")
  void otherPicksGoOnceThroughAllCandidatesAndThenEnd(Balancer balancer) {
    Candidates candidates = Fleet.weighted("abcdef", 256, 1, 1, 7, 30, 1);
    for (int round = 0; round < 200; round++) {
      int[] tried = new int[candidates.size()];
      tried[0] = balancer.pick(candidates, IDLE, fleet.random);
      for (int count = 1; count < tried.length; count++) {
        tried[count] = balancer.pickOther(candidates, IDLE, fleet.random, tried, count);
      }
      assertThat(IntStream.of(tried).boxed().toList())
          .as("seed %d", fleet.seed)
          .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
      assertThat(balancer.pickOther(candidates, IDLE, fleet.random, tried, tried.length))
          .isEqualTo(Balancer.NONE);
    }
  }

  @ParameterizedTest
  @MethodSource("balancers")
  void onlyTheFirstOfTheTriedCount(Balancer balancer) {
    Candidates two = Fleet.equal("ab");
    int[] tried = {0, 1}; // the second is left over from an earlier request
    assertThat(balancer.pickOther(two, IDLE, fleet.random, tried, 1)).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("balancers")
  void idleBackendsShareByWeightInTheLongRun(Balancer balancer) {
    Candidates candidates = Fleet.weighted("abcd", 1, 2, 3, 94);
    int[] counts = fleet.counts(balancer, candidates, IDLE, 100_000);
    for (int i = 0; i < counts.length; i++) {
      double share = candidates.weight(i) / 100.0;
      // Five deviations of a binomial: wrong once in a million runs.
      double bound = 5 * Math.sqrt(100_000 * share * (1 - share));
      assertThat((double) counts[i])
          .as("seed %d: %d", fleet.seed, i)
          .isCloseTo(100_000 * share, within(bound));
    }
  }

  static Stream<Supplier<Balancer>> kinds() {
    return Stream.of(RoundRobin::new, LeastRequests::new, RandomChoice::new);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aFlipDoesNotSendAllWorkersToOneBackend(Supplier<Balancer> kind) {
    // Many workers with one request each, before and after a backend comes back.
    Set<Character> first = new HashSet<>();
    Candidates before = Fleet.equal("bcdefgh");
    Candidates after = Fleet.equal("abcdefgh");
    int[] counts = new int[after.size()];
    for (int worker = 0; worker < 400; worker++) {
      Balancer balancer = kind.get();
      first.add(fleet.picks(balancer, before, 1).charAt(0));
      counts[balancer.pick(after, IDLE, fleet.random)]++;
    }
    assertThat(first).as("seed %d", fleet.seed).hasSize(7);
    for (int count : counts) {
      assertThat(count).as("seed %d", fleet.seed).isLessThan(120); // fair: 50
    }
  }

  @ParameterizedTest
  @MethodSource("balancers")
  void aPickAllocatesNothing(Balancer balancer) {
    Candidates candidates = Fleet.weighted("abc", 5, 1, 1);
    int[] tried = {1, 0};
    pickOften(balancer, candidates, tried, 2_000);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    long before = threads.getCurrentThreadAllocatedBytes();
    int sum = pickOften(balancer, candidates, tried, 20_000);
    long cost = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(sum).isPositive();
    assertThat(cost).isLessThan(20_000); // a byte per 2 picks: the VM's own doings
  }

  private int pickOften(Balancer balancer, Candidates candidates, int[] tried, int times) {
    int sum = 0;
    for (int i = 0; i < times; i++) {
      sum += balancer.pick(candidates, IDLE, fleet.random);
      sum += balancer.pickOther(candidates, IDLE, fleet.random, tried, 1);
    }
    return sum;
  }

  @Test
  void candidatesRefuseWeightsThatMeanNothing() {
    assertThatThrownBy(() -> Fleet.weighted("ab", 1, 0)).hasMessageContaining("weight: 0");
    assertThatThrownBy(() -> Fleet.weighted("ab", 1)).hasMessageContaining("weights: 1");
    assertThatThrownBy(() -> Fleet.weighted("ab", Integer.MAX_VALUE, 1))
        .isInstanceOf(ArithmeticException.class);
  }
}
