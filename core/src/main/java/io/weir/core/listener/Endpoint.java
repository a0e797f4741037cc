package io.weir.core.listener;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * An address to bind and the listener that it is for.
 *
 * @param address of the network, where port 0 lets the system choose one, or of a Unix socket
 * @param socketMode the permissions of a Unix socket's file, as chmod(2) takes them; 0 for others
 */
public record Endpoint(SocketAddress address, int socketMode, String listener) {
  /** By what a bound address is known again: port 0 is another port for every listener. */
  Object key() {
    return address instanceof InetSocketAddress inet && inet.getPort() == 0 ? this : address;
  }
}
