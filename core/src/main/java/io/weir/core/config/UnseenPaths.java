package io.weir.core.config;

import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.StringPattern;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.text.UnseenPath;
import java.util.ArrayList;
import java.util.List;

/** Finds patterns of rules and routes that no path matches, the way paths are read here. */
final class UnseenPaths {
  private final PathMode mode;
  private final List<ConfigError> found = new ArrayList<>();
  private boolean keepsSlash; // one of the routes concerned

  private UnseenPaths(PathMode mode) {
    this.mode = mode;
  }

  static List<ConfigError> in(ProxyConfig config) {
    UnseenPaths finder = new UnseenPaths(config.firewall().pathMode());
    finder.keepsSlash = config.routes().stream().anyMatch(RouteConfig::keepsEncodedSlash);
    List<RuleConfig> rules = config.firewall().rules();
    for (int i = 0; i < rules.size(); i++) {
      finder.look(rules.get(i).match(), "firewall.rules[" + i + "].match", UnseenPath.Reader.RULE);
    }
    for (int i = 0; i < config.routes().size(); i++) {
      finder.keepsSlash = config.routes().get(i).keepsEncodedSlash();
      RouteConfig.Match match = config.routes().get(i).match();
      String path = "routes[" + i + "].match";
      finder.look(match.paths(), path + ".path", UnseenPath.Reader.ROUTE);
      match.conditions().forEach(part -> finder.look(part, path, UnseenPath.Reader.ROUTE));
    }
    return finder.found;
  }

  private void look(MatchConfig match, String path, UnseenPath.Reader reader) {
    switch (match) {
      case MatchConfig.All(var parts) -> parts.forEach(part -> look(part, path, reader));
      case MatchConfig.Any(var parts) -> {
        for (int i = 0; i < parts.size(); i++) {
          look(parts.get(i), path + ".any[" + i + "]", reader);
        }
      }
      case MatchConfig.Not(var part) -> look(part, path + ".not", reader);
      case MatchConfig.Path(var patterns) -> look(patterns, path + ".path", reader);
      default -> {}
    }
  }

  private void look(List<StringPattern> patterns, String path, UnseenPath.Reader reader) {
    for (int i = 0; i < patterns.size(); i++) {
      UnseenPath unseen = UnseenPath.of(patterns.get(i), mode, reader, keepsSlash);
      if (unseen != null) {
        found.add(
            new ConfigError(
                patterns.size() == 1 ? path : path + "[" + i + "]",
                "this path never matches: " + unseen.because(),
                unseen.hint()));
      }
    }
  }
}
