package io.weir.core;

import io.netty.channel.EventLoop;
import io.weir.core.compile.BorrowedContexts;
import io.weir.core.compile.Compiled;
import io.weir.core.compile.SnapshotCompiler;
import io.weir.core.config.ConfigError;
import io.weir.core.config.ProxyConfig;
import io.weir.core.config.TlsConfig;
import io.weir.core.exchange.RequestPath;
import io.weir.core.listener.BindException;
import io.weir.core.listener.Listeners;
import io.weir.core.listener.WorkerDoor;
import io.weir.core.log.AccessLog;
import io.weir.core.log.FirewallLog;
import io.weir.core.snapshot.Snapshot;
import io.weir.core.status.AskedRequest;
import io.weir.core.status.ExplainedRequest;
import io.weir.core.status.ProxyStatus;
import io.weir.core.status.Refused;
import io.weir.core.status.RefusedSince;
import io.weir.core.upstream.Backend;
import io.weir.core.worker.Clock;
import io.weir.core.worker.Transport;
import io.weir.core.worker.Worker;
import io.weir.core.worker.Workers;
import io.weir.firewall.Firewall;
import io.weir.firewall.FirewallState;
import io.weir.firewall.ban.BanTable;
import io.weir.metrics.MetricName;
import io.weir.metrics.Metrics;
import io.weir.tls.TicketKeys;
import io.weir.tls.TlsContextCache;
import io.weir.tls.TlsProvider;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running load balancer: the only public door of a data plane that runs.
 *
 * <p>Its methods are for one control thread, which may wait in them; never call them on a loop.
 */
public final class Proxy implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Proxy.class);

  /** A loop that does not adopt a snapshot within this time hangs. */
  private static final Duration ADOPTION = Duration.ofSeconds(10);

  /** Longer than any relay takes to connect. */
  private static final Duration CONTEXTS_OUTLIVE = Duration.ofMinutes(5);

  /**
   * How long a process that stops waits for the first request of a client that has just come: a
   * handshake and a round trip of most.
   */
  private static final Duration FIRST_REQUEST = Duration.ofSeconds(1);

  private static final long DRAIN_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Metrics metrics;
  private final Workers workers;
  private final Transport transport;
  private final TlsProvider.Detected tlsProvider;
  private final TlsContextCache tls;
  private final Time time;
  private final SnapshotCompiler compiler;
  private final List<WorkerDoor> doors;
  private final RefusalSearch refusals;
  private final Listeners listeners;
  private final HealthChecks health;
  private final BanKeeper bans;
  private final RetiredContexts retired;

  private volatile Snapshot snapshot;
  private BorrowedContexts contexts;
  private volatile boolean draining;

  /** What became of a configuration. */
  public sealed interface ApplyResult {
    /** It is in force on every worker. */
    record Applied(long generation, List<ConfigError> notes) implements ApplyResult {}

    /** It is broken; nothing has changed. */
    record Rejected(List<ConfigError> errors) implements ApplyResult {}

    /** It cannot be put to use here and now; nothing has changed. */
    record Unusable(ConfigError reason) implements ApplyResult {}
  }

  /** Where it is written what happened. */
  public record Logs(AccessLog access, FirewallLog firewall) {
    /** Nowhere. */
    public static final Logs NONE = new Logs(AccessLog.NONE, FirewallLog.NONE);
  }

  /**
   * How time passes.
   *
   * @param contextsOutlive how long contexts of earlier snapshots are kept
   * @param looksAtTicketKeys how often keys for session tickets are looked at
   * @param firstRequest see {@link #FIRST_REQUEST}
   */
  record Time(
      Clock clock, Duration contextsOutlive, Duration looksAtTicketKeys, Duration firstRequest) {
    static final Time USUAL =
        new Time(Clock.SYSTEM, CONTEXTS_OUTLIVE, Duration.ofMinutes(1), FIRST_REQUEST);
  }

  private Proxy(
      Metrics metrics,
      Workers workers,
      Transport transport,
      TlsProvider.Detected tlsProvider,
      TlsContextCache tls,
      SnapshotCompiler compiler,
      Compiled.Ready first,
      Logs logs,
      Time time) {
    this.metrics = metrics;
    this.workers = workers;
    this.transport = transport;
    this.tlsProvider = tlsProvider;
    this.tls = tls;
    this.time = time;
    this.compiler = compiler;
    this.snapshot = first.snapshot();
    this.contexts = first.contexts();
    this.doors =
        workers.all().stream()
            .map(worker -> new WorkerDoor(path(worker, first.snapshot(), logs)))
            .toList();
    this.refusals = new RefusalSearch(doors, workers.controlLoop());
    this.listeners = new Listeners(doors);
    this.retired = new RetiredContexts(workers.controlLoop(), time.contextsOutlive());
    this.health = new HealthChecks(workers, transport, metrics.control());
    this.bans =
        new BanKeeper(
            workers.controlLoop(),
            first.snapshot().firewall().bans(),
            metrics.control(),
            () -> snapshot.banMeter(),
            logs.firewall());
    metrics.permanent().gauge(MetricName.CONFIG_GENERATION, () -> snapshot.generation());
  }

  private static RequestPath path(Worker worker, Snapshot first, Logs logs) {
    return new RequestPath(
        worker, logs.access().sink(worker.index()), logs.firewall().sink(worker.index()), first);
  }

  /** Compiles, binds and serves; nobody is banned, and limits are its own. */
  public static Proxy start(ProxyConfig config, Metrics metrics, Logs logs) throws StartException {
    return start(config, metrics, logs, FirewallState.empty(new SecureRandom()));
  }

  /**
   * Compiles, binds and serves.
   *
   * @param metrics with as many workers as there shall be loops, see {@link #workerCount}
   * @param state what outlives the configurations
   * @throws StartException if the configuration is broken or an address cannot be bound
   */
  public static Proxy start(ProxyConfig config, Metrics metrics, Logs logs, FirewallState state)
      throws StartException {
    return start(config, metrics, logs, state, Time.USUAL);
  }

  /** The same, where time passes in another way. */
  static Proxy start(ProxyConfig config, Metrics metrics, Logs logs, FirewallState state, Time time)
      throws StartException {
    Transport transport = Transports.choose(config.runtime().transport());
    TlsProvider.Detected provider = TlsProvider.detect();
    SecureRandom random = new SecureRandom();
    Workers workers = new Workers(transport, metrics, time.clock());
    TlsContextCache tls =
        new TlsContextCache(provider.provider(), TicketKeys.create(random, time.clock().instant()));
    SnapshotCompiler compiler = new SnapshotCompiler(workers.all(), metrics, tls, state, random);
    switch (compiler.compile(config, null)) {
      case Compiled.Rejected rejected -> {
        workers.close();
        throw new StartException(rejected.errors());
      }
      case Compiled.Ready ready -> {
        Proxy proxy =
            new Proxy(metrics, workers, transport, provider, tls, compiler, ready, logs, time);
        tls.shareTicketKeys(config.tls().ticketKeys());
        proxy.open(ready);
        return proxy;
      }
    }
  }

  private void open(Compiled.Ready ready) throws StartException {
    try {
      listeners.prepare(ready.endpoints());
    } catch (BindException e) {
      close();
      throw new StartException(e);
    }
    metrics.publish(ready.metrics());
    health.sync(ready.snapshot(), ready.health());
    long period = time.looksAtTicketKeys().toNanos();
    var _ =
        workers
            .controlLoop()
            .scheduleAtFixedRate(this::rotateTicketKeys, period, period, TimeUnit.NANOSECONDS);
  }

  private void rotateTicketKeys() {
    tls.rotateTicketKeys(time.clock().instant());
  }

  /** How many workers a configuration asks for. */
  public static int workerCount(ProxyConfig config) {
    int wanted = config.runtime().workers();
    return wanted > 0 ? wanted : Runtime.getRuntime().availableProcessors();
  }

  /** Replaces the configuration without closing a connection, or changes nothing. */
  public synchronized ApplyResult apply(ProxyConfig config) {
    if (draining) {
      return new ApplyResult.Unusable(new ConfigError("", "the process is stopping"));
    }
    return switch (compiler.compile(config, snapshot)) {
      case Compiled.Rejected rejected -> new ApplyResult.Rejected(rejected.errors());
      case Compiled.Ready ready -> adopt(ready, config.tls());
    };
  }

  private ApplyResult adopt(Compiled.Ready ready, TlsConfig tlsConfig) {
    try {
      listeners.prepare(ready.endpoints());
    } catch (BindException e) {
      ready.contexts().close();
      return new ApplyResult.Unusable(
          new ConfigError("listeners." + e.listener() + ".bind", String.valueOf(e.getMessage())));
    }
    Snapshot next = ready.snapshot();
    List<Backend> orphans = orphans(snapshot, next);
    orphans.forEach(Backend::orphan);
    listeners.assign(ready.endpoints(), snapshot);
    metrics.publish(ready.metrics());
    boolean adopted =
        onEachDoor(door -> {
          door.path().adopt(next);
          orphans.forEach(door.path()::forget);
        });
    if (!adopted) {
      LOG.error("a worker has not adopted generation {} in time", next.generation());
    }
    tls.shareTicketKeys(tlsConfig.ticketKeys());
    Snapshot before = snapshot;
    snapshot = next;
    listeners.retire(ready.endpoints());
    health.sync(next, ready.health());
    retired.add(before, contexts);
    contexts = ready.contexts();
    return new ApplyResult.Applied(next.generation(), ready.notes());
  }

  private boolean onEachDoor(Consumer<WorkerDoor> action) {
    return workers.onEach(ADOPTION, worker -> action.accept(doors.get(worker.index())));
  }

  private static List<Backend> orphans(Snapshot old, Snapshot next) {
    List<Backend> gone = new ArrayList<>(old.backends());
    gone.removeAll(new HashSet<>(next.backends()));
    return gone;
  }

  /** Snapshots no longer in force whose TLS contexts are still held. Any thread. */
  int retiredContexts() {
    return retired.size();
  }

  /** The clients that are banned, to be changed and read by any thread but the workers'. */
  public BanTable bans() {
    return bans.table();
  }

  /** The rules that are in force now, with the state of their limits. Any thread. */
  public Firewall firewall() {
    return snapshot.firewall();
  }

  /** What is going on now. Any thread. */
  public ProxyStatus status() {
    return StatusReport.of(
        snapshot,
        listeners,
        transport.label(),
        tlsProvider,
        workers.all().size(),
        draining,
        metrics);
  }

  /** What would become of a request now; nothing is counted. Any thread but the loops. */
  public ExplainedRequest explain(AskedRequest asked) {
    Snapshot now = snapshot;
    return Explaining.explain(now, Explaining.ports(now, listeners), asked);
  }

  /** The latest refusals that are remembered, the latest first. Any thread. */
  public CompletableFuture<List<Refused>> refusals(int limit) {
    return refusals.latest(limit);
  }

  /**
   * What was refused since the marks of the last time, the earliest first. Any thread.
   *
   * @param marks empty to begin with: then nothing yet but marks
   * @param limit of what each worker tells, requests and connections apart; the latest
   */
  public CompletableFuture<RefusedSince> refusedSince(List<RefusedSince.Mark> marks, int limit) {
    return refusals.since(marks, limit);
  }

  /** The refused request of that id, while it is remembered. Any thread. */
  public CompletableFuture<Optional<Refused>> refusal(String requestId) {
    return refusals.find(requestId);
  }

  /**
   * The first address of a listener on the network, with the port that the system chose if it was
   * to.
   */
  public InetSocketAddress address(String listener) {
    return listeners.addresses(listener).stream()
        .filter(InetSocketAddress.class::isInstance)
        .map(InetSocketAddress.class::cast)
        .findFirst()
        .orElseThrow();
  }

  /** Whether every loop answers within that time. */
  public boolean answering(Duration within) {
    return workers.onEach(within, worker -> {});
  }

  /** The loop for everything that is not a request. */
  public EventLoop controlLoop() {
    return workers.controlLoop();
  }

  /**
   * Accepts nothing any more and lets what is under way end.
   *
   * @return false if connections were still open when the time was up
   */
  public synchronized boolean drain(Duration within) {
    draining = true;
    long until = Clock.SYSTEM.nanos() + within.toNanos();
    onEachDoor(door -> door.path().drain()); // answers say so before an address is seen closed
    listeners.drain(within);
    long firstRequest = Math.min(time.firstRequest().toMillis(), within.toMillis() / 2);
    onEachDoor(door -> door.drain(firstRequest));
    while (listeners.limit().open() > 0) {
      if (Clock.SYSTEM.nanos() - until >= 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(DRAIN_POLL_NANOS);
    }
    return true;
  }

  /** Ends at once; open connections are cut. */
  @Override
  public synchronized void close() {
    draining = true;
    listeners.close();
    health.close();
    Snapshot last = snapshot;
    onEachDoor(door -> {
      door.close();
      last.backends().forEach(door.path()::forget);
    });
    workers.close();
    contexts.close();
    retired.close();
  }
}
