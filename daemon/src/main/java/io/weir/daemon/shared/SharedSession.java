package io.weir.daemon.shared;

import io.weir.firewall.share.KeySecret;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to Redis, from the attempt to make it until its first failure. For the thread of
 * {@link SharedState}.
 */
final class SharedSession {
  /*
   * What is not answered within a second, or with an error, ends the session; whatever the old one
   * still answers is nobody's.
   *
   * Redis keeps the last changes of bans. Where there are more than one answer holds, the next ones
   * are asked for at once; where some were gone before they were read, all bans are learned anew while
   * the changes are followed on: answers come in the order of what was asked, so the last word wins.
   */
  private static final Logger LOG = LoggerFactory.getLogger(SharedSession.class);

  private static final long ASK_NANOS =
      Duration.ofMillis(250).toNanos(); // about bans, and for life
  private static final long PATIENCE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long CONNECT_NANOS = Duration.ofSeconds(5).toNanos(); // code is loaded, too
  private static final int MOST_BATCHES = 32; // of limits in an exchange: 8,192 keys
  private static final int CHANGES_FOR_BATCH = 16; // of bans

  private final Parts parts;
  private final Owner owner;
  private @Nullable RedisLink link;
  private boolean ready;
  private boolean proven; // by an exchange in time
  private boolean ended;
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

  /**
   * What outlives a session.
   *
   * @param nanos the clock of the limits
   * @param clock the clock of the bans
   */
  record Parts(
      KeySecret secret,
      LimitExchange limits,
      BanExchange bans,
      SharedStateMetrics metrics,
      LongSupplier nanos,
      InstantSource clock) {}

  /** Whom a session is for. */
  interface Owner {
    /** Has something done on the thread; any thread. */
    void onThread(Runnable step);

    /** Something was shared in time. */
    void onProven();

    /** It has ended; another may begin. */
    void onLost(String reason);
  }

  /** What is known about the end of something that was asked. */
  @FunctionalInterface
  private interface Answer<T> {
    void answered(T answer, long now);
  }

  SharedSession(Parts parts, Owner owner) {
    this.parts = parts;
    this.owner = owner;
  }

  /** Whether Redis has greeted. */
  boolean isReady() {
    return ready;
  }

  void connect(RedisServer server, long now) {
    deadline = now + CONNECT_NANOS;
    server
        .connect()
        .whenComplete((made, failure) ->
            owner.onThread(() -> {
              if (made != null) {
                connected(made);
              } else {
                lose(reason(failure));
              }
            }));
  }

  /** Begins the next exchange if the last is over. */
  void tick(long now) {
    if (ready && !exchanging) {
      exchange(now);
    } else if (now - deadline >= 0) {
      lose("no answer in time");
    }
  }

  private void connected(RedisLink made) {
    if (ended) {
      made.close(); // too late
      return;
    }
    link = made;
    on(made.hello(secretInWords()), (hello, now) -> greeted(made, hello, now));
  }

  /** Has an answer handled on our thread, if it is not too late; a failure ends the session. */
  private <T> void on(CompletableFuture<T> answer, Answer<T> then) {
    answer.whenComplete((value, failure) ->
        owner.onThread(() -> {
          if (ended) {
            return;
          }
          if (failure != null) {
            lose(reason(failure));
          } else {
            then.answered(value, parts.nanos().getAsLong());
          }
        }));
  }

  private void greeted(RedisLink by, RedisLink.Hello hello, long now) {
    agree(hello.secret());
    parts.limits().setClock(hello.micros(), now);
    ready = true;
    lastBan = hello.lastBan();
    BanSync begun = new BanSync(by, parts.bans(), owner::onThread, parts.clock());
    sync = begun;
    on(
        begun.learn(),
        (nothing, then) -> {
          hasAllBans = true; // what others tell is read while we tell ours
          on(begun.tell(), (told, later) -> LOG.debug("all bans are told"));
        });
  }

  /** Learns all bans anew: what changed meanwhile is in them, whether it was read or not. */
  private void learn() {
    BanSync current = sync;
    if (current == null || learning || !hasMissed) {
      return;
    }
    learning = true;
    hasMissed = false;
    on(
        current.learn(),
        (nothing, then) -> {
          learning = false;
          learn();
        });
  }

  /** A server that greets may still be too slow: it is there once something was shared in time. */
  private void proven() {
    if (!proven) {
      proven = true;
      owner.onProven();
    }
  }

  private String secretInWords() {
    String[] words = new String[1];
    parts.secret().to((first, second) -> words[0] = "%016x%016x".formatted(first, second));
    return words[0];
  }

  private void agree(String words) {
    if (!words.matches("[0-9a-f]{32}")) {
      throw new IllegalStateException("its key named secret has something else in it");
    }
    long first = Long.parseUnsignedLong(words, 0, 16, 16);
    long second = Long.parseUnsignedLong(words, 16, 32, 16);
    if (parts.secret().replace(first, second)) {
      parts.limits().forget();
    }
  }

  private void exchange(long now) {
    LimitExchange limits = parts.limits();
    BanExchange bans = parts.bans();
    RedisLink to = link;
    boolean ask = isBehind || now - asked >= ASK_NANOS;
    if (to == null || (limits.isEmpty() && bans.isEmpty() && !ask)) {
      return;
    }
    exchanging = true;
    deadline = now + PATIENCE_NANOS;
    batches = limits.next(now, pace);
    changes = bans.next(pace * CHANGES_FOR_BATCH);
    List<CompletableFuture<List<Long>>> debts = new ArrayList<>();
    for (DebtBatch batch : batches) {
      List<String> keys = batch.entries().stream().map(DebtBatch.Entry::name).toList();
      debts.add(to.owe(keys, limits.arguments(batch)));
    }
    List<CompletableFuture<?>> all = new ArrayList<>(debts);
    changes.forEach(change -> all.add(to.tell(change, parts.clock().millis())));
    CompletableFuture<String> words = ask ? to.secret() : null;
    CompletableFuture<RedisLink.BanNews> news = ask && hasAllBans ? to.bansSince(lastBan) : null;
    Stream.of(words, news).filter(Objects::nonNull).forEach(all::add);
    if (ask) {
      asked = now;
    }
    commands = all.size();
    on(
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)),
        (nothing, then) -> {
          for (int i = 0; i < debts.size(); i++) {
            limits.answered(batches.get(i), debts.get(i).join(), then);
          }
          exchanged(then - now);
          if (news != null) {
            heard(news.join());
          }
          if (words != null) {
            remembers(words.join());
          }
          if (!ended && isBehind) {
            exchange(then);
          }
        });
  }

  private void exchanged(long nanos) {
    exchanging = false;
    batches = List.of();
    changes = List.of();
    parts.metrics().answered(commands, nanos);
    pace = pace(pace, nanos);
    proven();
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

  private void remembers(String words) {
    if (!secretInWords().equals(words)) {
      lose("it lost its memory");
    }
  }

  private void heard(RedisLink.BanNews news) {
    parts.bans().heard(news.values(), parts.clock().millis());
    lastBan = news.last();
    isBehind = news.isFull();
    if (news.hasGap()) {
      parts.metrics().missed();
      hasMissed = true;
      learn();
    }
  }

  /** Ends it; what it said and nobody acknowledged is said again by the next. */
  void lose(String reason) {
    if (ended) {
      return;
    }
    ended = true;
    owner.onLost(reason); // first: whatever fails below, another session follows
    if (link != null) {
      link.close();
    }
    parts.limits().lost(batches);
    parts.bans().lost(changes);
    parts.metrics().failed(Math.max(1, commands));
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
