package io.weir.daemon.config;

import io.weir.core.config.ProxyConfig;

/** All that a configuration file says. */
public record WeirConfig(ProxyConfig proxy, LoggingConfig logging, AdminConfig admin) {}
