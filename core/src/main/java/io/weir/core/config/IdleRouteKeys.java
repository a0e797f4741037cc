package io.weir.core.config;

import io.weir.core.config.EditsConfig.Headers;
import io.weir.core.config.RouteConfig.Forward;
import io.weir.core.config.RouteConfig.Redirect;
import io.weir.core.config.RouteConfig.Respond;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.StringPattern;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.path.PathText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds keys of routes that change nothing, beside what else their route says. */
final class IdleRouteKeys {
  /** In the spelling in which paths are matched and edited alike, whatever the mode. */
  private static final Pattern PLAIN = Pattern.compile("(?:/(?!\\.)[A-Za-z0-9._~-]+)+/?");

  private final List<ConfigError> found = new ArrayList<>();

  private IdleRouteKeys() {}

  static List<ConfigError> in(ProxyConfig config) {
    IdleRouteKeys finder = new IdleRouteKeys();
    for (int i = 0; i < config.routes().size(); i++) {
      RouteConfig route = config.routes().get(i);
      String path = "routes[" + i + "]";
      if (route.action() instanceof Forward) {
        finder.checkStripped(route, path, config.firewall().pathMode());
      } else {
        finder.checkAnswering(route, path);
      }
    }
    return finder.found;
  }

  private void checkAnswering(RouteConfig route, String path) {
    EditsConfig edits = route.edits();
    if (!edits.request().equals(Headers.NONE)) {
      idle(path, "request_headers", "this route sends nothing to a backend");
    }
    if (route.timeouts().response() != null) {
      idle(path, "timeouts.response", "this route waits for no backend");
    }
    if (!saysPath(route)) {
      String because = "this route sends nothing to a backend, and says {path} or {uri} nowhere";
      if (!edits.stripPrefix().isEmpty()) {
        idle(path, "strip_prefix", because);
      }
      if (edits.rewrite() != null) {
        idle(path, "rewrite", because);
      }
    }
  }

  /** Whether the answer says the path as it became. */
  private static boolean saysPath(RouteConfig route) {
    Stream<String> own =
        switch (route.action()) {
          case Redirect redirect -> Stream.of(redirect.to());
          case Respond respond -> respond.headers().values().stream();
          case Forward _ -> Stream.empty();
        };
    Headers headers = route.edits().response();
    Stream<String> edited =
        Stream.concat(
            headers.set().values().stream(),
            headers.add().values().stream().flatMap(Collection::stream));
    return Stream.concat(own, edited)
        .anyMatch(value -> value.contains("{path}") || value.contains("{uri}"));
  }

  private void checkStripped(RouteConfig route, String path, PathMode mode) {
    String stripped = route.edits().stripPrefix();
    if (!PLAIN.matcher(stripped).matches()) {
      return;
    }
    String prefix =
        stripped.endsWith("/") ? stripped.substring(0, stripped.length() - 1) : stripped;
    Stream<List<StringPattern>> asked =
        Stream.concat(
            Stream.of(route.match().paths()),
            route.match().conditions().stream()
                .map(condition ->
                    condition instanceof MatchConfig.Path(var patterns) ? patterns : List.of()));
    if (asked.anyMatch(
        patterns ->
            !patterns.isEmpty()
                && patterns.stream().noneMatch(pattern -> mayHave(pattern, prefix, mode)))) {
      found.add(
          new ConfigError(
              path + ".strip_prefix",
              "strip_prefix: \""
                  + stripped
                  + "\" changes nothing: no path that this route takes is it or lies below it",
              "paths are matched as they came, before anything is taken away"));
    }
  }

  /** Whether a path that matches may be the prefix or lie below it; true where that is not sure. */
  private static boolean mayHave(StringPattern pattern, String prefix, PathMode mode) {
    return switch (pattern) {
      case StringPattern.Exact(String text) -> isBelow(PathText.pattern(text, mode), prefix);
      case StringPattern.Below(String text) -> {
        String path = PathText.pattern(text, mode);
        yield isBelow(path, prefix) || isBelow(prefix, path);
      }
      case StringPattern.Prefix(String text) -> {
        String begin = PathText.pattern(text, mode);
        yield prefix.startsWith(begin) || begin.startsWith(prefix + "/");
      }
      default -> true;
    };
  }

  private static boolean isBelow(String path, String other) {
    return path.equals(other) || path.startsWith(other + "/");
  }

  private void idle(String path, String key, String because) {
    found.add(new ConfigError(path + "." + key, key + " changes nothing: " + because));
  }
}
