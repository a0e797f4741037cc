package io.weir.core;

import io.netty.channel.EventLoop;
import io.weir.core.compile.PoolWatch;
import io.weir.core.config.Address;
import io.weir.core.health.CheckResult;
import io.weir.core.health.HealthListener;
import io.weir.core.health.HealthMonitor;
import io.weir.core.health.TlsHandlers;
import io.weir.core.health.Watch;
import io.weir.core.snapshot.Snapshot;
import io.weir.core.upstream.Backend;
import io.weir.core.upstream.Pool;
import io.weir.core.worker.Clock;
import io.weir.core.worker.Transport;
import io.weir.core.worker.Workers;
import io.weir.metrics.WorkerCounters;
import io.weir.tls.UpstreamTls;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the checks of the current snapshot's pools running and tells pools what they find. */
final class HealthChecks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);

  private final EventLoop loop;
  private final WorkerCounters counters;
  private final HealthMonitor monitor;

  /**
   * On the control loop of {@code workers}.
   *
   * @param counters of the control loop
   */
  HealthChecks(Workers workers, Transport transport, WorkerCounters counters) {
    this.loop = workers.controlLoop();
    this.counters = counters;
    this.monitor =
        new HealthMonitor(
            loop,
            address -> transport.connecting(loop, address),
            new SplittableRandom(),
            Clock.SYSTEM::nanos);
  }

  /** Checks what {@code watches} ask for, and takes all other backends for up. Any thread. */
  void sync(Snapshot snapshot, List<PoolWatch> watches) {
    List<Watch> all = new ArrayList<>();
    for (PoolWatch watch : watches) {
      for (Pool.Member member : watch.pool().members()) {
        all.add(watch(watch, member.backend()));
      }
    }
    Set<Pool> unchecked = new HashSet<>(snapshot.pools().values());
    watches.forEach(watch -> unchecked.remove(watch.pool()));
    loop.execute(() -> {
      unchecked.forEach(HealthChecks::allUp);
      monitor.sync(all);
    });
  }

  private static void allUp(Pool pool) {
    pool.members().forEach(member -> member.backend().setUp(true));
    pool.publish();
  }

  private Watch watch(PoolWatch watch, Backend backend) {
    Pool pool = watch.pool();
    UpstreamTls tls = watch.tls();
    TlsHandlers handlers = tls == null ? null : tls::newHandler;
    return new Watch(
        pool.name() + "/" + backend.name(),
        Address.parse(backend.name()),
        backend::address,
        watch.health(),
        pool.settings().proxyProtocol(),
        handlers,
        pool.settings().protocol().isShared(),
        new Reporter(pool, backend));
  }

  @Override
  public void close() {
    var _ = loop.submit(monitor::close).awaitUninterruptibly();
  }

  /** Carries what the checks of one backend find to its pool and to the metrics. */
  private final class Reporter implements HealthListener {
    private final Pool pool;
    private final Backend backend;

    Reporter(Pool pool, Backend backend) {
      this.pool = pool;
      this.backend = backend;
    }

    @Override
    public void result(CheckResult result, long nanos) {
      switch (result) {
        case PASS -> backend.meter().checkPassed(counters);
        case FAIL -> backend.meter().checkFailed(counters);
        case TIMEOUT -> backend.meter().checkTimedOut(counters);
      }
      pool.meter().checked(counters, nanos);
    }

    @Override
    public void change(boolean up, String why) {
      backend.setUp(up);
      pool.publish();
      backend.meter().changed(counters, up);
      LOG.warn("{} of {} is {}: {}", backend.name(), pool.name(), up ? "up" : "down", why);
    }
  }
}
