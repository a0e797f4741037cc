package io.weir.core.exchange;

import io.netty.channel.Channel;
import io.weir.core.proxyprotocol.ProxyHeader;
import io.weir.firewall.address.ClientAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a client connection, and for whom it was made.
 *
 * @param address the other end
 * @param told what a PROXY header said; null where none was asked for
 */
public record Peer(ClientAddress address, @Nullable ProxyHeader told, Channel channel) {
  /** Whose connection it is, as far as the connection itself tells. */
  public ClientAddress client() {
    return told instanceof ProxyHeader.Known known ? known.source() : address;
  }

  /** Whether the client was named, and no header field can name another. */
  public boolean isNamed() {
    return told instanceof ProxyHeader.Known;
  }

  /** Whether what comes is the peer's own words, and not those of a client that it relays. */
  boolean speaksForItself() {
    return told == null || told instanceof ProxyHeader.Local;
  }

  /** What the next hop is told. */
  public ProxyHeader onward() {
    return told == null || told instanceof ProxyHeader.Local ? ProxyHeader.of(channel) : told;
  }
}
