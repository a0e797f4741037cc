package io.weir.daemon.config;

import io.weir.core.ConfigCheck;
import io.weir.core.config.Findings;
import io.weir.core.config.ProxyConfig;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * Finds what only shows when a configuration is compiled: bad expressions, keys that belong to
 * another certificate, rules that nothing reaches. What is compiled is thrown away.
 *
 * @param clock tells which certificates expire soon
 */
public record DeepCheck(InstantSource clock) implements Function<ProxyConfig, Findings> {
  @Override
  public Findings apply(ProxyConfig config) {
    return ConfigCheck.check(config).and(CertificateWarnings.of(config, clock.instant()));
  }
}
