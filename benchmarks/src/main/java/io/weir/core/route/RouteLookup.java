package io.weir.core.route;

import io.weir.benchmarks.ShortRuns;
import java.util.List;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Finding the route of a host and a path.
 *
 * <p>A third of the routes each has an exact host, a wildcard, and any host; all have a path.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar RouteLookup -prof gc</pre>
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by the setup
public class RouteLookup extends ShortRuns {
  private static final int REQUESTS = 1 << 10; // power of two

  @Param({"10", "1000", "10000"})
  int routes;

  private Router<String> router;
  private final String[] hosts = new String[REQUESTS];
  private final String[] paths = new String[REQUESTS];
  private int next;

  @Setup
  public void build() {
    Router.Builder<String> builder = Router.builder();
    for (int i = 0; i < routes; i++) {
      List<String> host =
          switch (i % 3) {
            case 0 -> List.of("shop-" + i + ".foobar.com");
            case 1 -> List.of("*.team-" + i + ".foobar.com");
            default -> List.of();
          };
      builder.route(host, List.of(new PathPattern.Below("/part-" + i)), "route-" + i);
    }
    router = builder.build("otherwise");
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < REQUESTS; i++) {
      int route = random.nextInt(routes);
      hosts[i] =
          switch (route % 3) {
            case 0 -> "shop-" + route + ".foobar.com";
            case 1 -> "www.team-" + route + ".foobar.com";
            default -> "www-" + route + ".foobar.com";
          };
      boolean found = random.nextInt(8) > 0;
      paths[i] = (found ? "/part-" + route : "/none") + "/item-" + random.nextInt(100_000);
      String name = router.find(hosts[i], paths[i]);
      if (!name.equals(found ? "route-" + route : "otherwise")) {
        throw new IllegalStateException(hosts[i] + paths[i] + ": " + name);
      }
    }
  }

  @Benchmark
  public String find() {
    int i = next++ & (REQUESTS - 1);
    return router.find(hosts[i], paths[i]);
  }
}
