package io.weir.core.listener;

import io.netty.channel.Channel;
import io.weir.core.exchange.RequestPath;
import io.weir.core.http1.Http1Downstream;
import io.weir.core.http1.Http1Worker;
import io.weir.core.worker.Worker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** What one worker needs to take in connections, and the HTTP connections that it has. */
public final class WorkerDoor {
  private final RequestPath path;
  private final Http1Worker http1;
  private final Gate gate;
  private final Set<Http1Downstream> connections =
      Collections.newSetFromMap(new IdentityHashMap<>());

  public WorkerDoor(RequestPath path) {
    this.path = path;
    this.http1 = new Http1Worker(path.worker());
    this.gate = new Gate(path);
  }

  public RequestPath path() {
    return path;
  }

  Worker worker() {
    return path.worker();
  }

  Http1Worker http1() {
    return http1;
  }

  Gate gate() {
    return gate;
  }

  void opened(Channel channel, Http1Downstream connection) {
    connections.add(connection);
    channel.closeFuture().addListener(closed -> connections.remove(connection));
  }

  /** Ends idle connections now and the others with their current request. On the loop. */
  public void drain() {
    path.drain();
    new ArrayList<>(connections).forEach(Http1Downstream::drain);
  }

  /** Cuts what is still open. On the loop. */
  public void close() {
    path.drain();
    new ArrayList<>(connections).forEach(Http1Downstream::abort);
  }

  /** HTTP connections that are open. On the loop. */
  public int open() {
    return connections.size();
  }
}
