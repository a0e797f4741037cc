package io.weir.daemon.config;

import io.weir.core.compile.RouteChecks;
import io.weir.core.config.ConfigError;
import io.weir.core.config.Findings;
import io.weir.core.config.ListenerTlsConfig;
import io.weir.core.config.PoolConfig;
import io.weir.core.config.ProxyConfig;
import io.weir.firewall.Compilation;
import io.weir.firewall.FirewallCompiler;
import io.weir.firewall.FirewallProblem;
import io.weir.tls.CertificatePem;
import io.weir.tls.ClientAuthConfig;
import io.weir.tls.KeyPairLoader;
import io.weir.tls.ServerTlsConfig;
import io.weir.tls.TicketKeys;
import io.weir.tls.TlsConfigException;
import io.weir.tls.TlsContextCache;
import io.weir.tls.TlsProblem;
import io.weir.tls.TlsProvider;
import io.weir.tls.UpstreamTlsConfig;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Finds what only shows when rules and certificates are really built: bad expressions, keys that
 * belong to another certificate. What it builds is thrown away.
 */
public final class DeepCheck implements Function<ProxyConfig, Findings> {
  private final InstantSource clock;
  private final SecureRandom random;

  public DeepCheck(InstantSource clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  @Override
  public Findings apply(ProxyConfig config) {
    return firewall(config).and(RouteChecks.check(config)).and(tls(config));
  }

  private Findings firewall(ProxyConfig config) {
    Compilation compilation =
        FirewallCompiler.compile(config.firewall(), config.listeners().keySet(), null, random);
    return switch (compilation) {
      case Compilation.Compiled compiled -> new Findings(List.of(), errors(compiled.warnings()));
      case Compilation.Rejected rejected -> new Findings(errors(rejected.problems()), List.of());
    };
  }

  private static List<ConfigError> errors(List<FirewallProblem> problems) {
    return problems.stream()
        .map(problem -> new ConfigError(problem.path(), problem.message(), problem.hint()))
        .toList();
  }

  private Findings tls(ProxyConfig config) {
    Instant now = clock.instant();
    Collected found = new Collected(new ArrayList<>(), new ArrayList<>());
    Map<String, CertificatePem> good = new LinkedHashMap<>();
    config
        .certificates()
        .forEach((name, pem) -> {
          KeyPairLoader.Result result = KeyPairLoader.load(pem, now);
          found.add("certificates." + name, result.problems());
          if (result.certificate() != null) {
            good.put(name, pem);
          }
        });
    TlsContextCache contexts =
        new TlsContextCache(TlsProvider.detect().provider(), TicketKeys.create(random, now));
    config
        .listeners()
        .forEach((name, listener) -> {
          ListenerTlsConfig tls = listener.tls();
          if (tls != null && good.keySet().containsAll(tls.certificates())) {
            String path = "listeners." + name + ".tls.client_auth.ca_file";
            found.addAll(path, () -> contexts.server(server(tls, good), now).close());
          }
        });
    config
        .pools()
        .forEach((name, pool) -> checkPool("pools." + name + ".tls", pool, contexts, now, found));
    return new Findings(found.errors, found.warnings);
  }

  private static void checkPool(
      String path, PoolConfig pool, TlsContextCache contexts, Instant now, Collected found) {
    UpstreamTlsConfig tls = pool.tls();
    if (tls == null) {
      return;
    }
    CertificatePem client = tls.client();
    if (client != null) {
      found.add(path, KeyPairLoader.load(client, now).problems());
    }
    UpstreamTlsConfig server =
        new UpstreamTlsConfig(tls.serverName(), tls.caPem(), null, tls.verify(), tls.alpn());
    found.addAll(path + ".ca_file", () -> contexts.upstream(server, now).close());
  }

  private static ServerTlsConfig server(
      ListenerTlsConfig tls, Map<String, CertificatePem> certificates) {
    Map<String, CertificatePem> chosen = new LinkedHashMap<>();
    for (String name : tls.certificates()) {
      CertificatePem pem = certificates.get(name);
      if (pem != null) {
        chosen.put(name, pem);
      }
    }
    ServerTlsConfig usual = ServerTlsConfig.of(chosen);
    ListenerTlsConfig.ClientAuth auth = tls.clientAuth();
    return auth == null
        ? usual
        : new ServerTlsConfig(
            chosen,
            usual.unknownName(),
            usual.minVersion(),
            usual.alpn(),
            new ClientAuthConfig(ClientAuthConfig.Mode.REQUIRE, auth.caPem()));
  }

  /** What was found so far. */
  private record Collected(List<ConfigError> errors, List<ConfigError> warnings) {
    void add(String path, List<TlsProblem> problems) {
      for (TlsProblem problem : problems) {
        String hint = problem.hint().isEmpty() ? null : problem.hint();
        (problem.fatal() ? errors : warnings).add(new ConfigError(path, problem.message(), hint));
      }
    }

    void addAll(String path, Build build) {
      try {
        build.run();
      } catch (TlsConfigException failure) {
        add(path, failure.problems());
      }
    }
  }

  /** Builds something, or says what is wrong with it. */
  @FunctionalInterface
  private interface Build {
    void run() throws TlsConfigException;
  }
}
