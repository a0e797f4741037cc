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

  /** Learns all bans, then tells those that nobody knows; true at the end. */
  CompletableFuture<Boolean> run() {
    return learn(RedisLink.FIRST_PAGE);
  }

  private CompletableFuture<Boolean> learn(String cursor) {
    return link.bans(cursor)
        .thenComposeAsync(
            page -> {
              bans.heard(page.values(), clock.millis());
              return page.isLast() ? tell(bans.all(clock.millis()), 0) : learn(page.next());
            },
            thread);
  }

  private CompletableFuture<Boolean> tell(List<BanExchange.Change> all, int from) {
    if (from >= all.size()) {
      return CompletableFuture.completedFuture(true);
    }
    int to = Math.min(from + AT_ONCE, all.size());
    return link.offer(all.subList(from, to), clock.millis())
        .thenComposeAsync(known -> tell(all, to), thread);
  }
}
