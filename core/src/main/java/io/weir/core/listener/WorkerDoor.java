package io.weir.core.listener;

import io.netty.channel.Channel;
import io.weir.core.exchange.RequestPath;
import io.weir.core.http.Closing;
import io.weir.core.http.DownstreamConnection;
import io.weir.core.http.Failure;
import io.weir.core.http.RequestHandler;
import io.weir.core.http1.Http1Downstream;
import io.weir.core.http1.Http1Worker;
import io.weir.core.http2.Http2Downstream;
import io.weir.core.http2.Http2Worker;
import io.weir.core.worker.Worker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What one worker needs to take in connections, and the HTTP connections that it has. */
public final class WorkerDoor {
  private final RequestPath path;
  private final Http1Worker http1;
  private final Http2Worker http2;
  private final Gate gate;
  private final IdentityHashMap<Channel, DownstreamConnection> connections =
      new IdentityHashMap<>();

  /** Client connections whose bytes are, or will be, relayed. */
  private final Set<Channel> relayed = Collections.newSetFromMap(new IdentityHashMap<>());

  private boolean closed; // later than the path drains: who comes until then is served

  public WorkerDoor(RequestPath path) {
    this.path = path;
    this.http1 = new Http1Worker(path.worker());
    this.http2 = new Http2Worker(path.worker());
    this.gate = new Gate(path);
  }

  public RequestPath path() {
    return path;
  }

  Worker worker() {
    return path.worker();
  }

  Gate gate() {
    return gate;
  }

  /** A connection was accepted; what it speaks will be known later. */
  void arrived(Channel channel) {
    connections.put(channel, new Arriving(channel));
    channel.closeFuture().addListener(closed -> connections.remove(channel));
  }

  /** From here on the connection speaks HTTP/1. */
  void speakHttp1(Channel channel, RequestHandler handler) {
    Http1Downstream connection = new Http1Downstream(http1, handler);
    channel.pipeline().addLast(HandlerNames.HTTP, connection);
    opened(channel, connection);
  }

  /** From here on the connection speaks HTTP/2. */
  void speakHttp2(Channel channel, RequestHandler handler) {
    Http2Downstream connection = new Http2Downstream(http2, handler);
    channel.pipeline().addLast(HandlerNames.HTTP, connection);
    opened(channel, connection);
  }

  private void opened(Channel channel, DownstreamConnection connection) {
    connections.put(channel, connection);
    if (closed) {
      connection.drain();
    }
  }

  /** From here on the connection's bytes are relayed. */
  void relays(Channel channel) {
    connections.remove(channel);
    relayed.add(channel);
    channel.closeFuture().addListener(closed -> relayed.remove(channel));
  }

  /**
   * Ends idle connections now and the others with their current request; those that have just come
   * get some time to ask. Relays go on: only their ends know when they are done. On the loop.
   *
   * @param firstRequestMillis how much time
   */
  public void drain(long firstRequestMillis) {
    path.drain();
    for (DownstreamConnection connection : new ArrayList<>(connections.values())) {
      if (!connection.isNew()) {
        connection.drain();
      }
    }
    var _ = worker().loop().schedule(this::drainAll, firstRequestMillis, TimeUnit.MILLISECONDS);
  }

  private void drainAll() {
    closed = true;
    new ArrayList<>(connections.values()).forEach(DownstreamConnection::drain);
  }

  /** Cuts what is still open. On the loop. */
  public void close() {
    closed = true;
    path.drain();
    new ArrayList<>(connections.values()).forEach(one -> one.cut(Failure.STOPPED));
    for (Channel channel : new ArrayList<>(relayed)) {
      tell(channel, Failure.STOPPED);
      channel.close();
    }
  }

  /** For the log: what is relayed has no other way to learn why it ends. */
  private static void tell(Channel relayed, Failure why) {
    relayed.pipeline().fireUserEventTriggered(why);
  }

  /** Cuts one that does not take what it asked for. On the loop. */
  void cut(Channel channel) {
    DownstreamConnection connection = connections.get(channel);
    if (connection == null) {
      tell(channel, Failure.OVERLOAD);
      Closing.reset(channel);
    } else {
      connection.cut(Failure.OVERLOAD);
    }
  }
}
