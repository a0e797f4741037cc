package io.weir.core.health;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;

/** Makes the client side of TLS for a connection to a backend. */
@FunctionalInterface
public interface TlsHandlers {

  /** A handler for one connection; {@code host} and {@code port} are the backend's. */
  SslHandler create(ByteBufAllocator alloc, String host, int port);
}
