package io.weir.core.config;

import io.weir.firewall.config.FirewallConfig;
import io.weir.tls.CertificatePem;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The whole configuration of the data plane, in the order of the file.
 *
 * <p>Maps keep the order in which their keys were written: a listener's index, which the firewall
 * and the metrics use, is its place in {@link #listeners}.
 */
public record ProxyConfig(
    RuntimeConfig runtime,
    LimitsConfig limits,
    TimeoutConfig timeouts,
    ClientAddressConfig clientAddress,
    TracingConfig tracing,
    ErrorPagesConfig errorPages,
    Map<String, ListenerConfig> listeners,
    TlsConfig tls,
    Map<String, CertificatePem> certificates,
    FirewallConfig firewall,
    Map<String, PoolConfig> pools,
    List<RouteConfig> routes) {

  public ProxyConfig {
    listeners = ordered(listeners);
    certificates = ordered(certificates);
    pools = ordered(pools);
    routes = fallbackLast(routes);
  }

  /** The same with another firewall. */
  public ProxyConfig withFirewall(FirewallConfig other) {
    return new ProxyConfig(
        runtime,
        limits,
        timeouts,
        clientAddress,
        tracing,
        errorPages,
        listeners,
        tls,
        certificates,
        other,
        pools,
        routes);
  }

  /** A route without a match is tried last wherever it was written. */
  private static List<RouteConfig> fallbackLast(List<RouteConfig> routes) {
    return Stream.concat(
            routes.stream().filter(route -> !route.match().isEverything()),
            routes.stream().filter(route -> route.match().isEverything()))
        .toList();
  }

  private static <V> Map<String, V> ordered(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
