package io.weir.core.config;

import io.weir.core.config.ListenerTlsConfig.MinVersion;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.StringPattern;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/** Finds matches that ask for a version of HTTP or TLS which none of their listeners speaks. */
final class UnspokenProtocols {
  private final Map<String, ListenerConfig> listeners;
  private final List<ConfigError> found = new ArrayList<>();

  private UnspokenProtocols(Map<String, ListenerConfig> listeners) {
    this.listeners = listeners;
  }

  static List<ConfigError> in(ProxyConfig config) {
    UnspokenProtocols finder = new UnspokenProtocols(config.listeners());
    List<RuleConfig> rules = config.firewall().rules();
    for (int i = 0; i < rules.size(); i++) {
      finder.found.addAll(
          finder.unmet(
              rules.get(i).match(),
              "firewall.rules[" + i + "].match",
              config.listeners().keySet()));
    }
    for (int i = 0; i < config.routes().size(); i++) {
      RouteConfig.Match match = config.routes().get(i).match();
      Set<String> at =
          match.listeners().isEmpty() ? config.listeners().keySet() : match.listeners();
      MatchConfig all = new MatchConfig.All(match.conditions());
      finder.found.addAll(finder.unmet(all, "routes[" + i + "].match", at));
    }
    return finder.found;
  }

  /**
   * Why the match can never hold at these listeners; nothing if it may: of {@code not} that is not
   * asked, since a file may be meant for listeners of several kinds.
   */
  private List<ConfigError> unmet(MatchConfig match, String path, Collection<String> at) {
    return switch (match) {
      case MatchConfig.All(var parts) -> {
        List<String> narrowed = narrow(parts, at);
        yield parts.stream().flatMap(part -> unmet(part, path, narrowed).stream()).toList();
      }
      case MatchConfig.Any(var parts) -> {
        List<ConfigError> all = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
          List<ConfigError> one = unmet(parts.get(i), path + ".any[" + i + "]", at);
          if (one.isEmpty()) {
            yield List.of();
          }
          all.addAll(one);
        }
        yield all;
      }
      case MatchConfig.Protocol(var names) ->
          unmet(
              at,
              listener -> names.stream().anyMatch(name -> speaks(listener, name)),
              path + ".protocol",
              "protocol: " + String.join(", ", names));
      case MatchConfig.TlsVersion(var versions) ->
          unmet(
              at,
              listener -> versions.stream().anyMatch(version -> encrypts(listener, version)),
              path + ".tls.version",
              "tls.version: " + String.join(", ", versions));
      case MatchConfig.ServerName(var patterns) when !asksForAbsence(patterns) ->
          unmet(at, UnspokenProtocols::readsHello, path + ".tls.sni", "tls.sni");
      case MatchConfig.Ja4(var patterns) when !asksForAbsence(patterns) ->
          unmet(at, UnspokenProtocols::readsHello, path + ".tls.ja4", "tls.ja4");
      case MatchConfig.ClientSubject(var patterns) when !asksForAbsence(patterns) ->
          unmet(
              at,
              UnspokenProtocols::asksForCertificates,
              path + ".tls.client_subject",
              "tls.client_subject");
      default -> List.of();
    };
  }

  private static List<String> narrow(List<MatchConfig> parts, Collection<String> at) {
    List<String> narrowed = new ArrayList<>(at);
    for (MatchConfig part : parts) {
      if (part instanceof MatchConfig.Listener(var names)) {
        narrowed.retainAll(names);
      }
    }
    return narrowed;
  }

  /** Where none is known, names dangle or exclude each other: that is said elsewhere. */
  private List<ConfigError> unmet(
      Collection<String> at, Predicate<ListenerConfig> meets, String path, String condition) {
    List<ListenerConfig> known = at.stream().map(listeners::get).filter(Objects::nonNull).toList();
    if (known.isEmpty() || known.stream().anyMatch(meets)) {
      return List.of();
    }
    String whose =
        at.size() == 1 ? "listener \"" + at.iterator().next() + '"' : "any listener it applies to";
    return List.of(
        new ConfigError(
            path,
            condition + " never holds: no connection of " + whose + " can be like that",
            "protocols and tls of the listener say what it speaks"));
  }

  private static boolean speaks(ListenerConfig listener, String name) {
    return name.equals("h2")
        ? listener.protocols().contains(HttpProtocol.H2)
            || listener.protocols().contains(HttpProtocol.H2C)
        : listener.protocols().contains(HttpProtocol.HTTP_1_1);
  }

  private static boolean encrypts(ListenerConfig listener, String version) {
    ListenerTlsConfig tls = listener.tls();
    return tls != null && (version.equals("1.3") || tls.minVersion() == MinVersion.TLS_1_2);
  }

  private static boolean readsHello(ListenerConfig listener) {
    return listener.tls() != null || listener.mode() instanceof ListenerConfig.RelayByServerName;
  }

  private static boolean asksForCertificates(ListenerConfig listener) {
    ListenerTlsConfig tls = listener.tls();
    return tls != null && tls.clientAuth() != null;
  }

  private static boolean asksForAbsence(List<StringPattern> patterns) {
    return patterns.contains(new StringPattern.Present(false));
  }
}
