package io.weir.core.upstream;

import io.weir.core.http.ResponseListener;
import io.weir.core.http.UpstreamStream;
import io.weir.core.proxyprotocol.ProxyHeader;
import io.weir.core.worker.Worker;
import org.jspecify.annotations.Nullable;

/** One backend as one worker sees it: its connections. For that worker's loop. */
public final class WorkerBackend {
  /*
   * In the list are the connections that can take a request: of HTTP/1 those that are idle, of
   * HTTP/2 those with room for another stream. The youngest is first: it is the least likely to be
   * closed by the backend now, and what is left over grows old and is closed. Connections move
   * themselves, when a request begins or ends on them; the list only keeps count.
   */

  private final Backend backend;
  private final Worker worker;
  private @Nullable Place youngest;
  private @Nullable Place oldest;
  private @Nullable Dial dialling;
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

  /**
   * Begins a request on a connection that has room; null if there is none.
   *
   * @param settings of its pool now
   * @param told what a PROXY header must have said on it; null where none is sent
   * @param responseNanos how long the backend may be silent; 0 leaves that to its pool
   */
  public @Nullable UpstreamStream begin(
      ResponseListener listener,
      PoolSettings settings,
      @Nullable ProxyHeader told,
      long responseNanos) {
    Place next = youngest;
    while (next != null && told != null && !told.equals(next.told)) {
      next = next.older; // few: keep_alive.per_worker bounds them
    }
    return next == null ? null : next.connection.begin(listener, settings, responseNanos);
  }

  /**
   * Waits for a connection that is being made, where it can carry the request too, or makes one.
   * The listener may be called before this returns.
   *
   * @param told what the PROXY header says; null where the pool sends none
   */
  public Dial dial(PoolSettings settings, @Nullable ProxyHeader told, Dial.Listener listener) {
    Dial underWay = dialling;
    if (underWay != null && underWay.takesIn(settings, told, listener)) {
      return underWay;
    }
    Dial fresh = new Dial(this, settings, told, listener);
    if (settings.protocol().isShared()) {
      dialling = fresh;
    }
    fresh.connect();
    return fresh;
  }

  /** A dial takes no more requests. */
  void dialled(Dial dial) {
    if (dialling == dial) {
      dialling = null;
    }
  }

  /** A connection was made; it counts until {@link #closed}. */
  void opened() {
    backend.meter().opened(worker.counters());
    backend.meter().active(worker.counters(), 1);
  }

  void closed(Place place) {
    remove(place);
    backend.meter().active(worker.counters(), -1);
  }

  /**
   * A request ended on a connection, which can take another.
   *
   * @param idle whether it carries none now; the oldest that is idle makes way if there are too
   *     many
   * @return false if it must take none: it closes when it carries none
   */
  public boolean keep(Place place, boolean idle, PoolSettings settings) {
    if (backend.isOrphan() || (idle && settings.idlePerWorker() == 0)) {
      remove(place);
      return false;
    }
    if (idle && !place.idle && idleCount >= settings.idlePerWorker()) {
      evict();
    }
    idle(place, idle);
    if (!place.spare) {
      link(place);
    }
    return true;
  }

  /** A request began on a connection, which may still have room for another. */
  public void use(Place place, boolean hasRoom) {
    idle(place, false);
    if (!hasRoom) {
      unlink(place);
    }
  }

  /** A connection takes no request any more. */
  public void remove(Place place) {
    use(place, false);
  }

  private void idle(Place place, boolean now) {
    if (place.idle == now) {
      return;
    }
    place.idle = now;
    int more = now ? 1 : -1;
    idleCount += more;
    backend.meter().idle(worker.counters(), more);
    backend.meter().active(worker.counters(), -more);
  }

  private void evict() {
    Place place = oldest;
    while (place != null && !place.idle) {
      place = place.newer;
    }
    if (place != null) {
      remove(place);
      place.connection.retire();
    }
  }

  private void link(Place place) {
    place.spare = true;
    place.older = youngest;
    place.newer = null;
    if (youngest != null) {
      youngest.newer = place;
    } else {
      oldest = place;
    }
    youngest = place;
  }

  private void unlink(Place place) {
    if (!place.spare) {
      return;
    }
    place.spare = false;
    if (place.newer != null) {
      place.newer.older = place.older;
    } else {
      youngest = place.older;
    }
    if (place.older != null) {
      place.older.newer = place.newer;
    } else {
      oldest = place.newer;
    }
    place.older = null;
    place.newer = null;
  }

  /** Lets all connections end, when the backend left the configuration. */
  public void retireAll() {
    for (Place next = youngest; next != null; next = youngest) {
      remove(next);
      next.connection.retire();
    }
  }
}
