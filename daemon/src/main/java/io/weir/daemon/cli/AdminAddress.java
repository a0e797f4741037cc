package io.weir.daemon.cli;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** Where a running daemon is spoken to: {@code host:port} or {@code unix:/path}. */
public sealed interface AdminAddress {
  SocketAddress socketAddress();

  /** A TCP address; what an operator types when a name has to be resolved is resolved here. */
  record Tcp(String host, int port) implements AdminAddress {
    @Override
    public SocketAddress socketAddress() {
      return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
      return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
  }

  /** A socket in the file system. */
  record Unix(Path path) implements AdminAddress {
    @Override
    public SocketAddress socketAddress() {
      return UnixDomainSocketAddress.of(path);
    }

    @Override
    public String toString() {
      return "unix:" + path;
    }
  }
}
