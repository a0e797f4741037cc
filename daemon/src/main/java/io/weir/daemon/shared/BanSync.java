package io.weir.daemon.shared;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Makes the bans here and in Redis the same, at the beginning of a connection. */
final class BanSync {
  private static final int AT_ONCE = 256;

  private final RedisLink link;
  private final BanExchange bans;
  private final Executor thread;
  private final InstantSource clock;

  BanSync(RedisLink link, BanExchange bans, Executor thread, InstantSource clock) {
    this.link = link;
    this.bans = bans;
    this.thread = thread;
    this.clock = clock;
  }

  /** Learns all bans; true at the end. */
  CompletableFuture<Boolean> learn() {
    return learn(RedisLink.FIRST_PAGE);
  }

  /** Tells the bans that nobody knows; true at the end. */
  CompletableFuture<Boolean> tell() {
    return tell(bans.walk());
  }

  private CompletableFuture<Boolean> learn(String cursor) {
    return link.bans(cursor)
        .thenComposeAsync(
            page -> {
              bans.heard(page.values(), clock.millis());
              return page.isLast() ? CompletableFuture.completedFuture(true) : learn(page.next());
            },
            thread);
  }

  private CompletableFuture<Boolean> tell(BanWalk walk) {
    long now = clock.millis();
    List<BanExchange.Change> next = walk.next(AT_ONCE, now);
    return next.isEmpty()
        ? CompletableFuture.completedFuture(true)
        : link.offer(next, now).thenComposeAsync(known -> tell(walk), thread);
  }
}
