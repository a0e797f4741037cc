package io.weir.daemon.config;

import io.weir.core.config.ProxyConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a configuration file says.
 *
 * @param fetched the lists that come from elsewhere
 * @param shared where limits and bans are shared; null if they are not
 */
public record WeirConfig(
    ProxyConfig proxy,
    LoggingConfig logging,
    AdminConfig admin,
    List<FetchedList> fetched,
    @Nullable SharedStateConfig shared) {
  public WeirConfig {
    fetched = List.copyOf(fetched);
  }

  /** The same with another data plane. */
  public WeirConfig withProxy(ProxyConfig other) {
    return new WeirConfig(other, logging, admin, fetched, shared);
  }
}
