package io.weir.core.upstream;

import io.weir.core.worker.Worker;
import org.jspecify.annotations.Nullable;

/**
 * One backend as one worker sees it: its idle connections, the youngest first. For that worker's
 * loop.
 */
public final class WorkerBackend {
  private final Backend backend;
  private final Worker worker;
  private @Nullable UpstreamConnection youngest;
  private @Nullable UpstreamConnection oldest;
  private int idleCount;

  WorkerBackend(Backend backend, Worker worker) {
    this.backend = backend;
    this.worker = worker;
  }

  public Backend backend() {
    return backend;
  }

  public Worker worker() {
    return worker;
  }

  /** An idle connection, the youngest: it is the least likely to be closed by the backend now. */
  public @Nullable UpstreamConnection takeIdle() {
    UpstreamConnection connection = youngest;
    if (connection != null) {
      forget(connection);
    }
    return connection;
  }

  /**
   * Keeps a connection for the next request, in place of the oldest if there are too many.
   *
   * @return false if the connection must be closed instead
   */
  public boolean keepIdle(UpstreamConnection connection, PoolSettings settings) {
    if (backend.isOrphan() || settings.idlePerWorker() == 0) {
      return false;
    }
    if (idleCount >= settings.idlePerWorker() && oldest != null) {
      UpstreamConnection evicted = oldest;
      forget(evicted);
      evicted.closeIdle();
    }
    connection.idle = true;
    connection.older = youngest;
    connection.newer = null;
    if (youngest != null) {
      youngest.newer = connection;
    } else {
      oldest = connection;
    }
    youngest = connection;
    idleCount++;
    backend.meter().idle(worker.counters(), 1);
    return true;
  }

  /** A connection that was idle no longer is. */
  public void forget(UpstreamConnection connection) {
    if (!connection.idle) {
      return;
    }
    connection.idle = false;
    if (connection.newer != null) {
      connection.newer.older = connection.older;
    } else {
      youngest = connection.older;
    }
    if (connection.older != null) {
      connection.older.newer = connection.newer;
    } else {
      oldest = connection.newer;
    }
    connection.older = null;
    connection.newer = null;
    idleCount--;
    backend.meter().idle(worker.counters(), -1);
  }

  /** Closes all that is idle, when the backend left the configuration. */
  public void closeIdle() {
    for (UpstreamConnection next = takeIdle(); next != null; next = takeIdle()) {
      next.closeIdle();
    }
  }
}
