package io.weir.daemon.config;

import io.weir.core.config.ConfigError;
import io.weir.core.config.ProxyConfig;
import io.weir.tls.CertificatePem;
import io.weir.tls.KeyPairLoader;
import io.weir.tls.TlsProblem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What is odd about certificates though they can be used: that they expire soon, or have. */
public final class CertificateWarnings {
  private CertificateWarnings() {}

  public static List<ConfigError> of(ProxyConfig config, Instant now) {
    List<ConfigError> warnings = new ArrayList<>();
    config
        .certificates()
        .forEach((name, pem) -> {
          for (TlsProblem problem : KeyPairLoader.load(pem, now).problems()) {
            if (!problem.fatal()) {
              warnings.add(
                  new ConfigError("certificates." + name, problem.message(), problem.hint()));
            }
          }
        });
    return warnings;
  }

  /** The certificates that are other than they were, and expired: to serve them helps nobody. */
  public static List<ConfigError> expired(ProxyConfig before, ProxyConfig next, Instant now) {
    List<ConfigError> expired = new ArrayList<>();
    next.certificates()
        .forEach((name, pem) -> {
          CertificatePem old = before.certificates().get(name);
          var loaded = KeyPairLoader.load(pem, now).certificate();
          if (!pem.equals(old) && loaded != null && now.isAfter(loaded.notAfter())) {
            expired.add(
                new ConfigError(
                    "certificates." + name, "the new certificate expired at " + loaded.notAfter()));
          }
        });
    return expired;
  }
}
