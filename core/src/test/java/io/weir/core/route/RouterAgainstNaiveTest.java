package io.weir.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.route.PathPattern.Below;
import io.weir.core.route.PathPattern.Exact;
import io.weir.core.route.PathPattern.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;

/** The compiled router against one that tries each route in turn. */
class RouterAgainstNaiveTest {
  private static final Route NO_ROUTE = new Route(-1, List.of(), List.of(), 0);

  private final long seed = Long.getLong("seed", new SplittableRandom().nextLong());
  private final SplittableRandom random = new SplittableRandom(seed);

  /**
   * One route.
   *
   * @param wants bits that a request must have; 0 asks nothing more
   */
  private record Route(int number, List<String> hosts, List<PathPattern> paths, int wants) {
    boolean isWantedBy(int bits) {
      return (bits & wants) == wants;
    }
  }

  @RepeatedTest(300)
  void bothFindTheSameRoute() {
    compare(0);
  }

  @RepeatedTest(300)
  void bothFindTheSameRouteWhereSomeAskMore() {
    compare(3);
  }

  /** The more bits, the more routes ask for some of them. */
  private void compare(int bits) {
    List<Route> routes = new ArrayList<>();
    int count = random.nextInt(30);
    for (int i = 0; i < count; i++) {
      int wants = random.nextInt(1 << bits);
      routes.add(new Route(i, some(3, this::hostPattern), some(4, this::pathPattern), wants));
    }
    Router.Builder<Route> builder = Router.builder();
    routes.forEach(route -> builder.route(route.hosts(), route.paths(), route.wants() != 0, route));
    Router<Route> router = builder.build(NO_ROUTE);
    assertThat(router.asksMore()).isEqualTo(routes.stream().anyMatch(r -> r.wants() != 0));

    for (int i = 0; i < 200; i++) {
      String host = random.nextInt(20) == 0 ? "" : host();
      String path = path();
      int has = random.nextInt(1 << bits);
      assertThat(router.find(host, path, route -> route.isWantedBy(has)))
          .as(() -> "seed %d: %s %s with %d in%n%s".formatted(seed, host, path, has, routes))
          .isEqualTo(naive(routes, host, path, has));
      if (!router.asksMore()) {
        assertThat(router.find(host, path)).isEqualTo(naive(routes, host, path, has));
      }
    }
  }

  private static Route naive(List<Route> routes, String host, String path, int has) {
    for (Route route : routes) {
      boolean hostFits =
          route.hosts().isEmpty() || route.hosts().stream().anyMatch(p -> hostFits(p, host));
      boolean pathFits =
          route.paths().isEmpty() || route.paths().stream().anyMatch(p -> pathFits(p, path));
      if (hostFits && pathFits && route.isWantedBy(has)) {
        return route;
      }
    }
    return NO_ROUTE;
  }

  private static boolean hostFits(String pattern, String host) {
    return pattern.startsWith("*.")
        ? host.endsWith(pattern.substring(1)) && host.length() >= pattern.length()
        : host.equals(pattern);
  }

  private static boolean pathFits(PathPattern pattern, String path) {
    return switch (pattern) {
      case Exact exact -> path.equals(exact.path());
      case Prefix prefix -> path.startsWith(prefix.start());
      case Below below -> path.equals(below.place()) || path.startsWith(below.place() + "/");
    };
  }

  // Few letters and short names, so that patterns overlap and nest.

  private String hostPattern() {
    return random.nextInt(3) == 0 ? "*." + host() : host();
  }

  private String host() {
    int labels = 1 + random.nextInt(4);
    return String.join(
        ".", IntStream.range(0, labels).mapToObj(i -> letters(1 + random.nextInt(2))).toList());
  }

  private PathPattern pathPattern() {
    String text = path();
    return switch (random.nextInt(7)) {
      case 0, 1 -> new Exact(text);
      case 2, 3 -> new Prefix(text);
      default -> new Below(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    };
  }

  private String path() {
    StringBuilder path = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      path.append('/').append(letters(random.nextInt(3)));
    }
    return path.toString();
  }

  private String letters(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append((char) ('a' + random.nextInt(2)));
    }
    return text.toString();
  }

  private <T> List<T> some(int most, Supplier<T> one) {
    return IntStream.range(0, random.nextInt(most + 1)).mapToObj(i -> one.get()).toList();
  }
}
