package io.weir.core.upstream;

import io.weir.core.proxyprotocol.ProxyHeader;
import org.jspecify.annotations.Nullable;

/**
 * Where one connection stands among those of a worker to a backend. Its fields belong to {@link
 * WorkerBackend}.
 */
public final class Place {
  final UpstreamConnection connection;
  @Nullable Place older;
  @Nullable Place newer;

  /** What a PROXY header has said on it; such a connection is for that client alone. */
  @Nullable ProxyHeader told;

  /** Whether it can take a request, so that it is in the list. */
  boolean spare;

  /** Whether it carries no request. */
  boolean idle;

  public Place(UpstreamConnection connection) {
    this.connection = connection;
  }
}
