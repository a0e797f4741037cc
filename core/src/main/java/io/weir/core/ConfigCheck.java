package io.weir.core;

import io.weir.core.compile.Compiled;
import io.weir.core.compile.SnapshotCompiler;
import io.weir.core.config.Findings;
import io.weir.core.config.ProxyConfig;
import io.weir.core.status.AskedRequest;
import io.weir.core.status.ExplainedRequest;
import io.weir.core.worker.Clock;
import io.weir.firewall.FirewallState;
import io.weir.metrics.Metrics;
import io.weir.tls.TicketKeys;
import io.weir.tls.TlsContextCache;
import io.weir.tls.TlsProvider;
import java.security.SecureRandom;
import java.util.List;

/**
 * Says what a configuration would be and do, without starting anything: it is compiled, asked and
 * thrown away. Any thread that may wait.
 */
public final class ConfigCheck {
  private ConfigCheck() {}

  /** Everything that is wrong with a configuration or odd in it. */
  public static Findings check(ProxyConfig config) {
    return switch (compileAlone(config)) {
      case Compiled.Rejected rejected -> new Findings(rejected.errors(), List.of());
      case Compiled.Ready ready -> {
        ready.contexts().close();
        yield new Findings(List.of(), ready.notes());
      }
    };
  }

  /**
   * What would become of a request if this configuration ran, and nobody was banned or limited yet.
   *
   * @throws StartException if the configuration is broken
   */
  public static ExplainedRequest explain(ProxyConfig config, AskedRequest asked)
      throws StartException {
    switch (compileAlone(config)) {
      case Compiled.Rejected rejected -> throw new StartException(rejected.errors());
      case Compiled.Ready ready -> {
        ready.contexts().close();
        return Explaining.explain(ready.snapshot(), Explaining.ports(config), asked);
      }
    }
  }

  private static Compiled compileAlone(ProxyConfig config) {
    SecureRandom random = new SecureRandom();
    SnapshotCompiler compiler =
        new SnapshotCompiler(
            List.of(),
            new Metrics(1),
            new TlsContextCache(
                TlsProvider.detect().provider(), TicketKeys.create(random, Clock.SYSTEM.instant())),
            FirewallState.empty(random),
            random);
    return compiler.compile(config, null);
  }
}
