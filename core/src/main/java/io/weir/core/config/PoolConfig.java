package io.weir.core.config;

import io.weir.tls.UpstreamTlsConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A named set of backends with its balancing and health policy.
 *
 * @param health null means no active checks: the backends count as up
 * @param tls null speaks plain text to the backends
 */
public record PoolConfig(
    BalanceConfig balance,
    List<BackendConfig> backends,
    @Nullable HealthConfig health,
    KeepAliveConfig keepAlive,
    @Nullable UpstreamTlsConfig tls) {

  public PoolConfig {
    backends = List.copyOf(backends);
    Check.that(!backends.isEmpty(), "backends: none (expected: at least one host:port)");
  }

  /** How a backend is chosen among the available ones. */
  public enum BalanceConfig {
    ROUND_ROBIN,
    RANDOM,
    LEAST_REQUESTS
  }
}
