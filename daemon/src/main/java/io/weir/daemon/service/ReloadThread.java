package io.weir.daemon.service;

import io.weir.daemon.admin.ReloadResult;
import io.weir.daemon.config.ConfigSource;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reloads when it is asked to and when files have changed, one at a time, and tells whoever wants
 * to know how that ended. Any thread may ask.
 */
final class ReloadThread implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReloadThread.class);

  private final ConfigSource source;
  private final Reloader reloader;
  private final DaemonMetrics counts;
  private final ServiceStatus status;
  private final InstantSource clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("weir-reload").factory());

  private volatile Serving serving; // written by the thread

  /**
   * Reloads nothing yet.
   *
   * @param serving the configuration that the daemon started with
   */
  ReloadThread(
      ConfigSource source,
      Serving serving,
      Reloader reloader,
      DaemonMetrics counts,
      ServiceStatus status,
      InstantSource clock) {
    this.source = source;
    this.serving = serving;
    this.reloader = reloader;
    this.counts = counts;
    this.status = status;
    this.clock = clock;
  }

  /** From now on it looks each second for files that have changed. */
  void watchFiles(Lifetime life) {
    var _ = thread.scheduleWithFixedDelay(() -> reloadChangedFiles(life), 1, 1, TimeUnit.SECONDS);
    var _ = thread.scheduleWithFixedDelay(reloader::warnOfExpiry, 1, 1, TimeUnit.DAYS);
  }

  /** Between reloads it has time for what no loop should do. */
  void alsoEvery(int seconds, Runnable task) {
    var _ = thread.scheduleAtFixedRate(task, seconds, seconds, TimeUnit.SECONDS);
  }

  /** What serves now. */
  Serving serving() {
    return serving;
  }

  /** Reads the configuration again; completes when it serves, or with why not. */
  CompletableFuture<ReloadResult> reload() {
    return CompletableFuture.supplyAsync(() -> reloaded(reloader::reload, source.hash()), thread);
  }

  private void reloadChangedFiles(Lifetime life) {
    if (!life.isDraining() && reloader.filesChanged()) {
      LOG.info("files that {} names have changed", source.name());
      var _ = reloaded(reloader::reloadFiles, serving.hash());
    }
  }

  /**
   * Reloads, and tells.
   *
   * @param hash of the configuration that serves if that succeeds
   */
  private ReloadResult reloaded(Supplier<ReloadResult> reload, String hash) {
    status.reloading();
    ReloadResult result = reload.get();
    Instant now = clock.instant();
    switch (result) {
      case ReloadResult.Reloaded _ -> {
        serving = new Serving(hash, now, reloader.drain());
        counts.lists(reloader.lists());
        counts.fetchedLists(reloader.fetchedLists());
        counts.reloaded(now);
      }
      case ReloadResult.Invalid(int errors, String _) -> {
        serving = serving.butFailed("not valid: " + errors + (errors == 1 ? " error" : " errors"));
        counts.reloadInvalid();
      }
      case ReloadResult.Failed(String reason) -> {
        serving = serving.butFailed(reason);
        counts.reloadFailed();
      }
    }
    status.ready();
    return result;
  }

  /** A reload that is under way is interrupted. */
  @Override
  public void close() {
    var _ = thread.shutdownNow();
  }
}
