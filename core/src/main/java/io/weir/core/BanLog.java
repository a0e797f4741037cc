package io.weir.core;

import io.weir.firewall.ban.Ban;
import io.weir.firewall.ban.BanListener;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A line in the log for each ban that an operator did not make; of many, how many more. */
final class BanLog implements BanListener {
  /*
   * Bans begin on workers, where nothing waits for a log: the control loop writes the line. An attack
   * that bans thousands must not fill the log, so each period has lines for the first ones only.
   */
  private static final int MOST_LINES = 20; // each of rules and of others, between two summaries

  private static final Logger LOG = LoggerFactory.getLogger(BanLog.class);

  private final Executor loop;
  private final Consumer<String> lines;
  private final AtomicLong byRules = new AtomicLong(); // since the last summary
  private final AtomicLong byOthers = new AtomicLong();

  /**
   * Begins to write.
   *
   * @param loop writes, so that who bans does not wait
   */
  BanLog(Executor loop) {
    this(loop, LOG::info);
  }

  BanLog(Executor loop, Consumer<String> lines) {
    this.loop = loop;
    this.lines = lines;
  }

  @Override
  public void onBan(Ban ban) {
    tell(byRules, ban, "by the rule");
  }

  @Override
  public void onAdopted(Ban ban) {
    tell(byOthers, ban, "on another balancer:");
  }

  private void tell(AtomicLong count, Ban ban, String by) {
    if (count.getAndIncrement() >= MOST_LINES) {
      return;
    }
    try {
      loop.execute(() -> write(ban, by));
    } catch (RejectedExecutionException closed) {
      LOG.debug("a ban of {} came after the end", ban.clients());
    }
  }

  private void write(Ban ban, String by) {
    Instant until = Instant.ofEpochMilli(ban.untilMillis()).truncatedTo(ChronoUnit.SECONDS);
    lines.accept(
        ban.clients().inWords() + " banned until " + until + " " + by + " " + ban.reason());
  }

  /** Says how many had no line since the last time; on the control loop. */
  void summarize() {
    summarize(byRules, "by rules");
    summarize(byOthers, "on other balancers");
  }

  private void summarize(AtomicLong count, String by) {
    long more = count.getAndSet(0) - MOST_LINES;
    if (more > 0) {
      lines.accept(more + " more banned " + by);
    }
  }
}
