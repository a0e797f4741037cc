package io.weir.core.route;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds the first route, in the order of the file, that matches a host and a path.
 *
 * <p>Immutable; a lookup allocates nothing.
 *
 * @param <R> what the caller calls a route
 */
public final class Router<R> {
  /*
   * Every host pattern of the file is a scope: the paths of its routes in one trie, and a link to
   * the next wider scope that applies to the same hosts:
   *
   *   api.foobar.com -> *.foobar.com -> any host
   *
   * A lookup finds the narrowest scope of a host with one probe, or one for each label, and walks
   * the links. Each trie gives the lowest route number that matches the path, and is left as soon as
   * it can no longer beat the number found so far. That the numbers follow the file is what makes
   * "first match wins" a minimum.
   *
   * Some routes ask more than host and path. These are asked in the order of their numbers, and
   * where one does not match after all, the lookup goes on above its number.
   *
   * Scopes are linked rather than merged into one trie for each host: 10,000 hosts that share 1,000
   * routes without a host would otherwise need ten million entries. Patterns with the very same
   * routes share one trie for the same reason.
   */

  private final List<R> routes; // by number; the fallback is the last
  private final HostTable hosts;
  private final boolean[] asksMore; // by number
  private final boolean anyAsksMore;

  private Router(List<R> routes, HostTable hosts, boolean[] asksMore, boolean anyAsksMore) {
    this.routes = routes;
    this.hosts = hosts;
    this.asksMore = asksMore;
    this.anyAsksMore = anyAsksMore;
  }

  /** What routes ask beyond host and path. */
  @FunctionalInterface
  public interface Rest<R> {
    /** Whether all of it holds; asked only of routes that ask more. */
    boolean holds(R route);
  }

  public static <R> Builder<R> builder() {
    return new Builder<>();
  }

  /** Whether {@link #find(String, String)} is not enough. */
  public boolean asksMore() {
    return anyAsksMore;
  }

  /**
   * The first route whose host and path match, or the fallback.
   *
   * @param host lower case, without port and trailing dot; empty if the request names none
   * @param path canonical, without the query
   */
  public R find(String host, String path) {
    return routes.get(first(hosts.narrowest(host), path, -1));
  }

  /** The first route that matches in all that it asks, or the fallback. */
  public R find(String host, String path, Rest<R> rest) {
    Scope narrowest = hosts.narrowest(host);
    int found = first(narrowest, path, -1);
    while (asksMore[found] && !rest.holds(routes.get(found))) {
      found = first(narrowest, path, found);
    }
    return routes.get(found);
  }

  private int first(Scope narrowest, String path, int after) {
    int first = routes.size() - 1;
    for (Scope scope = narrowest; scope != null; scope = scope.wider()) {
      first = scope.paths().first(path, after, first);
    }
    return first;
  }

  /** Takes routes in the order of the file. */
  public static final class Builder<R> {
    private final List<R> routes = new ArrayList<>();
    private final List<List<PathPattern>> paths = new ArrayList<>();
    private final BitSet asksMore = new BitSet();
    private final List<Integer> anyHost = new ArrayList<>();
    private final Map<String, List<Integer>> hosts = new TreeMap<>();

    private Builder() {}

    /** Adds a route after those added before, which asks nothing else. */
    public Builder<R> route(List<String> hosts, List<PathPattern> paths, R route) {
      return route(hosts, paths, false, route);
    }

    /**
     * Adds a route after those added before.
     *
     * @param hosts lower case; exact, or {@code *.} and a suffix for any name below it; empty for
     *     every host
     * @param paths empty for every path
     * @param asksMore whether its {@link Rest} is to be asked
     */
    public Builder<R> route(
        List<String> hosts, List<PathPattern> paths, boolean asksMore, R route) {
      int number = routes.size();
      this.asksMore.set(number, asksMore);
      routes.add(route);
      this.paths.add(List.copyOf(paths));
      if (hosts.isEmpty()) {
        anyHost.add(number);
      }
      for (String host : hosts) {
        this.hosts.computeIfAbsent(checked(host), h -> new ArrayList<>()).add(number);
      }
      return this;
    }

    /** Compiles what was added; {@code fallback} is for requests that no route matches. */
    public Router<R> build(R fallback) {
      Map<List<Integer>, PathTrie> shared = new HashMap<>();
      Map<String, PathTrie> tries = new TreeMap<>();
      hosts.forEach((host, numbers) -> tries.put(host, trie(numbers, shared)));
      HostTable table = new HostTable(tries, trie(anyHost, shared));
      List<R> all = new ArrayList<>(routes);
      all.add(fallback);
      boolean[] flags = new boolean[all.size()];
      asksMore.stream().forEach(number -> flags[number] = true);
      return new Router<>(List.copyOf(all), table, flags, !asksMore.isEmpty());
    }

    private PathTrie trie(List<Integer> numbers, Map<List<Integer>, PathTrie> shared) {
      return shared.computeIfAbsent(
          numbers,
          key -> {
            PathTrie.Builder trie = new PathTrie.Builder();
            for (int number : key) {
              trie.add(number, paths.get(number), asksMore.get(number));
            }
            return trie.build();
          });
    }

    private static String checked(String host) {
      String name = host.startsWith(HostTable.WILDCARD) ? host.substring(2) : host;
      boolean lower = name.chars().noneMatch(c -> c >= 'A' && c <= 'Z');
      if (name.isEmpty() || name.startsWith(".") || name.indexOf('*') >= 0 || !lower) {
        throw new IllegalArgumentException(
            "host: \"" + host + "\" (expected: a lower-case name, or *. and a name)");
      }
      return host;
    }
  }
}
