package io.weir.core.upstream;

import org.jspecify.annotations.Nullable;

/**
 * Where one connection stands among those of a worker to a backend. Its fields belong to {@link
 * WorkerBackend}.
 */
public final class Place {
  final UpstreamConnection connection;
  @Nullable Place older;
  @Nullable Place newer;

  /** Whether it can take a request, so that it is in the list. */
  boolean spare;

  /** Whether it carries no request. */
  boolean idle;

  public Place(UpstreamConnection connection) {
    this.connection = connection;
  }
}
