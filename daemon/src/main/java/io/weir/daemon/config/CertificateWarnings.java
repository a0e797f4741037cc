package io.weir.daemon.config;

import io.weir.core.config.ConfigError;
import io.weir.core.config.Findings;
import io.weir.core.config.ProxyConfig;
import io.weir.tls.CertificatePem;
import io.weir.tls.KeyPairLoader;
import io.weir.tls.TlsProblem;
import io.weir.tls.UpstreamTlsConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What is odd about certificates though they can be used: that they expire soon, or have. */
public final class CertificateWarnings {
  private CertificateWarnings() {}

  public static Findings of(ProxyConfig config, Instant now) {
    List<ConfigError> warnings = new ArrayList<>();
    config.certificates().forEach((name, pem) -> add("certificates." + name, pem, now, warnings));
    config
        .pools()
        .forEach((name, pool) -> {
          UpstreamTlsConfig tls = pool.tls();
          CertificatePem client = tls == null ? null : tls.client();
          if (client != null) {
            add("pools." + name + ".tls", client, now, warnings);
          }
        });
    return new Findings(List.of(), warnings);
  }

  private static void add(
      String path, CertificatePem pem, Instant now, List<ConfigError> warnings) {
    for (TlsProblem problem : KeyPairLoader.load(pem, now).problems()) {
      if (!problem.fatal()) {
        warnings.add(new ConfigError(path, problem.message(), problem.hint()));
      }
    }
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
