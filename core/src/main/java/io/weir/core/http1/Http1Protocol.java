package io.weir.core.http1;

import io.weir.core.upstream.PoolSettings;
import io.weir.core.upstream.UpstreamConnection;
import io.weir.core.upstream.UpstreamProtocol;
import io.weir.core.upstream.WorkerBackend;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 toward backends. */
public final class Http1Protocol implements UpstreamProtocol {
  public static final Http1Protocol INSTANCE = new Http1Protocol();

  private Http1Protocol() {}

  @Override
  public boolean isShared() {
    return false;
  }

  /** Also when nothing was agreed on: backends that know no ALPN speak HTTP/1. */
  @Override
  public boolean isAgreedBy(@Nullable String applicationProtocol) {
    return true;
  }

  @Override
  public UpstreamConnection newConnection(
      WorkerBackend home, PoolSettings settings, Opening opening) {
    return new Http1Upstream(home, settings);
  }
}
