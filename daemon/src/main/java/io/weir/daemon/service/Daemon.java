package io.weir.daemon.service;

import io.netty.util.NetUtil;
import io.weir.core.Proxy;
import io.weir.core.StartException;
import io.weir.core.status.ProxyStatus;
import io.weir.core.worker.Clock;
import io.weir.daemon.admin.Operations;
import io.weir.daemon.cli.BuildInfo;
import io.weir.daemon.config.ConfigSource;
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
import io.weir.firewall.share.Sharing;
import io.weir.metrics.LiveStats;
import io.weir.metrics.Metrics;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Weir from its start to its end: the proxy, the admin endpoint, the logs, the reloads. */
public final class Daemon implements AutoCloseable {
  /*
   * Three threads meet in its parts. The main thread starts, waits and stops; the thread
   * "weir-reload" reads and applies configurations, one at a time (ReloadThread); the control loop
   * answers the admin endpoint (DaemonOperations) and ticks once a second (ServiceStatus). What they
   * share is in volatile fields of these parts, as plain values.
   */

  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

  private final InstantSource clock = InstantSource.system();
  private final Lifetime life = new Lifetime(clock.instant());
  private final Deque<Runnable> closing = new ArrayDeque<>(); // last opened, first closed

  private final LogFiles logs;
  private final KeptBans bans;
  private final Proxy proxy;
  private final ServiceStatus status;
  private final ReloadThread reloads;
  private final Operations operations;
  private final AdminEndpoint admin;

  /**
   * Starts everything.
   *
   * @param environment of the process; it tells whether a service manager is there
   * @throws CannotStart after closing what was open by then
   */
  public Daemon(ConfigSource source, Loading.Loaded loaded, Map<String, String> environment)
      throws CannotStart {
    BuildInfo build = BuildInfo.read();
    List<String> notes = new ArrayList<>();
    WeirConfig config = AwaitedLists.fromCopies(loaded.config(), notes);
    Serving serving = new Serving(source.hash(), life.began(), config.proxy().timeouts().drain());
    Diagnostics.level(config.logging().level().name());
    notes.forEach(LOG::warn);
    Notifier notifier = Notifier.of(environment);
    closing.push(notifier::close);
    Metrics metrics = new Metrics(Proxy.workerCount(config.proxy()));
    LiveStats stats = new LiveStats(metrics);
    try {
      logs = new LogFiles(config.logging(), metrics, clock);
      closing.push(logs::close);
      Path state = StateDirectory.find(environment::get);
      closing.push(lock(state)::close);
      bans = KeptBans.open(state, clock, new SecureRandom());
      closing.push(bans::close);
      proxy = startProxy(config, metrics);
      DaemonMetrics counts = new DaemonMetrics(metrics, proxy.controlLoop(), clock, life.began());
      counts.lists(config.proxy().firewall().lists().keySet());
      ListFetcher fetcher = new ListFetcher(counts, state, new SecureRandom());
      closing.push(fetcher::close);
      Reloader reloader = new Reloader(source, proxy, loaded.with(config), fetcher, counts::failed);
      counts.fetchedLists(reloader.fetchedLists());
      status = new ServiceStatus(notifier, proxy, stats, life);
      reloads = new ReloadThread(source, serving, reloader, counts, status, clock);
      closing.push(reloads::close);
      counts.describe(build, proxy.status());
      counts.showReadiness(life::isReady, life::isDraining);
      operations = new DaemonOperations(build, source.name(), life, proxy, bans, reloads);
      admin =
          AdminEndpoint.open(
              config.admin(), proxy.controlLoop(), operations, metrics, stats, clock);
      closing.push(admin::close);
    } catch (CannotStart e) {
      close();
      throw e;
    }
    proxy.controlLoop().scheduleAtFixedRate(status::tick, 1, 1, TimeUnit.SECONDS);
    BackendFailures failures = new BackendFailures(metrics, LOG::warn);
    reloads.alsoEvery(
        BackendFailures.EVERY,
        () -> {
          ProxyStatus now = proxy.status();
          failures.tell(now.generation(), now.pools());
        });
    reloads.watchFiles(life);
    startWatchdog(environment, notifier);
    new StartReport(build, source.name(), serving.hash(), config)
        .lines(proxy.status(), admin.inWords(), FileLimit.read(), bans.inWords())
        .forEach(LOG::info);
    status.ready();
  }

  /** Waits until it is told to stop, lets exchanges end, and closes everything. */
  public void runUntilStopped() throws InterruptedException {
    life.awaitStop();
    life.drain();
    status.draining();
    Duration most = reloads.serving().drain();
    LOG.info("stopping: waiting up to {} for exchanges to end", Units.inWords(most));
    boolean drained = proxy.drain(most);
    close();
    LOG.info(drained ? "stopped" : "stopped, with exchanges cut off");
  }

  /** Any thread; a second call changes nothing. */
  public void stop() {
    life.stop();
  }

  /** Any thread. */
  public void reopenLogs() {
    if (logs.reopen()) {
      LOG.info("log files opened anew");
    }
  }

  /** What it can be asked, as the admin endpoint asks it. */
  public Operations operations() {
    return operations;
  }

  /** The page that shows everything live. */
  public InetSocketAddress adminAddress() {
    return admin.address();
  }

  public InetSocketAddress listenerAddress(String listener) {
    return proxy.address(listener);
  }

  @Override
  public void close() {
    while (!closing.isEmpty()) {
      closing.pop().run();
    }
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

  private void startWatchdog(Map<String, String> environment, Notifier notifier) {
    Watchdog.interval(environment, ProcessHandle.current().pid())
        .map(every -> new Watchdog(notifier, every, proxy::answering))
        .ifPresent(watchdog -> closing.push(watchdog::close));
  }
}
