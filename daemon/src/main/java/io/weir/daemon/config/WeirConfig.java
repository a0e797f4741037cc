package io.weir.daemon.config;

import io.weir.core.config.ProxyConfig;
import org.jspecify.annotations.Nullable;

/**
 * All that a configuration file says.
 *
 * @param shared where limits and bans are shared; null if they are not
 */
public record WeirConfig(
    ProxyConfig proxy,
    LoggingConfig logging,
    AdminConfig admin,
    @Nullable SharedStateConfig shared) {}
