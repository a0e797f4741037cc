package io.weir.core.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The narrowest scope that applies to a host. */
final class HostTable {
  static final String WILDCARD = "*.";

  private final Map<String, Scope> exact;
  private final SuffixTable wildcards;
  private final Scope any;

  HostTable(Map<String, PathTrie> patterns, PathTrie anyHost) {
    this.any = new Scope(anyHost, null);
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
      wildcards.put(suffix, new Scope(entry.getValue(), wildcard(suffix)));
    }
    patterns.forEach((pattern, paths) -> {
      if (!pattern.startsWith(WILDCARD)) {
        exact.put(pattern, new Scope(paths, wildcard(pattern)));
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
}
