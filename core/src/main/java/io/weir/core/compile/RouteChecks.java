package io.weir.core.compile;

import io.weir.core.config.ConfigError;
import io.weir.core.config.Findings;
import io.weir.core.config.ProxyConfig;
import io.weir.core.config.RouteConfig;
import io.weir.firewall.RequestMatches;
import io.weir.firewall.config.MatchConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds what is wrong with routes and shows only when they are compiled. */
public final class RouteChecks {
  private RouteChecks() {}

  /** Expressions, lists, placeholders and fields of all routes. */
  public static Findings check(ProxyConfig config) {
    List<ConfigError> errors = new ArrayList<>();
    matches(config)
        .problems()
        .forEach(problem ->
            errors.add(new ConfigError(problem.path(), problem.message(), problem.hint())));
    return new Findings(errors, List.of()).and(EditCompiler.check(config));
  }

  /** What routes ask beyond host and path, numbered in the order of the routes that do. */
  static RequestMatches.Result matches(ProxyConfig config) {
    Map<String, MatchConfig> matches = new LinkedHashMap<>();
    for (int i = 0; i < config.routes().size(); i++) {
      RouteConfig.Match match = config.routes().get(i).match();
      if (!match.conditions().isEmpty()) {
        matches.put("routes[" + i + "].match", new MatchConfig.All(match.conditions()));
      }
    }
    return RequestMatches.compile(config.firewall(), config.listeners().keySet(), matches);
  }

  /** Whether a route of that listener asks for the JA4 of clients, so that it has to be found. */
  static boolean readsJa4(ProxyConfig config, String listener) {
    return config.routes().stream()
        .map(RouteConfig::match)
        .filter(match -> match.listeners().isEmpty() || match.listeners().contains(listener))
        .anyMatch(match -> match.conditions().stream().anyMatch(RouteChecks::readsJa4));
  }

  private static boolean readsJa4(MatchConfig match) {
    return switch (match) {
      case MatchConfig.All(var parts) -> parts.stream().anyMatch(RouteChecks::readsJa4);
      case MatchConfig.Any(var parts) -> parts.stream().anyMatch(RouteChecks::readsJa4);
      case MatchConfig.Not(var part) -> readsJa4(part);
      case MatchConfig.Ja4 ignored -> true;
      default -> false;
    };
  }
}
