package io.weir.daemon.systemd;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the service manager's watchdog for as long as the daemon answers.
 *
 * <p>Asked on a thread of its own, since the answer may take as long as the watchdog allows.
 */
public final class Watchdog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

  private final Notifier notifier;
  private final Duration every;
  private final Predicate<Duration> answers;
  private final Thread thread;

  /**
   * Starts feeding.
   *
   * @param every how often
   * @param answers whether all that must answer did so within the time given
   */
  public Watchdog(Notifier notifier, Duration every, Predicate<Duration> answers) {
    this.notifier = notifier;
    this.every = every;
    this.answers = answers;
    thread = Thread.ofPlatform().daemon().name("weir-watchdog").start(this::feed);
  }

  /**
   * How often the manager wants to hear from process {@code pid}: a third of what it waits, so that
   * a late answer is forgiven; empty when it does not watch this process.
   */
  public static Optional<Duration> interval(Map<String, String> environment, long pid) {
    String micros = environment.getOrDefault("WATCHDOG_USEC", "");
    String watched = environment.getOrDefault("WATCHDOG_PID", Long.toString(pid));
    if (!micros.matches("[1-9][0-9]{0,15}") || !watched.equals(Long.toString(pid))) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofNanos(Long.parseLong(micros) * 1000 / 3));
  }

  private void feed() {
    try {
      while (true) {
        if (answers.test(every)) {
          notifier.alive();
        } else {
          LOG.error(
              "a worker did not answer within {} ms: the watchdog is not fed", every.toMillis());
        }
        Thread.sleep(every);
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
