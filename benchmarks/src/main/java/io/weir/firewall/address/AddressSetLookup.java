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

  private AddressSet set;
  private ClientAddress[] addresses;
  private int next;

  @Setup
  public void compile() {
    SplittableRandom random = new SplittableRandom(SEED);
    List<Cidr> list = SamplePrefixes.some(prefixes, family == 6, random);
    set = AddressSet.of(list);
    addresses = SamplePrefixes.addresses(ADDRESSES, family == 6, list, random);
  }

  @Benchmark
  public boolean contains() {
    return set.contains(addresses[next++ & (ADDRESSES - 1)]);
  }
}
