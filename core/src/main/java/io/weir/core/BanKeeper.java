package io.weir.core;

import io.netty.channel.EventLoop;
import io.weir.core.worker.Clock;
import io.weir.firewall.ban.BanTable;
import io.weir.metrics.MetricName;
import io.weir.metrics.Metrics;
import io.weir.metrics.WorkerCounters;
import java.util.concurrent.TimeUnit;

/** Lets bans end, and counts them. On the control loop. */
final class BanKeeper {
  private static final long EVERY_SECONDS =
      5; // bans end by the clock; this only forgets and counts

  private final BanTable bans;
  private final WorkerCounters counters;
  private final int addedSlot;
  private final int expiredSlot;
  private long swept = Clock.SYSTEM.epochMillis();
  private long added;
  private long expired;

  /** Begins to keep them, until the loop ends. */
  BanKeeper(EventLoop loop, BanTable bans, Metrics metrics) {
    this.bans = bans;
    counters = metrics.control();
    addedSlot = metrics.permanent().counter(MetricName.BANS_ADDED);
    expiredSlot = metrics.permanent().counter(MetricName.BANS_EXPIRED);
    metrics.permanent().gauge(MetricName.BANS, () -> bans.count(Clock.SYSTEM.epochMillis()));
    var _ = loop.scheduleAtFixedRate(this::sweep, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
  }

  BanTable table() {
    return bans;
  }

  private void sweep() {
    long now = Clock.SYSTEM.epochMillis();
    bans.sweep(swept, now);
    swept = now;
    counters.add(addedSlot, bans.added() - added);
    counters.add(expiredSlot, bans.expired() - expired);
    added = bans.added();
    expired = bans.expired();
  }
}
