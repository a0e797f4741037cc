package io.weir.core.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The narrowest scope that applies to a host. */
final class HostTable {
  static final String WILDCARD = "*.";

  private final Map<String, Scope> exact;
  private final SuffixTable wildcards;
  private final Scope any;

  HostTable(Map<String, PathTrie> patterns, PathTrie anyHost) {
    this.any = new Scope("", anyHost, null);
    this.exact = new HashMap<>();
    List<Map.Entry<String, PathTrie>> suffixes = new ArrayList<>();
    for (Map.Entry<String, PathTrie> entry : patterns.entrySet()) {
      if (entry.getKey().startsWith(WILDCARD)) {
        suffixes.add(entry);
      }
    }
    // Short suffixes first, so that each finds the next wider one already there.
    suffixes.sort(Comparator.comparingInt(entry -> entry.getKey().length()));
    this.wildcards = new SuffixTable(suffixes.size());
    for (Map.Entry<String, PathTrie> entry : suffixes) {
      String suffix = entry.getKey().substring(WILDCARD.length());
      wildcards.put(suffix, new Scope(entry.getKey(), entry.getValue(), wildcard(suffix)));
    }
    patterns.forEach((pattern, paths) -> {
      if (!pattern.startsWith(WILDCARD)) {
        exact.put(pattern, new Scope(pattern, paths, wildcard(pattern)));
      }
    });
  }

  Scope narrowest(String host) {
    Scope scope = exact.get(host);
    return scope != null ? scope : wildcard(host);
  }

  private Scope wildcard(String host) {
    Scope scope = wildcards.longest(host);
    return scope != null ? scope : any;
  }

  void dump(List<?> routes, StringBuilder out) {
    Stream.of(exact.values(), wildcards.scopes())
        .flatMap(scopes -> scopes.stream().sorted(Comparator.comparing(Scope::pattern)))
        .forEach(scope -> dump(scope, routes, out));
    dump(any, routes, out);
  }

  private static void dump(Scope scope, List<?> routes, StringBuilder out) {
    out.append(name(scope));
    Scope wider = scope.wider();
    if (wider != null) {
      out.append(", then ").append(name(wider));
    }
    out.append('\n');
    scope.paths().dump(routes, out);
  }

  private static String name(Scope scope) {
    return scope.pattern().isEmpty() ? "any host" : scope.pattern();
  }
}
