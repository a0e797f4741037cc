package io.weir.firewall.address;

import io.weir.benchmarks.ShortRuns;
import java.util.List;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Whether a random address is in a set, from a thousand to a million prefixes.
 *
 * <p>The address is made for the question, as a loop makes it of what it accepts, so that no figure
 * is the memory that addresses are read from.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar AddressSetLookup -prof gc</pre>
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by the setup
public class AddressSetLookup extends ShortRuns {
  /** Power of two; so many that neither caches nor branch predictors know them by heart. */
  private static final int ADDRESSES = 1 << 18;

  @Param({"1000", "100000", "1000000"})
  int prefixes;

  @Param({"4", "6"})
  int family;

  /** How many of a hundred addresses lie in a prefix for sure; the others are where they are. */
  @Param({"0", "50"})
  int held;

  private AddressSet set;
  private long[] highs;
  private long[] lows;
  private int next;

  @Setup
  public void compile() {
    SplittableRandom random = new SplittableRandom(SEED);
    List<Cidr> list = SamplePrefixes.some(prefixes, family == 6, random);
    set = AddressSet.of(list);
    highs = new long[ADDRESSES];
    lows = new long[ADDRESSES];
    for (int i = 0; i < ADDRESSES; i++) {
      ClientAddress address = SamplePrefixes.address(family == 6, list, held, random);
      highs[i] = address.high();
      lows[i] = address.low();
    }
  }

  @Benchmark
  public boolean contains() {
    int at = next++ & (ADDRESSES - 1);
    ClientAddress address =
        family == 6 ? ClientAddress.v6(highs[at], lows[at]) : ClientAddress.v4((int) lows[at]);
    return set.contains(address);
  }
}
