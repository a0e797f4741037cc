package io.weir.core;

import io.netty.channel.EventLoop;
import io.weir.core.log.FirewallLog;
import io.weir.core.meter.BanMeter;
import io.weir.core.worker.Clock;
import io.weir.firewall.ban.BanTable;
import io.weir.metrics.WorkerCounters;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Lets bans end and counts them, and has each written in the log. On the control loop. */
final class BanKeeper {
  private static final long EVERY_SECONDS =
      5; // bans end by the clock; this only forgets and counts

  private final BanTable bans;
  private final WorkerCounters counters;
  private final Supplier<BanMeter> meter;
  private final BanLog log;

  /**
   * Begins to keep them, until the loop ends.
   *
   * @param counters the control loop's
   * @param meter of the rules that are in force
   * @param firewallLog has a line for each ban of a rule
   */
  BanKeeper(
      EventLoop loop,
      BanTable bans,
      WorkerCounters counters,
      Supplier<BanMeter> meter,
      FirewallLog firewallLog) {
    this.bans = bans;
    this.counters = counters;
    this.meter = meter;
    log = new BanLog(loop);
    bans.tell(log);
    FirewallLog.BanSink sink = firewallLog.banSink();
    if (sink != null) {
      bans.tell(new BanJournal(loop, sink));
    }
    var _ = loop.scheduleAtFixedRate(this::sweep, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
  }

  BanTable table() {
    return bans;
  }

  private void sweep() {
    bans.sweep(Clock.SYSTEM.epochMillis());
    meter.get().count(counters, bans.takeTurnover());
    log.summarize();
  }
}
