package io.weir.daemon.shared;

import io.weir.core.Proxy;
import io.weir.daemon.config.SharedStateConfig;
import io.weir.firewall.Firewall;
import io.weir.firewall.share.Sharing;
import io.weir.metrics.Metrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Exchanges limits and bans with other balancers by way of Redis, on a thread of its own. */
public final class SharedState implements AutoCloseable {
  /*
   * Nothing that serves requests knows this thread: limiters and bans leave what changed where it
   * fetches it, and find what it adds to their tables.
   *
   * Every 50 ms it fetches, and if the last exchange is over its session begins another one:
   * everything that is to be said and asked, in one go. When a session ends the next one is tried
   * after a while.
   */
  private static final Logger LOG = LoggerFactory.getLogger(SharedState.class);

  private static final long EVERY_MILLIS = 50; // a limit may be exceeded by what comes in this time
  private static final long FIRST_RETRY_NANOS = Duration.ofMillis(200).toNanos();
  private static final long LAST_RETRY_NANOS = Duration.ofSeconds(2).toNanos();
  private static final int WAITING = 1 << 14; // 300,000 a second for each worker

  private final RedisServer server;
  private final String name;
  private final SharedSession.Parts parts;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("weir-shared-state").factory());

  // All of these belong to the thread.
  private @Nullable SharedSession session;
  private long retryAt;
  private long retryAfter = FIRST_RETRY_NANOS;
  private boolean complained;

  private SharedState(SharedStateConfig config, SharedSession.Parts parts) {
    server = new RedisServer(config);
    name = config.redis().toString();
    this.parts = parts;
    retryAt = parts.nanos().getAsLong();
  }

  /**
   * What the limits of a process say what they took to, before it is told to anybody.
   *
   * @param workers how many there are
   */
  public static Sharing sharing(int workers, RandomGenerator random) {
    return new Sharing(workers, WAITING, random);
  }

  /**
   * Begins to exchange; returns at once, whether Redis is there or not.
   *
   * @param sharing that the proxy was started with
   * @param nanos the clock of the limits
   * @param clock the clock of the bans
   */
  public static SharedState start(
      SharedStateConfig config,
      Sharing sharing,
      Proxy proxy,
      Metrics metrics,
      LongSupplier nanos,
      InstantSource clock) {
    LimitExchange limits = new LimitExchange(sharing, new CurrentLimits(proxy)::get);
    BanExchange bans = new BanExchange(proxy.bans());
    proxy.bans().followedBy(bans);
    SharedStateMetrics counts = new SharedStateMetrics(metrics, proxy.controlLoop());
    SharedState state =
        new SharedState(
            config, new SharedSession.Parts(sharing.secret(), limits, bans, counts, nanos, clock));
    var _ =
        state.thread.scheduleWithFixedDelay(
            () -> state.guarded(state::tick), 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    return state;
  }

  /** The limits of the rules that are in force. */
  private static final class CurrentLimits {
    private final Proxy proxy;
    private @Nullable Firewall firewall;
    private Map<Integer, SharedLimit> limits = Map.of();

    CurrentLimits(Proxy proxy) {
      this.proxy = proxy;
    }

    Map<Integer, SharedLimit> get() {
      Firewall now = proxy.firewall();
      if (now != firewall) {
        firewall = now;
        limits = SharedLimit.of(now);
      }
      return limits;
    }
  }

  private void tick() {
    long now = parts.nanos().getAsLong();
    SharedSession current = session;
    parts.limits().collect(current != null && current.isReady(), now);
    parts.bans().collect();
    parts.metrics().dropped(parts.limits().dropped() + parts.bans().dropped());
    if (current != null) {
      current.tick(now);
    } else if (now - retryAt >= 0) {
      SharedSession next = new SharedSession(parts, new Owner());
      session = next;
      next.connect(server, now);
    }
  }

  /** A bug of ours ends a connection, not the exchange. */
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.debug("shared state", e);
      if (session != null) {
        session.lose(e.toString());
      }
    }
  }

  /** Returns at once. */
  @Override
  public void close() {
    thread.shutdownNow();
    server.close();
  }

  /** What a session tells, and where. */
  private final class Owner implements SharedSession.Owner {
    @Override
    public void onThread(Runnable step) {
      try {
        thread.execute(() -> guarded(step));
      } catch (RejectedExecutionException closed) {
        LOG.debug("an answer of {} came after the end", name);
      }
    }

    @Override
    public void onProven() {
      retryAfter = FIRST_RETRY_NANOS;
      complained = false;
      parts.metrics().up(true);
      LOG.info("limits and bans are shared by {}", name);
    }

    @Override
    public void onLost(String reason) {
      session = null;
      parts.metrics().up(false);
      retryAt = parts.nanos().getAsLong() + retryAfter;
      retryAfter = Math.min(2 * retryAfter, LAST_RETRY_NANOS);
      if (!complained) {
        complained = true;
        LOG.warn("limits and bans are not shared by {}: {}; they hold here alone", name, reason);
      }
    }
  }
}
