package io.weir.daemon.config;

import io.weir.core.config.ConfigError;
import io.weir.core.config.Findings;
import io.weir.core.config.ProxyConfig;
import io.weir.tls.CertificatePem;
import io.weir.tls.KeyPairLoader;
import io.weir.tls.LoadedCertificate;
import io.weir.tls.TlsProblem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is odd about certificates though they can be used: that they expire soon, or have. */
public final class CertificateWarnings {
  private CertificateWarnings() {}

  public static Findings of(ProxyConfig config, Instant now) {
    List<ConfigError> warnings = new ArrayList<>();
    Set<String> served = served(config);
    pairs(config)
        .forEach((path, pem) -> {
          KeyPairLoader.Result result = KeyPairLoader.load(pem, now);
          List<TlsProblem> problems = new ArrayList<>(result.problems());
          if (result.certificate() != null && served.contains(path)) {
            problems.addAll(KeyPairLoader.checkServing(result.certificate()));
          }
          for (TlsProblem problem : problems) {
            if (!problem.fatal()) {
              warnings.add(new ConfigError(path, problem.message(), problem.hint()));
            }
          }
        });
    return new Findings(List.of(), warnings);
  }

  /**
   * The certificates that are other than they were, and not valid now: to use them helps nobody.
   */
  public static List<ConfigError> notValid(ProxyConfig before, ProxyConfig next, Instant now) {
    Map<String, CertificatePem> old = pairs(before);
    List<ConfigError> errors = new ArrayList<>();
    pairs(next)
        .forEach((path, pem) -> {
          String reason = pem.equals(old.get(path)) ? null : reason(pem, now);
          if (reason != null) {
            errors.add(new ConfigError(path, "the new certificate " + reason));
          }
        });
    return errors;
  }

  private static @Nullable String reason(CertificatePem pem, Instant now) {
    LoadedCertificate loaded = KeyPairLoader.load(pem, now).certificate();
    if (loaded == null) {
      return null; // said elsewhere
    }
    if (now.isAfter(loaded.notAfter())) {
      return "expired at " + loaded.notAfter();
    }
    Instant notBefore = loaded.leaf().getNotBefore().toInstant();
    return now.isBefore(notBefore) ? "is not valid before " + notBefore : null;
  }

  /** The places of those that clients are shown. */
  private static Set<String> served(ProxyConfig config) {
    Set<String> served = new HashSet<>();
    config
        .listeners()
        .values()
        .forEach(listener -> {
          if (listener.tls() != null) {
            listener.tls().certificates().forEach(name -> served.add("certificates." + name));
          }
        });
    return served;
  }

  /** What clients are shown, and what backends are, by their places in the configuration. */
  private static Map<String, CertificatePem> pairs(ProxyConfig config) {
    Map<String, CertificatePem> pairs = new LinkedHashMap<>();
    config.certificates().forEach((name, pem) -> pairs.put("certificates." + name, pem));
    config
        .pools()
        .forEach((name, pool) -> {
          CertificatePem shown = pool.tls() == null ? null : pool.tls().client();
          if (shown != null) {
            pairs.put("pools." + name + ".tls", shown);
          }
        });
    return pairs;
  }
}
