package io.weir.core.balance;

import static io.weir.core.balance.Fleet.IDLE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class RoundRobinTest {
  private final Fleet fleet = new Fleet();
  private final RoundRobin balancer = new RoundRobin();

  @Test
  void itFollowsTheSmoothOrderFromWhereverItBegins() {
    Candidates candidates = Fleet.weighted("abc", 5, 1, 1);
    assertThat("aabacaa".repeat(4))
        .as("seed %d", fleet.seed)
        .contains(fleet.picks(balancer, candidates, 21));
  }

  @Test
  void workersBeginAtDifferentPlaces() {
    Candidates candidates = Fleet.equal("abcd");
    Set<String> first = new HashSet<>();
    for (int worker = 0; worker < 200; worker++) {
      first.add(fleet.picks(new RoundRobin(), candidates, 1));
    }
    assertThat(first).as("seed %d", fleet.seed).containsExactlyInAnyOrder("a", "b", "c", "d");
  }

  @Test
  void theSameCandidatesAfterAReloadGoOnInTurn() {
    String before = fleet.picks(balancer, Fleet.equal("abcdef"), 10);
    String after = fleet.picks(balancer, Fleet.equal("abcdef"), 10);
    assertThat("abcdef".repeat(5)).as("seed %d", fleet.seed).contains(before + after);
  }

  @RepeatedTest(10)
  void theSameWeightsAfterAReloadGoOnInTurn() {
    String picks = "";
    for (int reload = 0; reload < 100; reload++) {
      picks += fleet.picks(balancer, Fleet.weighted("abc", 5, 1, 1), fleet.random.nextInt(3));
    }
    assertThat("aabacaa".repeat(50)).as("seed %d", fleet.seed).contains(picks);
  }

  @RepeatedTest(100)
  void noBackendIsPickedTwiceInARowAcrossAFlip() {
    String all = "abcdefgh";
    Candidates candidates = Fleet.equal(all);
    char last = fleet.picks(balancer, candidates, 1 + fleet.random.nextInt(8)).charAt(0);
    for (int flip = 0; flip < 200; flip++) {
      String picks = fleet.picks(balancer, candidates, 1 + fleet.random.nextInt(3));
      if (flip > 0) {
        assertThat(picks.charAt(0)).as("seed %d, flip %d", fleet.seed, flip).isNotEqualTo(last);
      }
      last = picks.charAt(picks.length() - 1);
      candidates = Fleet.equal(someOf(all));
    }
  }

  /** At least two, in their order. */
  private String someOf(String letters) {
    StringBuilder some = new StringBuilder(letters);
    for (int remove = fleet.random.nextInt(letters.length() - 1); remove > 0; remove--) {
      some.deleteCharAt(fleet.random.nextInt(some.length()));
    }
    return some.toString();
  }

  @Test
  void aReloadAfterEachRequestStillReachesEveryBackendEqually() {
    int[] counts = new int[4];
    for (int i = 0; i < 400; i++) {
      counts[balancer.pick(Fleet.equal("abcd"), IDLE, fleet.random)]++;
    }
    assertThat(counts).as("seed %d", fleet.seed).containsExactly(100, 100, 100, 100);
  }

  @Test
  void whenABackendFailsTheOthersTakeItsRequestsEqually() {
    Candidates candidates = Fleet.equal("abcd");
    int[] counts = new int[4];
    for (int request = 0; request < 900; request++) {
      int index = balancer.pick(candidates, IDLE, fleet.random);
      if (index == 0) {
        index = balancer.pickOther(candidates, IDLE, fleet.random, new int[] {0}, 1);
      }
      counts[index]++;
    }
    assertThat(counts).as("seed %d", fleet.seed).containsExactly(0, 300, 300, 300);
  }
}
