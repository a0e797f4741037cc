package io.weir.core.route;

import java.util.ArrayList;
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
   * Scopes are linked rather than merged into one trie for each host: 10,000 hosts that share 1,000
   * routes without a host would otherwise need ten million entries. Patterns with the very same
   * routes share one trie for the same reason.
   */

  private final List<R> routes; // by number; the fallback is the last
  private final HostTable hosts;

  private Router(List<R> routes, HostTable hosts) {
    this.routes = routes;
    this.hosts = hosts;
  }

  public static <R> Builder<R> builder() {
    return new Builder<>();
  }

  /**
   * The first route that matches, or the fallback.
   *
   * @param host lower case, without port and trailing dot; empty if the request names none
   * @param path canonical, without the query
   */
  public R find(String host, String path) {
    int first = routes.size() - 1;
    for (Scope scope = hosts.narrowest(host); scope != null; scope = scope.wider()) {
      first = scope.paths().first(path, first);
    }
    return routes.get(first);
  }

  /** The compiled table for humans: every scope, its tries indented, and the routes by name. */
  public String dump() {
    StringBuilder out = new StringBuilder();
    hosts.dump(routes, out);
    return out.append("otherwise ").append(routes.getLast()).append('\n').toString();
  }

  /** Takes routes in the order of the file. */
  public static final class Builder<R> {
    private final List<R> routes = new ArrayList<>();
    private final List<List<PathPattern>> paths = new ArrayList<>();
    private final List<Integer> anyHost = new ArrayList<>();
    private final Map<String, List<Integer>> hosts = new TreeMap<>();

    private Builder() {}

    /**
     * Adds a route after those added before.
     *
     * @param hosts lower case; exact, or {@code *.} and a suffix for any name below it; empty for
     *     every host
     * @param paths empty for every path
     */
    public Builder<R> route(List<String> hosts, List<PathPattern> paths, R route) {
      int number = routes.size();
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
      return new Router<>(List.copyOf(all), table);
    }

    private PathTrie trie(List<Integer> numbers, Map<List<Integer>, PathTrie> shared) {
      return shared.computeIfAbsent(
          numbers,
          key -> {
            PathTrie.Builder trie = new PathTrie.Builder();
            for (int number : key) {
              trie.add(number, paths.get(number));
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
