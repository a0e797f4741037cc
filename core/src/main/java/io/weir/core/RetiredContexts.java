package io.weir.core;

import io.netty.channel.EventLoop;
import io.weir.core.compile.BorrowedContexts;
import io.weir.core.snapshot.Snapshot;
import java.lang.ref.Cleaner;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The TLS contexts of snapshots that are no longer in force, each given back when nobody can
 * connect by them any more. Any thread.
 */
final class RetiredContexts implements AutoCloseable {
  /*
   * Requests under way hold the snapshot that they pinned, and so do connections whose listener is
   * gone, for as long as they are open: both may still connect to a backend. Who holds it is what the
   * garbage collector knows; to count them would cost every request something, and one that is
   * forgotten would be a context used after it was freed. So they are given back when the snapshot
   * is gone from memory.
   *
   * Relays hold their pool only, and connect within their timeouts: hence some time before that.
   */

  private static final Cleaner CLEANER = Cleaner.create();

  private final EventLoop loop;
  private final Duration outlive;
  private final Set<BorrowedContexts> held =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

  /**
   * Holds none yet.
   *
   * @param outlive how long they outlive their snapshot at least
   */
  RetiredContexts(EventLoop loop, Duration outlive) {
    this.loop = loop;
    this.outlive = outlive;
  }

  /** A snapshot is no longer in force; no more contexts are its. */
  void add(Snapshot snapshot, BorrowedContexts contexts) {
    held.add(contexts);
    var _ =
        loop.schedule(
            () -> giveBackAfter(snapshot, contexts), outlive.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void giveBackAfter(Snapshot snapshot, BorrowedContexts contexts) {
    CLEANER.register(snapshot, () -> giveBack(contexts));
  }

  private void giveBack(BorrowedContexts contexts) {
    if (held.remove(contexts)) {
      contexts.close();
    }
  }

  /** Of how many snapshots. */
  int size() {
    return held.size();
  }

  /** Gives back all, whoever still holds them. */
  @Override
  public void close() {
    List.copyOf(held).forEach(this::giveBack);
  }
}
