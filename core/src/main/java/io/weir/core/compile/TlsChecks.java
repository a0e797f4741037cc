package io.weir.core.compile;

import io.weir.core.config.ConfigError;
import io.weir.core.config.HealthConfig;
import io.weir.core.config.ListenerTlsConfig;
import io.weir.core.config.ProxyConfig;
import io.weir.core.worker.Clock;
import io.weir.tls.CertificatePem;
import io.weir.tls.KeyPairLoader;
import io.weir.tls.TlsProblem;
import io.weir.tls.UpstreamTlsConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds certificates, keys and authorities that cannot be used, each where it is written and once,
 * however many have it. What else is wrong with the configuration hides none of them.
 */
final class TlsChecks {
  private final Instant now = Clock.SYSTEM.instant();
  private final List<ConfigError> errors = new ArrayList<>();

  private TlsChecks() {}

  static List<ConfigError> check(ProxyConfig config) {
    TlsChecks checks = new TlsChecks();
    config.certificates().forEach((name, pair) -> checks.checkPair("certificates." + name, pair));
    config
        .listeners()
        .forEach((name, listener) -> {
          ListenerTlsConfig tls = listener.tls();
          if (tls != null && tls.clientAuth() != null) {
            checks.checkAuthorities(
                "listeners." + name + ".tls.client_auth.ca_file", tls.clientAuth().caPem());
          }
        });
    config
        .pools()
        .forEach((name, pool) -> {
          checks.checkUpstream("pools." + name + ".tls", pool.tls());
          if (pool.health() != null
              && pool.health().probe() instanceof HealthConfig.Tls(UpstreamTlsConfig own)) {
            checks.checkUpstream("pools." + name + ".health.tls", own);
          }
        });
    return checks.errors;
  }

  private void checkUpstream(String path, @Nullable UpstreamTlsConfig tls) {
    if (tls == null) {
      return;
    }
    if (tls.caPem() != null && tls.verify()) {
      checkAuthorities(path + ".ca_file", tls.caPem());
    }
    if (tls.client() != null) {
      checkPair(path, tls.client());
    }
  }

  private void checkPair(String path, CertificatePem pair) {
    tell(path, KeyPairLoader.load(pair, now).problems());
  }

  private void checkAuthorities(String path, String pem) {
    tell(path, KeyPairLoader.checkAuthorities(pem));
  }

  private void tell(String path, List<TlsProblem> problems) {
    for (TlsProblem problem : problems) {
      if (problem.fatal()) {
        errors.add(new ConfigError(path, problem.message(), problem.hint()));
      }
    }
  }
}
