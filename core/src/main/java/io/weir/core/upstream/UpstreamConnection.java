package io.weir.core.upstream;

import io.netty.channel.ChannelHandler;
import io.weir.core.http.ResponseListener;
import io.weir.core.http.UpstreamStream;

/**
 * A connection to a backend: the last handler of its pipeline. HTTP/1 carries one request at a time
 * on it, HTTP/2 many. Confined to its loop.
 */
public interface UpstreamConnection extends ChannelHandler {
  /** Whether it can take a request now. */
  boolean hasRoom();

  /**
   * Begins a request, whose response {@code listener} hears; only while there is room.
   *
   * @param settings of its pool now, which may be newer than the connection
   * @param responseNanos how long the backend may be silent; 0 leaves that to its pool
   */
  UpstreamStream begin(ResponseListener listener, PoolSettings settings, long responseNanos);

  /** Takes no request any more, and closes when those that it carries have ended. */
  void retire();

  /** Where it stands among the connections to its backend. */
  Place place();
}
