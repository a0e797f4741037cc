package io.weir.core.config;

import io.weir.tls.UpstreamTlsConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A named set of backends with its balancing and health policy.
 *
 * @param health null means no active checks: the backends count as up
 * @param protocol spoken to the backends; HTTP/2 over TLS or in plain text, not tried out
 * @param proxyProtocol the PROXY header that connections begin with; null for none
 * @param tls null speaks plain text to the backends
 */
public record PoolConfig(
    BalanceConfig balance,
    List<BackendConfig> backends,
    @Nullable HealthConfig health,
    KeepAliveConfig keepAlive,
    HttpProtocol protocol,
    @Nullable ProxyProtocolConfig proxyProtocol,
    @Nullable UpstreamTlsConfig tls) {

  public PoolConfig {
    backends = List.copyOf(backends);
    Check.that(!backends.isEmpty(), "backends: none (expected: at least one host:port)");
    Check.that(protocol != HttpProtocol.H2 || tls != null, "protocol: h2 (expected: with tls:)");
    Check.that(
        protocol != HttpProtocol.H2C || tls == null,
        "protocol: h2c (expected: without tls:, or h2)");
    Check.that(
        health == null
            || !(health.probe() instanceof HealthConfig.Grpc)
            || protocol != HttpProtocol.HTTP_1_1,
        "protocol: http/1.1 (expected: h2 or h2c, for health of type grpc)");
  }

  /** A pool whose backends speak HTTP/1.1, without a PROXY header. */
  public PoolConfig(
      BalanceConfig balance,
      List<BackendConfig> backends,
      @Nullable HealthConfig health,
      KeepAliveConfig keepAlive,
      @Nullable UpstreamTlsConfig tls) {
    this(balance, backends, health, keepAlive, HttpProtocol.HTTP_1_1, null, tls);
  }

  /** The form of a PROXY header. */
  public enum ProxyProtocolConfig {
    V1,
    V2
  }

  /** How a backend is chosen among the available ones. */
  public enum BalanceConfig {
    ROUND_ROBIN,
    RANDOM,
    LEAST_REQUESTS
  }
}
