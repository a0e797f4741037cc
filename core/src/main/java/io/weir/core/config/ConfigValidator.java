package io.weir.core.config;

import io.weir.core.config.ListenerConfig.Http;
import io.weir.core.config.ListenerConfig.Relay;
import io.weir.core.config.ListenerConfig.RelayByServerName;
import io.weir.core.config.RouteConfig.Forward;
import io.weir.core.config.RouteConfig.Match;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.list.ListSource;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.problem.NearestName;
import io.weir.tls.UpstreamTlsConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks what no record can check alone: the names by which parts of a configuration refer to each
 * other, and parts that get in each other's way.
 *
 * <p>What rules refer to is checked by whoever compiles them.
 */
public final class ConfigValidator {
  /** Names are labels of metrics and parts of addresses of the admin API. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final ProxyConfig config;
  private final List<ConfigError> errors = new ArrayList<>();
  private final List<ConfigError> warnings = new ArrayList<>();

  private ConfigValidator(ProxyConfig config) {
    this.config = config;
  }

  /** Everything that is wrong, in the order of the sections. */
  public static Findings validate(ProxyConfig config) {
    ConfigValidator validator = new ConfigValidator(config);
    validator.checkNames();
    validator.checkListeners();
    validator.checkPools();
    validator.checkRoutes();
    validator.errors.addAll(RuleRoutes.check(config));
    validator.warnings.addAll(UnseenPaths.in(config));
    validator.warnings.addAll(UnspokenProtocols.in(config));
    validator.warnings.addAll(IdleRouteKeys.in(config));
    validator.warnings.addAll(RelativeRedirects.in(config));
    validator.checkKeptSlashes();
    return new Findings(validator.errors, validator.warnings);
  }

  private void checkNames() {
    checkNames("listeners", config.listeners().keySet());
    checkNames("certificates", config.certificates().keySet());
    checkNames("lists", listsOfOperators());
    checkNames("pools", config.pools().keySet());
  }

  /** Others are made from databases, and called as no operator can call one. */
  private List<String> listsOfOperators() {
    return config.firewall().lists().entrySet().stream()
        .filter(list -> !(list.getValue().source() instanceof ListSource.Prefixes))
        .map(Map.Entry::getKey)
        .toList();
  }

  private void checkNames(String section, Collection<String> names) {
    for (String name : names) {
      if (!NAME.matcher(name).matches()) {
        error(
            section + "." + name,
            "the name \""
                + name
                + "\" (expected: at most 64 letters, digits, dots, _ or -, of which the first is a"
                + " letter or digit)");
      }
    }
  }

  private void checkListeners() {
    if (config.listeners().isEmpty()) {
      error("listeners", "listeners: none (expected: at least one)");
    }
    errors.addAll(BoundOnce.check(config.listeners()));
    config
        .listeners()
        .forEach((name, listener) -> {
          String path = "listeners." + name;
          checkTls(path, listener);
          checkProxyProtocol(path, listener);
          checkRelay(path, name, listener);
        });
  }

  private void checkTls(String path, ListenerConfig listener) {
    ListenerTlsConfig tls = listener.tls();
    if (tls == null) {
      return;
    }
    for (int i = 0; i < tls.certificates().size(); i++) {
      String item = path + ".tls.certificates[" + i + "]";
      checkReference(
          item, "certificate", tls.certificates().get(i), config.certificates().keySet());
    }
  }

  private void checkProxyProtocol(String path, ListenerConfig listener) {
    if (listener.proxyProtocol() && config.clientAddress().trustedProxies().isEmpty()) {
      error(
          path + ".proxy_protocol",
          "proxy_protocol: true without trusted_proxies (expected: the addresses of the proxies"
              + " that send the header)",
          "from others it is refused, so nobody could connect");
    }
  }

  /** A relay does not encrypt: to such a pool it would send in the clear. */
  private void checkNoTls(String path, String name) {
    PoolConfig pool = config.pools().get(name);
    if (pool != null && pool.tls() != null) {
      error(
          path,
          "pool \""
              + name
              + "\" speaks tls (expected: a pool without tls, since tcp mode relays"
              + " bytes untouched)");
    }
  }

  private void checkRelay(String path, String name, ListenerConfig listener) {
    Set<String> pools = config.pools().keySet();
    switch (listener.mode()) {
      case Relay relay -> {
        checkReference(path + ".pool", "pool", relay.pool(), pools);
        checkNoTls(path + ".pool", relay.pool());
      }
      case RelayByServerName relay ->
          relay
              .pools()
              .forEach((host, pool) -> {
                checkReference(path + ".sni." + host, "pool", pool, pools);
                checkNoTls(path + ".sni." + host, pool);
              });
      default -> {
        return;
      }
    }
    boolean hello = listener.mode() instanceof RelayByServerName;
    List<String> unused =
        config.firewall().rules().stream()
            .filter(rule -> RequestFields.in(rule, hello))
            .filter(rule -> !RequestFields.isOnlyElsewhere(rule.match(), name))
            .map(RuleConfig::name)
            .toList();
    if (!unused.isEmpty()) {
      warnings.add(
          new ConfigError(
              path + ".mode",
              "listener \""
                  + name
                  + "\" relays bytes: rules that look at "
                  + (hello ? "more than address and ClientHello" : "requests")
                  + " do not apply to it",
              "these do not: " + String.join(", ", unused)));
    }
  }

  private void checkPools() {
    config
        .pools()
        .forEach((name, pool) -> {
          Set<Address> seen = new HashSet<>();
          for (int i = 0; i < pool.backends().size(); i++) {
            Address address = pool.backends().get(i).address();
            checkNameForTls(name, i, pool, address);
            if (!seen.add(address)) {
              error(
                  "pools." + name + ".backends[" + i + "]",
                  "backends: \"" + address + "\" again (expected: each address once)");
            }
          }
        });
  }

  /** The file that a socket is says nothing of the names in a certificate. */
  private void checkNameForTls(String name, int index, PoolConfig pool, Address address) {
    if (address instanceof UnixPath && isVerifiedByAddress(pool)) {
      error(
          "pools." + name + ".backends[" + index + "]",
          "backends: \""
              + address
              + "\" with tls (expected: tls.server_name, the name in its certificate)");
    }
  }

  private static boolean isVerifiedByAddress(PoolConfig pool) {
    UpstreamTlsConfig tls = pool.tls();
    boolean byChecks =
        pool.health() != null
            && pool.health().probe() instanceof HealthConfig.Tls(UpstreamTlsConfig own)
            && (own == null ? tls == null : own.serverName() == null);
    return byChecks || (tls != null && tls.serverName() == null);
  }

  private void checkRoutes() {
    Map<String, Integer> names = new HashMap<>();
    List<RouteConfig> routes = config.routes();
    Collection<ListenerConfig> listeners = config.listeners().values();
    if (!routes.isEmpty()
        && !listeners.isEmpty()
        && listeners.stream().noneMatch(ConfigValidator::asksRoutes)) {
      warnings.add(
          new ConfigError(
              "routes",
              "routes change nothing: every listener relays bytes or redirects all requests"));
    }
    for (int i = 0; i < routes.size(); i++) {
      RouteConfig route = routes.get(i);
      String path = "routes[" + i + "]";
      if (route.action() instanceof Forward forward) {
        checkReference(path + ".pool", "pool", forward.pool(), config.pools().keySet());
      }
      if (route.name() != null && names.putIfAbsent(route.name(), i) != null) {
        error(path + ".name", "name: \"" + route.name() + "\" again (expected: each name once)");
      }
      checkRouteListeners(path, route.match());
      checkReach(path, i);
    }
  }

  private void checkRouteListeners(String path, Match match) {
    boolean anyHttp = match.listeners().isEmpty();
    for (String name : match.listeners()) {
      checkReference(path + ".match.listener", "listener", name, config.listeners().keySet());
      ListenerConfig listener = config.listeners().get(name);
      anyHttp |= listener == null || asksRoutes(listener);
    }
    if (!anyHttp) {
      warnings.add(
          new ConfigError(
              path + ".match.listener",
              "this route can never match: its listeners relay bytes or redirect all requests",
              null));
    }
  }

  private void checkKeptSlashes() {
    PathMode mode = config.firewall().pathMode();
    if (mode == PathMode.STRICT || config.firewall().triesStrictPaths()) {
      return;
    }
    for (int i = 0; i < config.routes().size(); i++) {
      if (config.routes().get(i).keepsEncodedSlash()) {
        warnings.add(
            new ConfigError(
                "routes[" + i + "].encoded_slash",
                "encoded_slash: keep changes nothing: with normalize_path: "
                    + mode.label()
                    + " every route takes %2F",
                "it is for normalize_path: strict"));
      }
    }
  }

  private void checkReach(String path, int index) {
    Match match = config.routes().get(index).match();
    for (RouteConfig earlier : config.routes().subList(0, index)) {
      if (match.isEverything() && earlier.match().isEverything()) {
        error(
            path,
            "a second route without match (expected: one in all files)",
            "only one route can take what the others leave");
        return;
      }
      if (RouteReach.covers(earlier.match(), match)) {
        warnings.add(
            new ConfigError(
                path,
                "this route can never match: route \""
                    + earlier.label()
                    + "\" takes all of its requests",
                "the first route that matches wins: put the narrower one first"));
        return;
      }
    }
  }

  private static boolean asksRoutes(ListenerConfig listener) {
    return listener.mode() instanceof Http;
  }

  private void checkReference(String path, String what, String name, Collection<String> known) {
    if (known.contains(name)) {
      return;
    }
    String near = NearestName.hint(name, known);
    String hint =
        near != null ? near : known.isEmpty() ? null : "there is: " + String.join(", ", known);
    error(path, "there is no " + what + " \"" + name + "\"", hint);
  }

  private void error(String path, String message) {
    error(path, message, null);
  }

  private void error(String path, String message, @Nullable String hint) {
    errors.add(new ConfigError(path, message, hint));
  }
}
