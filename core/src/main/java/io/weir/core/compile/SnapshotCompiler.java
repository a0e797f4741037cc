package io.weir.core.compile;

import io.weir.core.answer.ErrorPages;
import io.weir.core.answer.PageKind;
import io.weir.core.config.Address;
import io.weir.core.config.ConfigError;
import io.weir.core.config.ConfigValidator;
import io.weir.core.config.ErrorPagesConfig;
import io.weir.core.config.Findings;
import io.weir.core.config.HostPort;
import io.weir.core.config.ListenerConfig;
import io.weir.core.config.ProxyConfig;
import io.weir.core.config.TracingConfig;
import io.weir.core.config.UnixPath;
import io.weir.core.listener.Endpoint;
import io.weir.core.listener.Listeners;
import io.weir.core.meter.BanMeter;
import io.weir.core.meter.FirewallMeter;
import io.weir.core.meter.PathTrialMeter;
import io.weir.core.meter.RuleMeter;
import io.weir.core.snapshot.Listener;
import io.weir.core.snapshot.Snapshot;
import io.weir.core.snapshot.Tracing;
import io.weir.core.upstream.Backend;
import io.weir.core.upstream.Pool;
import io.weir.core.worker.Clock;
import io.weir.core.worker.HeadMemory;
import io.weir.core.worker.SlowReaders;
import io.weir.core.worker.Worker;
import io.weir.firewall.Compilation;
import io.weir.firewall.Firewall;
import io.weir.firewall.FirewallCompiler;
import io.weir.firewall.FirewallState;
import io.weir.firewall.RuleInfo;
import io.weir.firewall.address.AddressSet;
import io.weir.firewall.problem.FirewallProblem;
import io.weir.metrics.MetricName;
import io.weir.metrics.Metrics;
import io.weir.metrics.MetricsGeneration;
import io.weir.tls.TlsContextCache;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Compiles configurations, reusing what lives on from the last one. Control thread only. */
public final class SnapshotCompiler {
  private final List<Worker> workers;
  private final Metrics metrics;
  private final TlsContextCache contexts;
  private final FirewallState state;
  private final RandomGenerator random;

  /**
   * For one process.
   *
   * @param state what outlives the configurations
   * @param random for secret keys of hashes; must not be predictable
   */
  public SnapshotCompiler(
      List<Worker> workers,
      Metrics metrics,
      TlsContextCache contexts,
      FirewallState state,
      RandomGenerator random) {
    this.workers = workers;
    this.metrics = metrics;
    this.contexts = contexts;
    this.state = state;
    this.random = random;
  }

  /** Compiles; {@code previous} is the snapshot whose live state goes on. */
  public Compiled compile(ProxyConfig config, @Nullable Snapshot previous) {
    Findings findings = ConfigValidator.validate(config);
    List<ConfigError> errors = new ArrayList<>(findings.errors());
    List<ConfigError> notes = new ArrayList<>(findings.warnings());
    Firewall firewall = firewall(config, previous, errors, notes);
    errors.addAll(RouteChecks.check(config).errors());
    errors.addAll(TlsChecks.check(config));
    List<Endpoint> endpoints = endpoints(config, errors);
    if (!errors.isEmpty() || firewall == null) {
      errors.addAll(PoolCompiler.unresolved(config));
      return new Compiled.Rejected(errors); // names may dangle: nothing else can be compiled
    }
    MetricsGeneration generation = metrics.nextGeneration();
    BorrowedContexts borrowed = new BorrowedContexts();
    PoolCompiler pools =
        new PoolCompiler(workers, contexts, borrowed, generation, previous, errors);
    Map<String, Pool> compiledPools = pools.compile(config);
    ListenerCompiler listeners =
        new ListenerCompiler(contexts, borrowed, generation, compiledPools, firewall, errors);
    Map<String, Listener> compiledListeners = listeners.compile(config);
    if (!errors.isEmpty()) {
      borrowed.close();
      return new Compiled.Rejected(errors);
    }
    lists(generation, firewall);
    Set<String> banning = BanGauges.banning(config.firewall().rules());
    BanGauges.register(generation, banning, firewall.bans());
    Snapshot snapshot =
        new Snapshot(
            previous == null ? 1 : previous.generation() + 1,
            compiledListeners,
            listeners.routes(),
            RouteChecks.matches(config).matches(),
            compiledPools,
            backends(compiledPools),
            firewall,
            config.firewall().pathMode(),
            config.firewall().triesStrictPaths() ? new PathTrialMeter(generation) : null,
            new FirewallMeter(generation),
            ruleMeters(generation, firewall, previous),
            new BanMeter(generation, banning),
            AddressSet.of(config.clientAddress().trustedProxies()),
            config.clientAddress().header(),
            tracing(config.tracing()),
            errorPages(config.errorPages()),
            config.limits().connections(),
            config.limits().connectionsPerIp(),
            SlowReaders.within(config.limits().bufferMemory(), workers.size()),
            HeadMemory.within(config.limits().bufferMemory(), workers.size()));
    return new Compiled.Ready(snapshot, endpoints, borrowed, generation, pools.watches(), notes);
  }

  private static void lists(MetricsGeneration generation, Firewall firewall) {
    double loaded = Clock.SYSTEM.epochMillis() / 1000.0;
    firewall
        .listEntries()
        .forEach((list, entries) -> {
          generation.gauge(MetricName.LIST_ENTRIES, () -> entries, list);
          generation.gauge(MetricName.LIST_LAST_LOAD_TIMESTAMP, () -> loaded, list);
        });
  }

  private @Nullable Firewall firewall(
      ProxyConfig config,
      @Nullable Snapshot previous,
      List<ConfigError> errors,
      List<ConfigError> notes) {
    Firewall old = previous == null ? null : previous.firewall();
    return switch (FirewallCompiler.compile(
        config.firewall(), config.listeners().keySet(), old, state, random)) {
      case Compilation.Compiled compiled -> {
        compiled.warnings().forEach(warning -> notes.add(error(warning)));
        yield compiled.firewall();
      }
      case Compilation.Rejected rejected -> {
        rejected.problems().forEach(problem -> errors.add(error(problem)));
        yield null;
      }
    };
  }

  private static ConfigError error(FirewallProblem problem) {
    return new ConfigError(problem.path(), problem.message(), problem.hint(), problem.other());
  }

  private static Tracing tracing(TracingConfig config) {
    return new Tracing(
        config.requestIds(), config.traceContext(), (long) (config.sampled() * Long.MAX_VALUE));
  }

  private static ErrorPages errorPages(ErrorPagesConfig config) {
    if (config.pages().isEmpty()) {
      return ErrorPages.BUILT_IN;
    }
    Map<Integer, Map<PageKind, String>> own = new HashMap<>();
    config
        .pages()
        .forEach((status, pages) -> {
          Map<PageKind, String> texts = own.computeIfAbsent(status, s -> new HashMap<>());
          pages.forEach(page -> {
            for (PageKind kind : kinds(page.type())) {
              texts.put(kind, page.text());
            }
          });
        });
    return new ErrorPages(own);
  }

  private static List<PageKind> kinds(ErrorPagesConfig.Type type) {
    return switch (type) {
      case TEXT -> List.of(PageKind.TEXT);
      case HTML -> List.of(PageKind.HTML);
      case JSON -> List.of(PageKind.JSON, PageKind.PROBLEM);
    };
  }

  private static List<Backend> backends(Map<String, Pool> pools) {
    List<Backend> all = new ArrayList<>();
    pools.values().forEach(pool -> pool.members().forEach(member -> all.add(member.backend())));
    return List.copyOf(all);
  }

  private static List<RuleMeter> ruleMeters(
      MetricsGeneration generation, Firewall firewall, @Nullable Snapshot previous) {
    List<RuleMeter> meters = new ArrayList<>();
    for (RuleInfo rule : firewall.rules()) {
      boolean isLimit = firewall.limiter(rule.index()) != null;
      RuleMeter meter = new RuleMeter(generation, rule, isLimit);
      RuleMeter before = previous == null ? null : meterOf(previous, rule.name());
      if (before != null) {
        meter.continueFrom(before);
      }
      meters.add(meter);
      if (isLimit) {
        LimitGauges.register(generation, firewall, rule);
      }
    }
    return List.copyOf(meters);
  }

  private static @Nullable RuleMeter meterOf(Snapshot snapshot, String rule) {
    for (RuleInfo info : snapshot.firewall().rules()) {
      if (info.name().equals(rule)) {
        return snapshot.ruleMeters().get(info.index());
      }
    }
    return null;
  }

  private static Endpoint endpoint(String name, ListenerConfig listener, Address bind) {
    return switch (bind) {
      case HostPort inet ->
          new Endpoint(
              Listeners.resolve(inet.isEveryAddress() ? "" : inet.host(), inet.port()), 0, name);
      case UnixPath(String path) ->
          new Endpoint(UnixDomainSocketAddress.of(path), listener.socketMode().bits(), name);
    };
  }

  /** Each once: {@code [":443", "[::]:443"]} is one. */
  private static List<Endpoint> endpoints(ProxyConfig config, List<ConfigError> errors) {
    Set<Endpoint> endpoints = new LinkedHashSet<>();
    config
        .listeners()
        .forEach((name, listener) -> {
          for (int i = 0; i < listener.bind().size(); i++) {
            Endpoint endpoint = endpoint(name, listener, listener.bind().get(i));
            if (endpoint.address() instanceof InetSocketAddress inet && inet.isUnresolved()) {
              errors.add(
                  new ConfigError(
                      "listeners." + name + ".bind[" + i + "]",
                      "bind: \""
                          + inet.getHostString()
                          + "\" does not resolve (expected: an address of this machine, or a name"
                          + " that has one)"));
            }
            endpoints.add(endpoint);
          }
        });
    return List.copyOf(endpoints);
  }
}
