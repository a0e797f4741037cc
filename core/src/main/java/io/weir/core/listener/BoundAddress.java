package io.weir.core.listener;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.List;

/** One address that is bound, by a socket per worker, and the listener that it now serves. */
final class BoundAddress {
  private final InetSocketAddress address;
  private volatile String listener;
  private volatile List<Channel> sockets = List.of();

  /** For {@code listener}, before its sockets exist. */
  BoundAddress(InetSocketAddress address, String listener) {
    this.address = address;
    this.listener = listener;
  }

  /** As it was asked for; see {@link #localAddress} for a port that the system chose. */
  InetSocketAddress address() {
    return address;
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
