package io.weir.daemon.service;

import io.weir.core.Proxy;
import io.weir.core.status.ProxyStatus.BackendStatus;
import io.weir.core.status.ProxyStatus.PoolStatus;
import io.weir.core.worker.Clock;
import io.weir.daemon.systemd.Notifier;
import io.weir.metrics.LatencyScope;
import io.weir.metrics.LiveStat;
import io.weir.metrics.LiveStats;
import java.time.Duration;
import java.util.Locale;

/** What the service manager is told: each change, and once a second how it goes. Any thread. */
final class ServiceStatus {
  /** What a draining daemon asks for anew each second, so that systemd does not lose patience. */
  private static final Duration EXTENSION = Duration.ofSeconds(15);

  private final Notifier notifier;
  private final Proxy proxy;
  private final LiveStats stats;
  private final Lifetime life;

  private volatile double requestsPerSecond; // written by the control loop

  ServiceStatus(Notifier notifier, Proxy proxy, LiveStats stats, Lifetime life) {
    this.notifier = notifier;
    this.proxy = proxy;
    this.stats = stats;
    this.life = life;
  }

  /** It serves, for the first time or after a reload. */
  void ready() {
    notifier.ready(inWords());
  }

  /** A reload begins; {@link #ready} says that it ended. */
  void reloading() {
    notifier.reloading(Clock.SYSTEM.nanos());
  }

  void draining() {
    notifier.stopping("draining");
  }

  /** Once a second, on the control loop. */
  void tick() {
    stats.tick(Clock.SYSTEM.nanos());
    for (LiveStat stat : stats.read()) {
      if (stat.scope() == LatencyScope.TOTAL) {
        requestsPerSecond = stat.qps10s();
      }
    }
    if (life.isDraining()) {
      notifier.extendTimeout(EXTENSION);
    } else {
      notifier.status(inWords());
    }
  }

  private String inWords() {
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
