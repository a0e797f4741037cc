package io.weir.core.config;

import io.weir.core.config.RouteConfig.Redirect;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.RuleConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds redirects to a bare word. Clients read it as a page beside the one that they asked for (RFC
 * 3986 section 5.2), so where {@code login} leads depends on where they are; who means that can
 * write {@code ./login}.
 */
final class RelativeRedirects {
  /** No path, no query, no fragment, no placeholder, no scheme, and no dots that say how it is. */
  private static final Pattern WORD = Pattern.compile("(?![A-Za-z][A-Za-z0-9+.-]*:)[^/?#{.].*");

  private final List<ConfigError> found = new ArrayList<>();

  private RelativeRedirects() {}

  static List<ConfigError> in(ProxyConfig config) {
    RelativeRedirects finder = new RelativeRedirects();
    List<RuleConfig> rules = config.firewall().rules();
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).action() instanceof ActionConfig.Redirect redirect) {
        finder.look(redirect.to(), "firewall.rules[" + i + "].action.redirect.to");
      }
    }
    for (int i = 0; i < config.routes().size(); i++) {
      if (config.routes().get(i).action() instanceof Redirect redirect) {
        finder.look(redirect.to(), "routes[" + i + "].redirect.to");
      }
    }
    return finder.found;
  }

  private void look(String to, String path) {
    if (WORD.matcher(to).matches()) {
      found.add(
          new ConfigError(
              path,
              "\"%s\" leads to a page beside the one that was asked for: from /a/b to /a/%s"
                  .formatted(to, to),
              "write /%s, or https://%s if it is a host; ./%s if it is meant so"
                  .formatted(to, to, to)));
    }
  }
}
