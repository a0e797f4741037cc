package io.weir.core;

import io.netty.channel.EventLoop;
import io.weir.core.meter.BanMeter;
import io.weir.core.worker.Clock;
import io.weir.firewall.ban.Ban;
import io.weir.firewall.ban.BanTable;
import io.weir.metrics.WorkerCounters;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets bans end, counts them, and says which ones rules made. On the control loop. */
final class BanKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(BanKeeper.class);

  private static final long EVERY_SECONDS =
      5; // bans end by the clock; this only forgets and counts

  private final BanTable bans;
  private final WorkerCounters counters;
  private final Supplier<BanMeter> meter;
  private final LongAdder byRules = new LongAdder();
  private volatile @Nullable Ban last; // of those; the one who bans

  /**
   * Begins to keep them, until the loop ends.
   *
   * @param counters the control loop's
   * @param meter of the rules that are in force
   */
  BanKeeper(EventLoop loop, BanTable bans, WorkerCounters counters, Supplier<BanMeter> meter) {
    this.bans = bans;
    this.counters = counters;
    this.meter = meter;
    bans.tell(ban -> {
      last = ban;
      byRules.increment();
    });
    var _ = loop.scheduleAtFixedRate(this::sweep, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
  }

  BanTable table() {
    return bans;
  }

  private void sweep() {
    bans.sweep(Clock.SYSTEM.epochMillis());
    meter.get().count(counters, bans.takeTurnover());
    say(byRules.sumThenReset());
  }

  /** One line for all of them: an attack must not fill the log. */
  private void say(long count) {
    Ban ban = last;
    if (count == 0 || ban == null) {
      return;
    }
    LOG.info(
        "{} banned by rules, {} {} until {}: {}",
        count == 1 ? "1 client" : count + " clients",
        count == 1 ? "that is" : "the last one",
        ban.clients().inWords(),
        Instant.ofEpochMilli(ban.untilMillis()).truncatedTo(ChronoUnit.SECONDS),
        ban.reason());
  }
}
