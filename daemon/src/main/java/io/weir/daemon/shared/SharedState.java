package io.weir.daemon.shared;

import io.weir.core.Proxy;
import io.weir.daemon.config.SharedStateConfig;
import io.weir.firewall.Firewall;
import io.weir.firewall.share.KeySecret;
import io.weir.firewall.share.Sharing;
import io.weir.metrics.Metrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Exchanges limits and bans with other balancers by way of Redis, on a thread of its own. */
public final class SharedState implements AutoCloseable {
  /*
   * Nothing that serves requests knows this thread: limiters and bans leave what changed where it
   * fetches it, and find what it adds to their tables.
   *
   * Every 50 ms it fetches, and if the last exchange is over begins another one: everything that is
   * to be said and asked, in one go. What is not answered within a second, or with an error, ends the
   * connection; the next one is tried after a while, and whatever the old one still answers is
   * nobody's.
   *
   * Redis keeps the last changes of bans. Where there are more than one answer holds, the next ones
   * are asked for at once; where some were gone before they were read, all bans are learned anew while
   * the changes are followed on: answers come in the order of what was asked, so the last word wins.
   */
  private static final Logger LOG = LoggerFactory.getLogger(SharedState.class);

  private static final long EVERY_MILLIS = 50; // a limit may be exceeded by what comes in this time
  private static final long ASK_NANOS =
      Duration.ofMillis(250).toNanos(); // about bans, and for life
  private static final long PATIENCE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int MOST_BATCHES = 32; // of limits in an exchange: 8,192 keys
  private static final int CHANGES_FOR_BATCH = 16; // of bans
  private static final long CONNECT_NANOS = Duration.ofSeconds(5).toNanos(); // code is loaded, too
  private static final long FIRST_RETRY_NANOS = Duration.ofMillis(200).toNanos();
  private static final long LAST_RETRY_NANOS = Duration.ofSeconds(2).toNanos();
  private static final int WAITING = 1 << 14; // 300,000 a second for each worker

  private final RedisServer server;
  private final String name;
  private final KeySecret secret;
  private final LimitExchange limits;
  private final BanExchange bans;
  private final SharedStateMetrics metrics;
  private final LongSupplier nanos;
  private final InstantSource clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("weir-shared-state").factory());

  // All of these belong to the thread.
  private @Nullable Session session;
  private long retryAt;
  private long retryAfter = FIRST_RETRY_NANOS;
  private boolean complained;

  private SharedState(
      SharedStateConfig config,
      Sharing sharing,
      LimitExchange limits,
      BanExchange bans,
      SharedStateMetrics metrics,
      LongSupplier nanos,
      InstantSource clock) {
    server = new RedisServer(config);
    name = config.redis().toString();
    secret = sharing.secret();
    this.limits = limits;
    this.bans = bans;
    this.clock = clock;
    this.metrics = metrics;
    this.nanos = nanos;
    retryAt = nanos.getAsLong();
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
    SharedState state = new SharedState(config, sharing, limits, bans, counts, nanos, clock);
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

  /** One connection, from the attempt to make it until its first failure. */
  private static final class Session {
    private @Nullable RedisLink link;
    private boolean ready;
    private boolean proven; // by an exchange in time
    private long deadline; // of what is under way
    private long asked; // when last, whatever it was
    private List<DebtBatch> batches = List.of();
    private List<BanExchange.Change> changes = List.of();
    private @Nullable BanSync sync;
    private boolean learning; // all bans
    private boolean hasAllBans;
    private boolean hasMissed; // changes of bans, since it began to learn
    private boolean isBehind; // what changed is not yet read to its end
    private String lastBan = "";
    private int commands; // under way
    private int pace = 1; // how much is told at once, so that a slow server can begin with little
    private boolean exchanging;
  }

  /** What is known about the end of something that was asked. */
  @FunctionalInterface
  private interface Answer<T> {
    void answered(T answer, long now);
  }

  private void tick() {
    long now = nanos.getAsLong();
    Session current = session;
    limits.collect(current != null && current.ready, now);
    bans.collect();
    metrics.dropped(limits.dropped() + bans.dropped());
    if (current == null) {
      connectAt(now);
    } else if (current.ready && !current.exchanging) {
      exchange(current, now);
    } else if (now - current.deadline >= 0) {
      lose(current, "no answer in time");
    }
  }

  private void connectAt(long now) {
    if (now - retryAt < 0) {
      return;
    }
    Session next = new Session();
    next.deadline = now + CONNECT_NANOS;
    session = next;
    server
        .connect()
        .whenComplete((link, failure) ->
            onThread(() -> {
              if (link != null) {
                connected(next, link);
              } else {
                lose(next, reason(failure));
              }
            }));
  }

  private void onThread(Runnable step) {
    try {
      thread.execute(() -> guarded(step));
    } catch (RejectedExecutionException closed) {
      LOG.debug("an answer of {} came after the end", name);
    }
  }

  /** A bug of ours ends a connection, not the exchange. */
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.debug("shared state", e);
      if (session != null) {
        lose(session, e.toString());
      }
    }
  }

  private void connected(Session of, RedisLink link) {
    if (of != session) {
      link.close(); // too late
      return;
    }
    of.link = link;
    on(of, link.hello(secretInWords()), (hello, now) -> greeted(of, link, hello, now));
  }

  /** Has an answer handled on our thread, if it is not too late; a failure ends the session. */
  private <T> void on(Session of, CompletableFuture<T> answer, Answer<T> then) {
    answer.whenComplete((value, failure) ->
        onThread(() -> {
          if (of != session) {
            return;
          }
          if (failure != null) {
            lose(of, reason(failure));
          } else {
            then.answered(value, nanos.getAsLong());
          }
        }));
  }

  private void greeted(Session of, RedisLink link, RedisLink.Hello hello, long now) {
    agree(hello.secret());
    limits.setClock(hello.micros(), now);
    of.ready = true;
    of.lastBan = hello.lastBan();
    BanSync sync = new BanSync(link, bans, this::onThread, clock);
    of.sync = sync;
    on(
        of,
        sync.learn(),
        (nothing, then) -> {
          of.hasAllBans = true; // what others tell is read while we tell ours
          on(of, sync.tell(), (told, later) -> LOG.debug("all bans are known to {}", name));
        });
  }

  /** Learns all bans anew: what changed meanwhile is in them, whether it was read or not. */
  private void learn(Session of) {
    BanSync sync = of.sync;
    if (sync == null || of.learning || !of.hasMissed) {
      return;
    }
    of.learning = true;
    of.hasMissed = false;
    on(
        of,
        sync.learn(),
        (nothing, then) -> {
          of.learning = false;
          learn(of);
        });
  }

  /** A server that greets may still be too slow: it is there once something was shared in time. */
  private void proven(Session of) {
    if (of.proven) {
      return;
    }
    of.proven = true;
    retryAfter = FIRST_RETRY_NANOS;
    complained = false;
    metrics.up(true);
    LOG.info("limits and bans are shared by {}", name);
  }

  private String secretInWords() {
    String[] words = new String[1];
    secret.to((first, second) -> words[0] = "%016x%016x".formatted(first, second));
    return words[0];
  }

  private void agree(String words) {
    if (!words.matches("[0-9a-f]{32}")) {
      throw new IllegalStateException("its key named secret has something else in it");
    }
    long first = Long.parseUnsignedLong(words, 0, 16, 16);
    long second = Long.parseUnsignedLong(words, 16, 32, 16);
    if (secret.replace(first, second)) {
      limits.forget();
    }
  }

  private void exchange(Session of, long now) {
    RedisLink link = of.link;
    boolean ask = of.isBehind || now - of.asked >= ASK_NANOS;
    if (link == null || (limits.isEmpty() && bans.isEmpty() && !ask)) {
      return;
    }
    of.exchanging = true;
    of.deadline = now + PATIENCE_NANOS;
    of.batches = limits.next(now, of.pace);
    of.changes = bans.next(of.pace * CHANGES_FOR_BATCH);
    List<CompletableFuture<List<Long>>> debts = new ArrayList<>();
    for (DebtBatch batch : of.batches) {
      List<String> keys = batch.entries().stream().map(DebtBatch.Entry::name).toList();
      debts.add(link.owe(keys, limits.arguments(batch)));
    }
    List<CompletableFuture<?>> all = new ArrayList<>(debts);
    of.changes.forEach(change -> all.add(link.tell(change, clock.millis())));
    CompletableFuture<String> words = ask ? link.secret() : null;
    CompletableFuture<RedisLink.BanNews> news =
        ask && of.hasAllBans ? link.bansSince(of.lastBan) : null;
    Stream.of(words, news).filter(Objects::nonNull).forEach(all::add);
    if (ask) {
      of.asked = now;
    }
    of.commands = all.size();
    on(
        of,
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)),
        (nothing, then) -> {
          for (int i = 0; i < debts.size(); i++) {
            limits.answered(of.batches.get(i), debts.get(i).join(), then);
          }
          of.exchanging = false;
          of.batches = List.of();
          of.changes = List.of();
          metrics.answered(of.commands, then - now);
          of.pace = pace(of.pace, then - now);
          proven(of);
          if (news != null) {
            heard(of, news.join());
          }
          if (words != null) {
            remembers(of, words.join());
          }
          if (of == session && of.isBehind) {
            exchange(of, then);
          }
        });
  }

  /**
   * Twice as much next time if that took little of its time, half as much if it took most of it.
   */
  private static int pace(int pace, long nanos) {
    if (nanos < PATIENCE_NANOS / 4) {
      return Math.min(2 * pace, MOST_BATCHES);
    }
    return nanos < PATIENCE_NANOS / 2 ? pace : Math.max(pace / 2, 1);
  }

  private void remembers(Session of, String words) {
    if (!secretInWords().equals(words)) {
      lose(of, "it lost its memory");
    }
  }

  private void heard(Session of, RedisLink.BanNews news) {
    bans.heard(news.values(), clock.millis());
    of.lastBan = news.last();
    of.isBehind = news.isFull();
    if (news.hasGap()) {
      metrics.missed();
      of.hasMissed = true;
      learn(of);
    }
  }

  private void lose(Session of, String reason) {
    if (of != session) {
      return;
    }
    session = null;
    RedisLink link = of.link;
    if (link != null) {
      link.close();
    }
    limits.lost(of.batches);
    bans.lost(of.changes);
    metrics.failed(Math.max(1, of.commands));
    metrics.up(false);
    retryAt = nanos.getAsLong() + retryAfter;
    retryAfter = Math.min(2 * retryAfter, LAST_RETRY_NANOS);
    if (!complained) {
      complained = true;
      LOG.warn("limits and bans are not shared by {}: {}; they hold here alone", name, reason);
    }
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  /** Returns at once. */
  @Override
  public void close() {
    thread.shutdownNow();
    server.close();
  }
}
