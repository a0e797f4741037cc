package io.weir.core.proxyprotocol;

import io.netty.channel.Channel;
import io.weir.firewall.address.ClientAddress;
import java.net.InetSocketAddress;

/** What a PROXY header says of the connection that it stands before. */
public sealed interface ProxyHeader {
  Local LOCAL = new Local();
  Unknown UNKNOWN = new Unknown();

  /** The proxy speaks for itself: a health check, say. */
  record Local() implements ProxyHeader {}

  /** It is a client's, whose address cannot be told. */
  record Unknown() implements ProxyHeader {}

  /** It is a client's, which came from {@code source} and went to {@code destination}. */
  record Known(ClientAddress source, int sourcePort, ClientAddress destination, int destinationPort)
      implements ProxyHeader {

    /** A client's of whose connection nothing else is known. */
    public static Known toNowhere(ClientAddress client) {
      return new Known(client, 0, ClientAddress.UNSPECIFIED, 0);
    }

    /** The same connection for a client that was told of in another way, so without its port. */
    public Known from(ClientAddress client) {
      return client.equals(source) ? this : new Known(client, 0, destination, destinationPort);
    }
  }

  /** What is to be said of a client's connection itself. */
  static ProxyHeader of(Channel client) {
    return client.remoteAddress() instanceof InetSocketAddress source
            && client.localAddress() instanceof InetSocketAddress destination
        ? new Known(address(source), source.getPort(), address(destination), destination.getPort())
        : UNKNOWN;
  }

  private static ClientAddress address(InetSocketAddress address) {
    return ClientAddress.ofBytes(address.getAddress().getAddress());
  }
}
