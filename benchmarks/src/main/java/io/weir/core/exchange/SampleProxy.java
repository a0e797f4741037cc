package io.weir.core.exchange;

import io.weir.core.compile.Compiled;
import io.weir.core.compile.SnapshotCompiler;
import io.weir.core.config.BackendConfig;
import io.weir.core.config.ClientAddressConfig;
import io.weir.core.config.ErrorPagesConfig;
import io.weir.core.config.HostPort;
import io.weir.core.config.KeepAliveConfig;
import io.weir.core.config.LimitsConfig;
import io.weir.core.config.ListenerConfig;
import io.weir.core.config.PoolConfig;
import io.weir.core.config.PoolConfig.BalanceConfig;
import io.weir.core.config.ProxyConfig;
import io.weir.core.config.RouteConfig;
import io.weir.core.config.RuntimeConfig;
import io.weir.core.config.TimeoutConfig;
import io.weir.core.config.TlsConfig;
import io.weir.core.config.TracingConfig;
import io.weir.core.snapshot.Snapshot;
import io.weir.core.worker.Worker;
import io.weir.firewall.FirewallState;
import io.weir.firewall.config.FirewallConfig;
import io.weir.metrics.Metrics;
import io.weir.tls.TicketKeys;
import io.weir.tls.TlsContextCache;
import io.weir.tls.TlsProvider;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The snapshot of a plain proxy: listener {@code web}, and pool {@code shop} of one backend. */
final class SampleProxy {
  static final String LISTENER = "web";
  static final String POOL = "shop";

  private SampleProxy() {}

  static Snapshot compiled(FirewallConfig firewall, Metrics metrics, Worker worker) {
    SecureRandom random = new SecureRandom();
    SnapshotCompiler compiler =
        new SnapshotCompiler(
            List.of(worker),
            metrics,
            new TlsContextCache(
                TlsProvider.detect().provider(), TicketKeys.create(random, Instant.now())),
            FirewallState.empty(random),
            random);
    return switch (compiler.compile(config(firewall), null)) {
      case Compiled.Ready ready -> {
        metrics.publish(ready.metrics());
        yield ready.snapshot();
      }
      case Compiled.Rejected rejected ->
          throw new IllegalStateException(rejected.errors().toString());
    };
  }

  private static ProxyConfig config(FirewallConfig firewall) {
    PoolConfig pool =
        new PoolConfig(
            BalanceConfig.ROUND_ROBIN,
            List.of(new BackendConfig(new HostPort("127.0.0.1", 9000), 1, false)),
            null,
            KeepAliveConfig.DEFAULTS,
            null);
    ListenerConfig listener =
        new ListenerConfig(
            List.of(new HostPort("127.0.0.1", 8080)), new ListenerConfig.Http(), null);
    RouteConfig route =
        new RouteConfig("everything", RouteConfig.Match.EVERYTHING, new RouteConfig.Forward(POOL));
    return new ProxyConfig(
        RuntimeConfig.DEFAULTS,
        manyRequestsPerConnection(LimitsConfig.DEFAULTS),
        TimeoutConfig.DEFAULTS,
        ClientAddressConfig.DEFAULTS,
        TracingConfig.DEFAULTS,
        ErrorPagesConfig.NONE,
        Map.of(LISTENER, listener),
        TlsConfig.DEFAULTS,
        Map.of(),
        firewall,
        Map.of(POOL, pool),
        List.of(route));
  }

  private static LimitsConfig manyRequestsPerConnection(LimitsConfig limits) {
    return new LimitsConfig(
        limits.connections(),
        limits.connectionsPerIp(),
        limits.headerSize(),
        limits.headers(),
        limits.bodySize(),
        limits.minBodyRate(),
        limits.bufferMemory(),
        Integer.MAX_VALUE);
  }
}
