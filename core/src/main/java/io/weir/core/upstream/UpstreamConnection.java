package io.weir.core.upstream;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.weir.core.http.ResponseListener;
import io.weir.core.http.UpstreamStream;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a backend that serves one request at a time and may wait, idle, for the next.
 * Confined to its loop.
 */
public abstract class UpstreamConnection extends ChannelInboundHandlerAdapter
    implements UpstreamStream {
  @Nullable UpstreamConnection older;
  @Nullable UpstreamConnection newer;
  boolean idle;

  /**
   * Begins to serve a request, whose response {@code listener} hears.
   *
   * @param responseNanos how long the backend may be silent; 0 leaves that to its pool
   */
  public abstract void lease(ResponseListener listener, long responseNanos);

  /** Closes a connection that waits idle. */
  protected abstract void closeIdle();
}
