package io.weir.core.config;

import io.weir.core.config.RouteConfig.Match;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.StringPattern;
import java.util.List;
import java.util.Set;

/** Whether a route takes everything that a later one asks for. */
final class RouteReach {
  private RouteReach() {}

  /** True only where it is certain; several routes that together leave nothing are not seen. */
  static boolean covers(Match first, Match second) {
    return coversListeners(first.listeners(), second.listeners())
        && coversHosts(first.hosts(), second.hosts())
        && coversPaths(first.paths(), second.paths())
        && first.conditions().stream().allMatch(one -> isImplied(one, second.conditions()));
  }

  /** Whether one of the conditions, all of which hold, says as much. */
  private static boolean isImplied(MatchConfig condition, List<MatchConfig> held) {
    return held.stream()
        .anyMatch(one ->
            one.equals(condition)
                || (condition instanceof MatchConfig.Method(var wide)
                    && one instanceof MatchConfig.Method(var narrow)
                    && wide.containsAll(narrow)));
  }

  private static boolean coversListeners(Set<String> first, Set<String> second) {
    return first.isEmpty() || (!second.isEmpty() && first.containsAll(second));
  }

  private static boolean coversHosts(List<String> first, List<String> second) {
    return first.isEmpty()
        || (!second.isEmpty()
            && second.stream()
                .allMatch(host -> first.stream().anyMatch(any -> HostPattern.covers(any, host))));
  }

  private static boolean coversPaths(List<StringPattern> first, List<StringPattern> second) {
    return first.isEmpty()
        || (!second.isEmpty()
            && second.stream()
                .allMatch(path -> first.stream().anyMatch(any -> coversPath(any, path))));
  }

  private static boolean coversPath(StringPattern first, StringPattern second) {
    return switch (first) {
      case StringPattern.Prefix prefix -> shortest(second).startsWith(prefix.text());
      case StringPattern.Below below ->
          second instanceof StringPattern.Prefix prefix
              ? prefix.text().startsWith(below.path() + "/")
              : (shortest(second) + "/").startsWith(below.path() + "/");
      default -> first.equals(second);
    };
  }

  /** The shortest path that matches; all others begin with it. */
  private static String shortest(StringPattern pattern) {
    return switch (pattern) {
      case StringPattern.Prefix prefix -> prefix.text();
      case StringPattern.Below below -> below.path();
      case StringPattern.Exact exact -> exact.text();
      default -> "";
    };
  }
}
