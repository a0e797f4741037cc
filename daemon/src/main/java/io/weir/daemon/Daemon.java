package io.weir.daemon;

import io.netty.util.NetUtil;
import io.weir.core.Proxy;
import io.weir.core.StartException;
import io.weir.core.config.HostPort;
import io.weir.core.status.AskedRequest;
import io.weir.core.status.ExplainedRequest;
import io.weir.core.status.ProxyStatus;
import io.weir.core.status.ProxyStatus.BackendStatus;
import io.weir.core.status.ProxyStatus.PoolStatus;
import io.weir.core.status.Refused;
import io.weir.core.status.RefusedSince;
import io.weir.core.worker.Clock;
import io.weir.daemon.admin.AdminServer;
import io.weir.daemon.admin.Operations;
import io.weir.daemon.admin.ProcessStatus;
import io.weir.daemon.admin.ReloadResult;
import io.weir.daemon.cli.BuildInfo;
import io.weir.daemon.config.AdminConfig;
import io.weir.daemon.config.Loading;
import io.weir.daemon.config.SharedStateConfig;
import io.weir.daemon.config.WeirConfig;
import io.weir.daemon.fetch.ListFetcher;
import io.weir.daemon.log.Diagnostics;
import io.weir.daemon.shared.SharedState;
import io.weir.daemon.state.KeptBans;
import io.weir.daemon.state.StateDirectory;
import io.weir.daemon.state.StateLock;
import io.weir.daemon.systemd.Notifier;
import io.weir.daemon.systemd.Watchdog;
import io.weir.daemon.yaml.Units;
import io.weir.firewall.FirewallState;
import io.weir.firewall.ban.BanTable;
import io.weir.firewall.share.Sharing;
import io.weir.metrics.Exposition;
import io.weir.metrics.LatencyScope;
import io.weir.metrics.LiveStat;
import io.weir.metrics.LiveStats;
import io.weir.metrics.Metrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Weir from its start to its end: the proxy, the admin endpoint, the logs, the reloads. */
final class Daemon implements Operations, AutoCloseable {
  /*
   * Three threads meet here. The main thread starts, waits and stops; the thread "weir-reload"
   * reads and applies configurations, one at a time; the control loop answers the admin endpoint
   * and ticks once a second. What they share is in volatile fields, as plain values.
   */

  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

  /** What a draining daemon asks for anew each second, so that systemd does not lose patience. */
  private static final Duration EXTENSION = Duration.ofSeconds(15);

  /** The configuration that serves, and how the last attempt to load another one ended. */
  private record Serving(String hash, Instant loaded, Duration drain, String lastReload) {
    Serving butFailed(String reason) {
      return new Serving(hash, loaded, drain, reason);
    }
  }

  /** Where the admin endpoint listens. */
  private record Admin(InetSocketAddress address, List<String> inWords) {}

  private final ConfigSource source;
  private final BuildInfo build = BuildInfo.read();
  private final InstantSource clock = InstantSource.system();
  private final Instant started = clock.instant();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Deque<Runnable> closing = new ArrayDeque<>(); // last opened, first closed

  private final Notifier notifier;
  private final LiveStats stats;
  private final DaemonMetrics counts;
  private final LogFiles logs;
  private final KeptBans bans;
  private final Proxy proxy;
  private final Reloader reloader;
  private final ScheduledExecutorService reloads;
  private final Admin admin;

  private volatile Serving serving;
  private volatile boolean draining;
  private volatile double requestsPerSecond; // written by the control loop

  /**
   * Starts everything.
   *
   * @param environment of the process; it tells whether a service manager is there
   * @throws CannotStart after closing what was open by then
   */
  Daemon(ConfigSource source, Loading.Loaded loaded, Map<String, String> environment)
      throws CannotStart {
    List<String> notes = new ArrayList<>();
    WeirConfig config = AwaitedLists.fromCopies(loaded.config(), notes);
    this.source = source;
    serving = new Serving(source.hash(), started, config.proxy().timeouts().drain(), "ok");
    Diagnostics.level(config.logging().level().name());
    notes.forEach(LOG::warn);
    Metrics metrics;
    try {
      notifier = Notifier.of(environment);
      closing.push(notifier::close);
      metrics = new Metrics(Proxy.workerCount(config.proxy()));
      stats = new LiveStats(metrics);
      counts = new DaemonMetrics(metrics, started);
      logs = new LogFiles(config.logging(), metrics, clock);
      closing.push(logs::close);
      Path state = StateDirectory.find(environment::get);
      closing.push(lock(state)::close);
      bans = KeptBans.open(state, clock, new SecureRandom());
      closing.push(bans::close);
      proxy = startProxy(config, metrics);
      counts.lists(config.proxy().firewall().lists().keySet());
      ListFetcher fetcher = new ListFetcher(new Fetched(), state, new SecureRandom());
      closing.push(fetcher::close);
      reloader = new Reloader(source, proxy, loaded.with(config), fetcher, this::listFailed);
      counts.fetchedLists(reloader.fetchedLists());
      reloads =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().name("weir-reload").factory());
      closing.push(reloads::shutdownNow);
      counts.describe(build, proxy.status());
      counts.showReadiness(this::isReady, () -> draining);
      admin = startAdmin(config.admin(), metrics);
    } catch (CannotStart e) {
      close();
      throw e;
    }
    proxy.controlLoop().scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    BackendFailures failures = new BackendFailures(metrics, LOG::warn);
    var _ =
        reloads.scheduleAtFixedRate(
            () -> failures.tell(proxy.status().generation()),
            BackendFailures.EVERY,
            BackendFailures.EVERY,
            TimeUnit.SECONDS);
    var _ = reloads.scheduleWithFixedDelay(this::reloadChangedFiles, 1, 1, TimeUnit.SECONDS);
    var _ = reloads.scheduleWithFixedDelay(reloader::warnOfExpiry, 1, 1, TimeUnit.DAYS);
    startWatchdog(environment);
    new StartReport(build, source.name(), serving.hash(), config)
        .lines(proxy.status(), admin.inWords(), FileLimit.read(), bans.inWords())
        .forEach(LOG::info);
    notifier.ready(statusLine());
  }

  /** Waits until it is told to stop, lets exchanges end, and closes everything. */
  void runUntilStopped() throws InterruptedException {
    stop.await();
    draining = true;
    notifier.stopping("draining");
    Duration most = serving.drain();
    LOG.info("stopping: waiting up to {} for exchanges to end", Units.inWords(most));
    boolean drained = proxy.drain(most);
    close();
    LOG.info(drained ? "stopped" : "stopped, with exchanges cut off");
  }

  /** Any thread; a second call changes nothing. */
  void stop() {
    stop.countDown();
  }

  boolean isStopping() {
    return stop.getCount() == 0;
  }

  /** Any thread. */
  void reopenLogs() {
    if (logs.reopen()) {
      LOG.info("log files opened anew");
    }
  }

  /** The page that shows everything live. */
  InetSocketAddress adminAddress() {
    return admin.address();
  }

  InetSocketAddress listenerAddress(String listener) {
    return proxy.address(listener);
  }

  @Override
  public ProxyStatus proxy() {
    return proxy.status();
  }

  @Override
  public ProcessStatus process() {
    Serving now = serving;
    return new ProcessStatus(
        build.version(),
        build.revision(),
        Runtime.version().toString(),
        ProcessHandle.current().pid(),
        started,
        isReady(),
        source.name(),
        now.hash(),
        now.loaded(),
        now.lastReload(),
        bans.place());
  }

  @Override
  public CompletableFuture<List<Refused>> refusals(int limit) {
    return proxy.refusals(limit);
  }

  @Override
  public CompletableFuture<RefusedSince> refusedSince(List<RefusedSince.Mark> marks, int limit) {
    return proxy.refusedSince(marks, limit);
  }

  @Override
  public boolean draining() {
    return draining;
  }

  @Override
  public CompletableFuture<Optional<Refused>> refusal(String requestId) {
    return proxy.refusal(requestId);
  }

  @Override
  public CompletableFuture<ExplainedRequest> explain(AskedRequest asked) {
    // Ten thousand rules take a moment, which the control loop has not.
    return CompletableFuture.supplyAsync(
        () -> proxy.explain(asked), task -> Thread.ofVirtual().start(task));
  }

  @Override
  public CompletableFuture<ReloadResult> reload() {
    return CompletableFuture.supplyAsync(this::reloadNow, reloads);
  }

  @Override
  public BanTable bans() {
    return bans.table();
  }

  @Override
  public Executor bansExecutor() {
    return bans.executor();
  }

  @Override
  public void close() {
    while (!closing.isEmpty()) {
      closing.pop().run();
    }
  }

  /** Once a second, on the thread that reloads. */
  private void reloadChangedFiles() {
    if (!draining && reloader.filesChanged()) {
      LOG.info("files that {} names have changed", source.name());
      var _ = reloaded(reloader::reloadFiles, serving.hash());
    }
  }

  private void listFailed(String name) {
    proxy.controlLoop().execute(() -> counts.listFailed(name));
  }

  /** Counts how lists by URL come. */
  private final class Fetched implements ListFetcher.Listener {
    @Override
    public void fetched(String list) {
      Instant now = clock.instant();
      proxy.controlLoop().execute(() -> counts.listFetched(list, now));
    }

    @Override
    public void failed(String list) {
      listFailed(list);
    }
  }

  private ReloadResult reloadNow() {
    return reloaded(reloader::reload, source.hash());
  }

  /**
   * Reloads, and tells whoever wants to know.
   *
   * @param hash of the configuration that serves if that succeeds
   */
  private ReloadResult reloaded(Supplier<ReloadResult> reload, String hash) {
    notifier.reloading(Clock.SYSTEM.nanos());
    ReloadResult result = reload.get();
    Instant now = clock.instant();
    switch (result) {
      case ReloadResult.Reloaded _ -> {
        serving = new Serving(hash, now, reloader.drain(), "ok");
        counts.lists(reloader.lists());
        counts.fetchedLists(reloader.fetchedLists());
        proxy.controlLoop().execute(() -> counts.reloaded(now));
      }
      case ReloadResult.Invalid(int errors, String _) -> {
        serving = serving.butFailed("not valid: " + errors + (errors == 1 ? " error" : " errors"));
        proxy.controlLoop().execute(counts::reloadInvalid);
      }
      case ReloadResult.Failed(String reason) -> {
        serving = serving.butFailed(reason);
        proxy.controlLoop().execute(counts::reloadFailed);
      }
    }
    notifier.ready(statusLine());
    return result;
  }

  private boolean isReady() {
    return !draining && !isStopping();
  }

  private static StateLock lock(@Nullable Path state) throws CannotStart {
    try {
      return StateLock.take(state);
    } catch (StateLock.InUse e) {
      throw new CannotStart(String.valueOf(e.getMessage()));
    }
  }

  private Proxy startProxy(WeirConfig config, Metrics metrics) throws CannotStart {
    try {
      SharedStateConfig shared = config.shared();
      Sharing sharing =
          shared == null ? null : SharedState.sharing(metrics.workers(), new SecureRandom());
      FirewallState state = new FirewallState(bans.table(), sharing);
      Proxy proxy = Proxy.start(config.proxy(), metrics, logs.logs(), state);
      closing.push(proxy::close);
      if (shared != null && sharing != null) {
        closing.push(
            SharedState.start(shared, sharing, proxy, metrics, Clock.SYSTEM::nanos, clock)::close);
      }
      return proxy;
    } catch (StartException e) {
      throw new CannotStart(explain(e));
    }
  }

  private static String explain(StartException failure) {
    String reason = String.valueOf(failure.reason());
    return switch (failure.address()) {
      case InetSocketAddress address ->
          BindFailure.explain(NetUtil.toSocketAddressString(address), address.getPort(), reason);
      case UnixDomainSocketAddress path -> BindFailure.explain(path, reason);
      case null, default -> String.valueOf(failure.getMessage());
    };
  }

  private Admin startAdmin(AdminConfig config, Metrics metrics) throws CannotStart {
    JvmSeries jvm = new JvmSeries();
    Exposition exposition = new Exposition(metrics, List.of(jvm));
    AdminServer server = new AdminServer(proxy.controlLoop(), this, exposition, stats, clock);
    closing.push(server::close);
    InetSocketAddress address = bindAdmin(server, config.bind());
    List<String> inWords = new ArrayList<>();
    inWords.add("http://" + NetUtil.toSocketAddressString(address) + "/");
    Path socket = config.socket();
    if (socket != null) {
      bindAdmin(server, socket);
      inWords.add("unix:" + socket);
    }
    // The JVM's own series take a while to set up, which the first scrape should not have to wait.
    Thread.ofPlatform().daemon().name("weir-jvm-series").start(jvm::register);
    return new Admin(address, inWords);
  }

  private static InetSocketAddress bindAdmin(AdminServer server, HostPort wanted)
      throws CannotStart {
    try {
      return server.bind(new InetSocketAddress(wanted.host(), wanted.port()));
    } catch (IOException e) {
      throw new CannotStart(
          "admin.bind: "
              + BindFailure.explain(
                  wanted.toString(), wanted.port(), String.valueOf(e.getMessage())));
    }
  }

  private static void bindAdmin(AdminServer server, Path socket) throws CannotStart {
    try {
      server.bind(socket);
    } catch (IOException e) {
      throw new CannotStart("admin.socket: " + socket + ": " + FileFailure.explain(e));
    }
  }

  private void startWatchdog(Map<String, String> environment) {
    Watchdog.interval(environment, ProcessHandle.current().pid())
        .map(every -> new Watchdog(notifier, every, proxy::answering))
        .ifPresent(watchdog -> closing.push(watchdog::close));
  }

  /** Once a second, on the control loop. */
  private void tick() {
    stats.tick(Clock.SYSTEM.nanos());
    for (LiveStat stat : stats.read()) {
      if (stat.scope() == LatencyScope.TOTAL) {
        requestsPerSecond = stat.qps10s();
      }
    }
    if (draining) {
      notifier.extendTimeout(EXTENSION);
    } else {
      notifier.status(statusLine());
    }
  }

  private String statusLine() {
    long up = 0;
    long all = 0;
    for (PoolStatus pool : proxy.status().pools()) {
      all += pool.backends().size();
      up += pool.backends().stream().filter(BackendStatus::up).count();
    }
    return String.format(
        Locale.ROOT, "%.1f requests per second, %d of %d backends up", requestsPerSecond, up, all);
  }
}
