package io.weir.core.upstream;

import io.weir.core.http.Failure;
import org.jspecify.annotations.Nullable;

/** Speaks HTTP, of one version, over a connection that was just made. */
public interface UpstreamProtocol {
  /**
   * Whether a connection carries several requests at once, so that they can wait for it together.
   */
  boolean isShared();

  /** Whether what TLS agreed on by ALPN is this protocol; null where nothing was agreed on. */
  boolean isAgreedBy(@Nullable String applicationProtocol);

  /**
   * The handler for the end of the connection's pipeline.
   *
   * @param opening hears when the first request can be sent, where that is not at once
   */
  UpstreamConnection newConnection(WorkerBackend home, PoolSettings settings, Opening opening);

  /** Hears how a connection opens: one of the two, once. */
  interface Opening {
    /** It has room for requests. */
    void onOpen();

    /** It never will have; it closes. */
    void onNeverOpen(Failure failure);
  }
}
