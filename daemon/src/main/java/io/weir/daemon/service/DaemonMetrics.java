package io.weir.daemon.service;

import io.weir.core.status.ProxyStatus;
import io.weir.daemon.cli.BuildInfo;
import io.weir.daemon.fetch.ListFetcher;
import io.weir.metrics.MetricName;
import io.weir.metrics.Metrics;
import io.weir.metrics.MetricsGeneration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * What the daemon itself counts: reloads, lists, readiness, what it was built from. Any thread: its
 * counters are the control loop's, which counts what others tell.
 */
final class DaemonMetrics implements ListFetcher.Listener {
  private final Metrics metrics;
  private final Executor control;
  private final InstantSource clock;
  private final int reloadsOk;
  private final int reloadsInvalid;
  private final int reloadsFailed;
  private volatile boolean lastSuccessful = true;
  private volatile Instant lastSuccess;
  private volatile Set<String> fetching = Set.of();
  private final Map<String, Instant> fetched = new ConcurrentHashMap<>();

  /**
   * Has counted nothing yet.
   *
   * @param control the control loop
   */
  DaemonMetrics(Metrics metrics, Executor control, InstantSource clock, Instant started) {
    this.metrics = metrics;
    this.control = control;
    this.clock = clock;
    lastSuccess = started;
    MetricsGeneration permanent = metrics.permanent();
    reloadsOk = permanent.counter(MetricName.CONFIG_RELOADS, "ok");
    reloadsInvalid = permanent.counter(MetricName.CONFIG_RELOADS, "invalid");
    reloadsFailed = permanent.counter(MetricName.CONFIG_RELOADS, "failed");
    permanent.gauge(MetricName.CONFIG_LAST_RELOAD_SUCCESSFUL, () -> lastSuccessful ? 1 : 0);
    permanent.gauge(
        MetricName.CONFIG_LAST_RELOAD_SUCCESS_TIMESTAMP, () -> lastSuccess.toEpochMilli() / 1000.0);
  }

  void describe(BuildInfo build, ProxyStatus proxy) {
    metrics
        .permanent()
        .info(
            MetricName.BUILD_INFO,
            build.version(),
            build.revision(),
            Runtime.version().toString(),
            build.netty(),
            proxy.transport(),
            proxy.tlsProvider());
  }

  void showReadiness(BooleanSupplier ready, BooleanSupplier draining) {
    metrics.permanent().gauge(MetricName.READY, () -> ready.getAsBoolean() ? 1 : 0);
    metrics.permanent().gauge(MetricName.DRAINING, () -> draining.getAsBoolean() ? 1 : 0);
  }

  /** Another configuration serves. */
  void reloaded(Instant at) {
    control.execute(() -> {
      lastSuccess = at;
      lastSuccessful = true;
      metrics.control().increment(reloadsOk);
    });
  }

  /** Another configuration is not valid. */
  void reloadInvalid() {
    countFailed(reloadsInvalid);
  }

  /** Another configuration cannot serve, although it is valid. */
  void reloadFailed() {
    countFailed(reloadsFailed);
  }

  private void countFailed(int counter) {
    control.execute(() -> {
      lastSuccessful = false;
      metrics.control().increment(counter);
    });
  }

  /** These lists are in use, so that their errors are shown from 0 on. */
  void lists(Set<String> names) {
    names.forEach(name -> metrics.permanent().counter(MetricName.LIST_LOAD_ERRORS, name));
  }

  /** A list that is in use has a new version that cannot be used, or that did not come. */
  @Override
  public void failed(String list) {
    control.execute(() -> count(MetricName.LIST_LOAD_ERRORS, list));
  }

  /**
   * These lists come from elsewhere, so that it is shown when they last did.
   *
   * @param names of no others any more
   */
  void fetchedLists(Set<String> names) {
    fetching = Set.copyOf(names);
    for (String name : names) {
      metrics.permanent().counter(MetricName.LIST_FETCHES, name);
      metrics
          .permanent()
          .gauge(MetricName.LIST_LAST_FETCH_TIMESTAMP, () -> lastFetched(name), name);
    }
  }

  /**
   * Since the epoch; 0: not yet; no number once nobody wants it any more, so that no alert fires.
   */
  private double lastFetched(String name) {
    Instant last = fetched.get(name);
    if (!fetching.contains(name)) {
      return Double.NaN;
    }
    return last == null ? 0 : last.toEpochMilli() / 1000.0;
  }

  /** A list came from elsewhere, or is still what it was. */
  @Override
  public void fetched(String list) {
    Instant now = clock.instant();
    control.execute(() -> {
      fetched.put(list, now);
      count(MetricName.LIST_FETCHES, list);
    });
  }

  private void count(MetricName name, String list) {
    metrics.control().increment(metrics.permanent().counter(name, list));
  }
}
