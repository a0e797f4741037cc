package io.weir.core.http1;

import io.weir.core.upstream.PoolSettings;
import io.weir.core.upstream.UpstreamConnection;
import io.weir.core.upstream.UpstreamProtocol;
import io.weir.core.upstream.WorkerBackend;

/** HTTP/1.1 toward backends. */
public final class Http1Protocol implements UpstreamProtocol {
  public static final Http1Protocol INSTANCE = new Http1Protocol();

  private Http1Protocol() {}

  @Override
  public UpstreamConnection newConnection(WorkerBackend home, PoolSettings settings) {
    return new Http1Upstream(home, settings);
  }
}
