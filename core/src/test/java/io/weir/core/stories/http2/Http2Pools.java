package io.weir.core.stories.http2;

import io.weir.core.config.BackendConfig;
import io.weir.core.config.HealthConfig;
import io.weir.core.config.HttpProtocol;
import io.weir.core.config.KeepAliveConfig;
import io.weir.core.config.PoolConfig;
import io.weir.core.config.PoolConfig.BalanceConfig;
import io.weir.core.testkit.ProxySetup;
import io.weir.tls.UpstreamTlsConfig;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Pools whose backends speak HTTP/2. */
final class Http2Pools {
  private Http2Pools() {}

  static PoolConfig h2c(@Nullable HealthConfig health, InetSocketAddress... addresses) {
    return pool(health, HttpProtocol.H2C, null, addresses);
  }

  static PoolConfig h2(
      @Nullable HealthConfig health, UpstreamTlsConfig tls, InetSocketAddress... addresses) {
    return pool(health, HttpProtocol.H2, tls, addresses);
  }

  private static PoolConfig pool(
      @Nullable HealthConfig health,
      HttpProtocol protocol,
      @Nullable UpstreamTlsConfig tls,
      InetSocketAddress... addresses) {
    return new PoolConfig(
        BalanceConfig.ROUND_ROBIN,
        backends(addresses),
        health,
        KeepAliveConfig.DEFAULTS,
        protocol,
        null,
        tls);
  }

  static List<BackendConfig> backends(InetSocketAddress... addresses) {
    return Stream.of(addresses)
        .map(address -> new BackendConfig(ProxySetup.hostPort(address), 1, false))
        .toList();
  }
}
