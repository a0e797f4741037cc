package io.weir.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;

/**
 * TLS toward the backends of a pool. Borrowed from a {@link TlsContextCache}: close it once, when
 * no connection can be dialled with it any more.
 */
public final class UpstreamTls implements AutoCloseable {

  private final TlsContextCache cache;
  private final UpstreamTlsConfig config;
  private final SslContext context;
  private boolean closed; // written by the control thread only

  UpstreamTls(TlsContextCache cache, UpstreamTlsConfig config, SslContext context) {
    this.cache = cache;
    this.config = config;
    this.context = context;
  }

  public UpstreamTlsConfig config() {
    return config;
  }

  /**
   * A handler for one connection, which sends and expects the configured server name, else {@code
   * host}; sessions are resumed by that name and {@code port}. It must get into a pipeline.
   *
   * @param host a name, or an address without brackets, which is then expected as an IP SAN
   */
  public SslHandler newHandler(ByteBufAllocator allocator, String host, int port) {
    String name = config.serverName();
    return context.newHandler(allocator, name != null ? name : host, port);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      cache.giveBack(this);
    }
  }

  SslContext context() {
    return context;
  }
}
