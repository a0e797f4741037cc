package io.weir.core.listener;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.List;

/** One address that is bound, by a socket per worker, and the listener that it now serves. */
final class BoundAddress {
  private final Endpoint endpoint;
  private volatile String listener;
  private volatile List<Channel> sockets = List.of();

  /** Before its sockets exist. */
  BoundAddress(Endpoint endpoint) {
    this.endpoint = endpoint;
    this.listener = endpoint.listener();
  }

  Object key() {
    return endpoint.key();
  }

  /** As it was asked for; see {@link #localAddress} for a port that the system chose. */
  InetSocketAddress address() {
    return endpoint.address();
  }

  /** The name of the listener that accepted connections belong to. */
  String listener() {
    return listener;
  }

  /** A reload gave the address to another listener. Control thread only. */
  void serve(String name) {
    listener = name;
  }

  void sockets(List<Channel> bound) {
    sockets = List.copyOf(bound);
  }

  List<Channel> sockets() {
    return sockets;
  }

  InetSocketAddress localAddress() {
    return (InetSocketAddress) sockets.getFirst().localAddress();
  }
}
