package io.weir.core.http2;

import io.weir.core.upstream.PoolSettings;
import io.weir.core.upstream.UpstreamConnection;
import io.weir.core.upstream.UpstreamProtocol;
import io.weir.core.upstream.WorkerBackend;
import org.jspecify.annotations.Nullable;

/** HTTP/2 toward backends. */
public final class Http2Protocol implements UpstreamProtocol {
  public static final Http2Protocol INSTANCE = new Http2Protocol();

  private static final String ALPN = "h2";

  private Http2Protocol() {}

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public boolean isAgreedBy(@Nullable String applicationProtocol) {
    return ALPN.equals(applicationProtocol);
  }

  @Override
  public UpstreamConnection newConnection(
      WorkerBackend home, PoolSettings settings, Opening opening) {
    return Http2Upstream.open(home, settings, opening);
  }
}
