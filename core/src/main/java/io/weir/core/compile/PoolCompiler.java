package io.weir.core.compile;

import io.weir.core.balance.Balancer;
import io.weir.core.balance.LeastRequests;
import io.weir.core.balance.RandomChoice;
import io.weir.core.balance.RoundRobin;
import io.weir.core.config.Address;
import io.weir.core.config.BackendConfig;
import io.weir.core.config.ConfigError;
import io.weir.core.config.HealthConfig;
import io.weir.core.config.HttpProtocol;
import io.weir.core.config.PoolConfig;
import io.weir.core.config.PoolConfig.BalanceConfig;
import io.weir.core.config.PoolConfig.ProxyProtocolConfig;
import io.weir.core.config.ProxyConfig;
import io.weir.core.config.UnixPath;
import io.weir.core.http1.Http1Protocol;
import io.weir.core.http2.Http2Protocol;
import io.weir.core.meter.BackendMeter;
import io.weir.core.meter.PoolMeter;
import io.weir.core.proxyprotocol.ProxyVersion;
import io.weir.core.snapshot.Snapshot;
import io.weir.core.upstream.Backend;
import io.weir.core.upstream.Pool;
import io.weir.core.upstream.PoolSettings;
import io.weir.core.upstream.UpstreamProtocol;
import io.weir.core.upstream.WorkerPool;
import io.weir.core.worker.Clock;
import io.weir.core.worker.Worker;
import io.weir.metrics.MetricName;
import io.weir.metrics.MetricsGeneration;
import io.weir.tls.TlsConfigException;
import io.weir.tls.TlsContextCache;
import io.weir.tls.TlsProblem;
import io.weir.tls.UpstreamTls;
import io.weir.tls.UpstreamTlsConfig;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles pools. Backends that stay keep their health, their connections and their counts. */
final class PoolCompiler {
  private final List<Worker> workers;
  private final TlsContextCache contexts;
  private final BorrowedContexts borrowed;
  private final MetricsGeneration generation;
  private final @Nullable Snapshot previous;
  private final List<ConfigError> errors;
  private final List<PoolWatch> watches = new ArrayList<>();

  PoolCompiler(
      List<Worker> workers,
      TlsContextCache contexts,
      BorrowedContexts borrowed,
      MetricsGeneration generation,
      @Nullable Snapshot previous,
      List<ConfigError> errors) {
    this.workers = workers;
    this.contexts = contexts;
    this.borrowed = borrowed;
    this.generation = generation;
    this.previous = previous;
    this.errors = errors;
  }

  Map<String, Pool> compile(ProxyConfig config) {
    Map<String, Pool> pools = new LinkedHashMap<>();
    for (Map.Entry<String, PoolConfig> entry : config.pools().entrySet()) {
      Pool pool = compile(config, entry.getKey(), entry.getValue());
      pools.put(entry.getKey(), pool);
      HealthConfig health = entry.getValue().health();
      if (health != null) {
        watches.add(new PoolWatch(pool, health, tlsOfChecks(pool, health)));
      }
    }
    return pools;
  }

  private @Nullable UpstreamTls tlsOfChecks(Pool pool, HealthConfig health) {
    UpstreamTls ofPool = pool.settings().tls();
    if (!(health.probe() instanceof HealthConfig.Tls(UpstreamTlsConfig own))) {
      return ofPool;
    }
    if (own == null && ofPool != null) {
      return ofPool;
    }
    UpstreamTlsConfig config = own == null ? UpstreamTlsConfig.DEFAULT : own;
    return tls("pools." + pool.name() + ".health.tls", config.offering(List.of()));
  }

  /** The pools that want checks. */
  List<PoolWatch> watches() {
    return List.copyOf(watches);
  }

  private Pool compile(ProxyConfig config, String name, PoolConfig pool) {
    Pool before = previous == null ? null : previous.pools().get(name);
    UpstreamTlsConfig tlsConfig = tlsConfig(pool);
    UpstreamTls tls = tls("pools." + name + ".tls", tlsConfig);
    ProxyVersion proxyVersion = proxyVersion(pool.proxyProtocol());
    UpstreamProtocol protocol =
        pool.protocol() == HttpProtocol.HTTP_1_1 ? Http1Protocol.INSTANCE : Http2Protocol.INSTANCE;
    List<Pool.Member> members = new ArrayList<>();
    for (int i = 0; i < pool.backends().size(); i++) {
      BackendConfig backend = pool.backends().get(i);
      SocketAddress address = resolve(name, i, backend.address(), errors);
      Backend live =
          backend(name, backend, address, new Way(tlsConfig, protocol, proxyVersion), before);
      members.add(new Pool.Member(live, backend.weight(), backend.backup()));
    }
    PoolSettings settings =
        new PoolSettings(
            protocol,
            (int) config.timeouts().connect().toMillis(),
            config.timeouts().response().toNanos(),
            pool.keepAlive().idle().toNanos(),
            pool.keepAlive().perWorker(),
            proxyVersion,
            tls,
            config.runtime().via(),
            config.limits().headerSize(),
            config.limits().headers());
    PoolMeter meter = new PoolMeter(generation, name);
    Pool compiled =
        new Pool(
            name,
            pool.balance().name().toLowerCase(Locale.ROOT),
            tlsConfig,
            members,
            settings,
            meter,
            perWorker(pool.balance(), before));
    gauges(compiled);
    return compiled;
  }

  private static @Nullable ProxyVersion proxyVersion(@Nullable ProxyProtocolConfig config) {
    return switch (config) {
      case null -> null;
      case V1 -> ProxyVersion.V1;
      case V2 -> ProxyVersion.V2;
    };
  }

  private @Nullable UpstreamTls tls(String path, @Nullable UpstreamTlsConfig config) {
    if (config == null) {
      return null;
    }
    try {
      UpstreamTls tls = contexts.upstream(config, Clock.SYSTEM.instant());
      borrowed.add(tls::close);
      return tls;
    } catch (TlsConfigException e) {
      for (TlsProblem problem : e.problems()) {
        errors.add(new ConfigError(path, problem.message(), problem.hint()));
      }
      return null;
    }
  }

  /** What is wrong with the names of backends, for somebody who compiles no pools. */
  static List<ConfigError> unresolved(ProxyConfig config) {
    List<ConfigError> errors = new ArrayList<>();
    config
        .pools()
        .forEach((name, pool) -> {
          for (int i = 0; i < pool.backends().size(); i++) {
            var _ = resolve(name, i, pool.backends().get(i).address(), errors);
          }
        });
    return errors;
  }

  private static SocketAddress resolve(
      String pool, int index, Address address, List<ConfigError> errors) {
    if (address instanceof UnixPath(String path)) {
      return UnixDomainSocketAddress.of(path);
    }
    InetSocketAddress resolved = new InetSocketAddress(address.host(), address.port());
    if (resolved.isUnresolved()) {
      errors.add(
          new ConfigError(
              "pools." + pool + ".backends[" + index + "]",
              "\""
                  + address.host()
                  + "\" does not resolve (expected: an address, or a name that"
                  + " has one)"));
    }
    return resolved;
  }

  /** How connections to a backend are made: one that is reached in another way is another. */
  private record Way(
      @Nullable UpstreamTlsConfig tls,
      UpstreamProtocol protocol,
      @Nullable ProxyVersion proxyProtocol) {}

  /** What the pool's backends are offered is what it is to speak. */
  private static @Nullable UpstreamTlsConfig tlsConfig(PoolConfig pool) {
    UpstreamTlsConfig tls = pool.tls();
    return tls == null ? null : tls.offering(List.of(pool.protocol().text()));
  }

  /** The live one if there is one, reached in the same way; else a new one. */
  private Backend backend(
      String pool, BackendConfig config, SocketAddress address, Way way, @Nullable Pool before) {
    String name = config.address().toString();
    BackendMeter meter = new BackendMeter(generation, pool, name);
    boolean sameWay =
        before != null
            && way.equals(
                new Way(
                    before.tlsConfig(),
                    before.settings().protocol(),
                    before.settings().proxyProtocol()));
    Backend fresh = new Backend(name, address, meter, workers);
    if (before == null) {
      return fresh;
    }
    for (Pool.Member member : before.members()) {
      Backend live = member.backend();
      if (live.name().equals(name)) {
        if (sameWay && live.address().equals(address)) {
          return live;
        }
        fresh.setUp(live.isUp()); // the checks go on from what they know of that name
      }
    }
    return fresh;
  }

  private WorkerPool[] perWorker(BalanceConfig balance, @Nullable Pool before) {
    WorkerPool[] perWorker = new WorkerPool[workers.size()];
    for (Worker worker : workers) {
      Balancer fresh = balancer(balance);
      WorkerPool old = before == null ? null : before.on(worker);
      perWorker[worker.index()] =
          old != null && old.balancesLike(fresh) ? old : new WorkerPool(worker, fresh);
    }
    return perWorker;
  }

  private static Balancer balancer(BalanceConfig balance) {
    return switch (balance) {
      case ROUND_ROBIN -> new RoundRobin();
      case LEAST_REQUESTS -> new LeastRequests();
      case RANDOM -> new RandomChoice();
    };
  }

  private void gauges(Pool pool) {
    for (Pool.Member member : pool.members()) {
      Backend backend = member.backend();
      generation.gauge(
          MetricName.BACKEND_UP, () -> backend.isUp() ? 1 : 0, pool.name(), backend.name());
      generation.gauge(MetricName.BACKEND_WEIGHT, member::weight, pool.name(), backend.name());
    }
    generation.gauge(MetricName.POOL_BACKENDS, () -> count(pool, true), pool.name(), "up");
    generation.gauge(MetricName.POOL_BACKENDS, () -> count(pool, false), pool.name(), "down");
  }

  private static double count(Pool pool, boolean up) {
    return pool.members().stream().filter(member -> member.backend().isUp() == up).count();
  }
}
