package io.weir.core;

import io.weir.core.log.FirewallLog;
import io.weir.firewall.ban.Ban;
import io.weir.firewall.ban.BanListener;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A line in the firewall log for each ban that a rule makes. */
final class BanJournal implements BanListener {
  /*
   * Whoever looks for a client there wants its ban, so there is no summary: a ban comes after at least
   * one request that has a line already, and the next one of that client not before this one is over.
   * Bans begin on any thread, and a log has one end for each that writes: the control loop does.
   */
  private static final int MOST_WAITING = 1 << 13; // with 150 bytes each, a megabyte

  private final Executor loop;
  private final FirewallLog.BanSink sink;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong lost = new AtomicLong(); // since the last line

  /**
   * Begins to write.
   *
   * @param loop writes, so that who bans does not wait
   */
  BanJournal(Executor loop, FirewallLog.BanSink sink) {
    this.loop = loop;
    this.sink = sink;
  }

  @Override
  public void onBan(Ban ban) {
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      lost.incrementAndGet();
      return;
    }
    try {
      loop.execute(() -> write(ban));
    } catch (RejectedExecutionException closed) {
      waiting.decrementAndGet(); // the log is, too
    }
  }

  private void write(Ban ban) {
    waiting.decrementAndGet();
    sink.write(ban);
    if (lost.get() > 0) {
      sink.lost(lost.getAndSet(0));
    }
  }
}
