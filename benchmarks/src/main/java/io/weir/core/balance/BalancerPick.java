package io.weir.core.balance;

import io.weir.benchmarks.ShortRuns;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One pick of each balancer among few and many backends of different weights.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar BalancerPick -prof gc</pre>
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by the setup
public class BalancerPick extends ShortRuns {
  @Param({"round_robin", "least_requests", "random"})
  String balance;

  @Param({"10", "1000"})
  int backends;

  private Balancer balancer;
  private Candidates candidates;
  private Loads loads;
  private SplittableRandom random;

  @Setup
  public void build() {
    random = new SplittableRandom(SEED);
    balancer =
        switch (balance) {
          case "round_robin" -> new RoundRobin();
          case "least_requests" -> new LeastRequests();
          case "random" -> new RandomChoice();
          default -> throw new IllegalArgumentException(balance);
        };
    int[] weights = IntStream.range(0, backends).map(i -> 1 + i % 5).toArray();
    candidates = Candidates.of(IntStream.range(0, backends).boxed().toList(), weights);
    int[] inFlight = random.ints(backends, 0, 20).toArray();
    loads = index -> inFlight[index];
  }

  @Benchmark
  public int pick() {
    return balancer.pick(candidates, loads, random);
  }
}
