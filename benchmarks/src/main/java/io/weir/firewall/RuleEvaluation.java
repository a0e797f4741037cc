package io.weir.firewall;

import io.weir.benchmarks.ShortRuns;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What it costs to judge a request by few and by many rules.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar RuleEvaluation -prof gc</pre>
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by the setup
public class RuleEvaluation extends ShortRuns {
  private static final int REQUESTS = 256; // power of two; enough to make branches hard to guess

  @Param({"10", "1000", "10000"})
  int rules;

  /** How many of the rules match; 0 shows what finding out costs, 8 what acting adds. */
  @Param({"0", "8"})
  int matching;

  private Firewall firewall;
  private RuleHits hits;
  private SampleRequest[] requests;
  private int next;

  @Setup
  public void compile() {
    SplittableRandom random = new SplittableRandom(SEED);
    firewall = SampleRules.compiled(SampleRules.mixed(rules, matching, random), SEED);
    hits = firewall.newHits();
    requests = SampleRequest.some(REQUESTS, random);
    for (SampleRequest request : requests) {
      Verdict verdict = firewall.checkRequest(request, hits, 0);
      if (!(verdict instanceof Permit) || hits.matchedCount() != matching) {
        throw new IllegalStateException(verdict + " after " + hits.matchedCount() + " matches");
      }
    }
  }

  @Benchmark
  public Verdict request() {
    return firewall.checkRequest(requests[next++ & (REQUESTS - 1)], hits, 0);
  }
}
