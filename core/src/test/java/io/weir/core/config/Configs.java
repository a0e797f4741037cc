package io.weir.core.config;

import io.weir.core.config.ListenerConfig.Http;
import io.weir.core.config.ListenerConfig.Mode;
import io.weir.core.config.PoolConfig.BalanceConfig;
import io.weir.core.config.RouteConfig.Forward;
import io.weir.core.config.RouteConfig.Match;
import io.weir.firewall.config.DefaultAction;
import io.weir.firewall.config.FirewallConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.path.PathMode;
import io.weir.tls.CertificatePem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A valid configuration, and small changes to it. */
final class Configs {
  private final Map<String, ListenerConfig> listeners = new LinkedHashMap<>();
  private final Map<String, PoolConfig> pools = new LinkedHashMap<>();
  private FirewallConfig firewall = FirewallConfig.OPEN;
  private List<RouteConfig> routes = List.of();

  private Configs() {}

  /** One listener {@code web}, one pool {@code app}. */
  static Configs valid() {
    return new Configs().listener("web", ":8080", new Http(), null).pool("app", "10.0.0.1:80");
  }

  static ProxyConfig with(List<RouteConfig> routes) {
    return valid().routes(routes).build();
  }

  static RouteConfig route(String pool, String... hosts) {
    return new RouteConfig(null, new Match(Set.of(), List.of(hosts), List.of()), new Forward(pool));
  }

  Configs listener(String name, String bind, Mode mode, @Nullable ListenerTlsConfig tls) {
    listeners.put(name, new ListenerConfig(List.of(HostPort.parse(bind)), mode, tls));
    return this;
  }

  Configs pool(String name, String... addresses) {
    List<BackendConfig> backends =
        List.of(addresses).stream()
            .map(address -> new BackendConfig(HostPort.parse(address), 1, false))
            .toList();
    pools.put(
        name, new PoolConfig(BalanceConfig.RANDOM, backends, null, KeepAliveConfig.DEFAULTS, null));
    return this;
  }

  Configs rules(RuleConfig... rules) {
    firewall =
        new FirewallConfig(
            new DefaultAction.Allow(), PathMode.COMPATIBLE, List.of(rules), Map.of());
    return this;
  }

  Configs firewall(FirewallConfig firewall) {
    this.firewall = firewall;
    return this;
  }

  Configs routes(List<RouteConfig> routes) {
    this.routes = routes;
    return this;
  }

  ProxyConfig build() {
    return new ProxyConfig(
        RuntimeConfig.DEFAULTS,
        LimitsConfig.DEFAULTS,
        TimeoutConfig.DEFAULTS,
        ClientAddressConfig.DEFAULTS,
        TracingConfig.DEFAULTS,
        ErrorPagesConfig.NONE,
        listeners,
        TlsConfig.DEFAULTS,
        Map.of("shop", new CertificatePem("", "")),
        firewall,
        pools,
        routes);
  }
}
