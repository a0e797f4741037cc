package io.weir.daemon.config;

import io.weir.core.config.Address;
import io.weir.core.config.BackendConfig;
import io.weir.core.config.HostPort;
import io.weir.core.config.HttpProtocol;
import io.weir.core.config.KeepAliveConfig;
import io.weir.core.config.PoolConfig;
import io.weir.core.config.PoolConfig.BalanceConfig;
import io.weir.core.config.PoolConfig.ProxyProtocolConfig;
import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code pools:}. */
final class PoolsSection {
  private static final Keys KEYS =
      Keys.of("balance", "backends", "health", "keep_alive", "protocol", "proxy_protocol", "tls")
          .later("eject", "slow_start", "sticky", "retry", "queue");
  private static final Keys BACKEND = Keys.of("address", "weight", "backup").later("max_requests");
  private static final Keys KEEP_ALIVE = Keys.of("idle", "per_worker");

  private static final BackendConfig NOWHERE =
      new BackendConfig(new HostPort("0.0.0.0", 1), 1, false);

  private PoolsSection() {}

  static Map<String, PoolConfig> read(@Nullable Node node) {
    Map<String, PoolConfig> pools = new LinkedHashMap<>();
    if (node != null) {
      node.named().forEach((name, pool) -> pools.put(name, pool(pool.fields(KEYS))));
    }
    return pools;
  }

  private static PoolConfig pool(Fields pool) {
    BalanceConfig balance = balance(pool.get("balance"));
    Node backendsNode = pool.require("backends", "a list of host:port or unix:/path");
    List<BackendConfig> backends = backendsNode == null ? List.of(NOWHERE) : backends(backendsNode);
    Node health = pool.get("health");
    Node tls = pool.get("tls");
    KeepAliveConfig keepAlive = keepAlive(pool.get("keep_alive"));
    Node protocolNode = pool.get("protocol");
    HttpProtocol protocol = protocolNode == null ? HttpProtocol.HTTP_1_1 : protocol(protocolNode);
    ProxyProtocolConfig proxyProtocol = proxyProtocol(pool.get("proxy_protocol"));
    return pool.build(
        () ->
            new PoolConfig(
                balance,
                backends,
                health == null ? null : HealthSection.read(health),
                keepAlive,
                protocol,
                proxyProtocol,
                tls == null ? null : UpstreamTlsSection.read(tls)),
        new PoolConfig(balance, List.of(NOWHERE), null, keepAlive, null));
  }

  private static HttpProtocol protocol(Node node) {
    return node.parsed(HttpProtocol::parse, "http/1.1 | h2 | h2c", HttpProtocol.HTTP_1_1);
  }

  private static @Nullable ProxyProtocolConfig proxyProtocol(@Nullable Node node) {
    return node == null ? null : node.word(ProxyProtocolConfig.class, ProxyProtocolConfig.V2);
  }

  private static BalanceConfig balance(@Nullable Node node) {
    if (node == null) {
      return BalanceConfig.ROUND_ROBIN;
    }
    if (node.is("hash") || node.isMap()) {
      node.error("balance: hash: not supported by this version", null);
      return BalanceConfig.ROUND_ROBIN;
    }
    return node.word(BalanceConfig.class, BalanceConfig.ROUND_ROBIN);
  }

  private static List<BackendConfig> backends(Node node) {
    if (node.isMap()) {
      node.error("backends: from DNS: not supported by this version", "list the addresses");
      return List.of(NOWHERE);
    }
    List<BackendConfig> backends = new ArrayList<>();
    node.list().forEach(item -> backends.add(item.isMap() ? detailed(item) : plain(item)));
    return backends;
  }

  private static BackendConfig plain(Node node) {
    return node.parsed(
        text -> new BackendConfig(Address.parse(text), 1, false),
        "host:port or unix:/path, or a map with address",
        NOWHERE);
  }

  private static BackendConfig detailed(Node node) {
    Fields backend = node.fields(BACKEND);
    Node addressNode = backend.require("address", "host:port or unix:/path");
    BackendConfig plain = addressNode == null ? NOWHERE : plain(addressNode);
    return backend.build(
        () ->
            new BackendConfig(
                plain.address(), backend.number("weight", 1), backend.bool("backup", false)),
        plain);
  }

  private static KeepAliveConfig keepAlive(@Nullable Node node) {
    KeepAliveConfig usual = KeepAliveConfig.DEFAULTS;
    if (node == null) {
      return usual;
    }
    Fields keepAlive = node.fields(KEEP_ALIVE);
    return keepAlive.build(
        () ->
            new KeepAliveConfig(
                keepAlive.duration("idle", usual.idle()),
                keepAlive.number("per_worker", usual.perWorker())),
        usual);
  }
}
