package io.weir.firewall;

import io.weir.benchmarks.ShortRuns;
import io.weir.firewall.address.SamplePrefixes;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.DefaultAction;
import io.weir.firewall.config.FirewallConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.list.ListConfig;
import io.weir.firewall.list.ListSource;
import io.weir.firewall.list.ListType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * From the text of a list of addresses to rules that use it; prints how much memory they keep.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar ListLoad</pre>
 */
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init") // by the setup
public class ListLoad extends ShortRuns {
  @Param({"100000", "1000000"})
  int prefixes;

  @Param({"4", "6"})
  int family;

  private byte[] lines;

  @Setup
  public void write() {
    SplittableRandom random = new SplittableRandom(SEED);
    lines =
        SamplePrefixes.some(prefixes, family == 6, random).stream()
            .map(prefix -> prefix + "\n")
            .collect(Collectors.joining())
            .getBytes(StandardCharsets.US_ASCII);
  }

  @Benchmark
  public Firewall load() {
    ListConfig list = new ListConfig(ListType.ADDRESSES, new ListSource.Lines("blocked", lines));
    RuleConfig rule =
        new RuleConfig(
            "blocked",
            new MatchConfig.Ip(List.of(), List.of("blocked")),
            new ActionConfig.Deny(403));
    FirewallConfig config =
        new FirewallConfig(
            new DefaultAction.Allow(),
            FirewallConfig.OPEN.pathMode(),
            List.of(rule),
            Map.of("blocked", list));
    return SampleRules.compiled(config, SEED);
  }

  @TearDown
  public void weigh() {
    long before = usedBytes();
    Firewall firewall = load();
    long kept = usedBytes() - before;
    System.out.printf(
        "# %,d IPv%d prefixes, %d rule: %.1f MB kept%n",
        prefixes, family, firewall.rules().size(), kept / 1e6);
  }

  private static long usedBytes() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
