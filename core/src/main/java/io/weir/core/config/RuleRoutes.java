package io.weir.core.config;

import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.problem.NearestName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Checks the names of routes that rules ask for. */
final class RuleRoutes {
  private final Set<String> known = new LinkedHashSet<>();
  private final List<ConfigError> errors = new ArrayList<>();

  private RuleRoutes(ProxyConfig config) {
    config.routes().forEach(route -> known.add(route.label()));
  }

  static List<ConfigError> check(ProxyConfig config) {
    RuleRoutes checker = new RuleRoutes(config);
    List<RuleConfig> rules = config.firewall().rules();
    for (int i = 0; i < rules.size(); i++) {
      checker.check(rules.get(i).match(), "firewall.rules[" + i + "].match");
    }
    return checker.errors;
  }

  private void check(MatchConfig match, String path) {
    switch (match) {
      case MatchConfig.All(var parts) -> parts.forEach(part -> check(part, path));
      case MatchConfig.Any(var parts) -> {
        for (int i = 0; i < parts.size(); i++) {
          check(parts.get(i), path + ".any[" + i + "]");
        }
      }
      case MatchConfig.Not(var part) -> check(part, path + ".not");
      case MatchConfig.Route(var names) -> {
        for (String name : names) {
          if (!known.contains(name)) {
            errors.add(
                new ConfigError(
                    path + ".route",
                    "there is no route \"" + name + '"',
                    NearestName.hint(name, known)));
          }
        }
      }
      default -> {}
    }
  }
}
