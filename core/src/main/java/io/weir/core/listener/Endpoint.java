package io.weir.core.listener;

import java.net.InetSocketAddress;

/**
 * An address to bind and the listener that it is for.
 *
 * @param address port 0 lets the system choose one
 */
public record Endpoint(InetSocketAddress address, String listener) {
  /** By what a bound address is known again: port 0 is another port for every listener. */
  Object key() {
    return address.getPort() == 0 ? this : address;
  }
}
