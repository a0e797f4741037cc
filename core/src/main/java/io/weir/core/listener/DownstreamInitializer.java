package io.weir.core.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannelConfig;
import io.weir.core.exchange.ClientConnection;
import io.weir.core.exchange.Peer;
import io.weir.core.http.Closing;
import io.weir.core.meter.ListenerMeter.Rejection;
import io.weir.core.proxyprotocol.ProxyHeader;
import io.weir.core.snapshot.Listener;
import io.weir.core.snapshot.Snapshot;
import io.weir.core.tcp.PassthroughHandler;
import io.weir.core.tcp.Relayed;
import io.weir.firewall.address.ClientAddress;
import io.weir.tls.ClientHelloPeeker;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What every accepted connection goes through, in this order. For one worker's loop. */
final class DownstreamInitializer extends ChannelInitializer<Channel> {
  private final BoundAddress bound;
  private final WorkerDoor door;
  private final ConnectionLimit limit;

  DownstreamInitializer(BoundAddress bound, WorkerDoor door, ConnectionLimit limit) {
    this.bound = bound;
    this.door = door;
    this.limit = limit;
  }

  @Override
  public boolean isSharable() {
    return true; // it serves all connections of its socket
  }

  @Override
  protected void initChannel(Channel channel) {
    Snapshot snapshot = snapshot();
    Listener listener = snapshot.listeners().get(bound.listener());
    ClientAddress peer = peer(channel);
    if (listener == null || peer == null) {
      channel.close(); // its listener is not adopted yet, or the client is gone already
      return;
    }
    if (!limit.enter(snapshot)) {
      reject(channel, listener, Rejection.LIMIT);
      return;
    }
    channel.closeFuture().addListener(closed -> limit.leave());
    if (listener.proxyHeaderNanos() > 0) {
      awaitHeader(channel, snapshot, listener, peer);
    } else {
      serve(channel, snapshot, listener, new Peer(peer, null, channel));
    }
  }

  private Snapshot snapshot() {
    return bound.servedBy(door.path().snapshot());
  }

  private @Nullable ClientAddress peer(Channel channel) {
    if (bound.isUnix()) {
      return ClientAddress.UNSPECIFIED;
    }
    return channel.remoteAddress() instanceof InetSocketAddress remote
        ? ClientAddress.ofBytes(remote.getAddress().getAddress())
        : null;
  }

  /** Whose connection it is will be known only when its PROXY header is there. */
  private void awaitHeader(
      Channel channel, Snapshot snapshot, Listener listener, ClientAddress peer) {
    if (!snapshot.trustedProxies().contains(peer)) {
      reject(channel, listener, Rejection.PROXY_HEADER);
      return;
    }
    door.arrived(channel);
    ProxyHeaderHandler.Next next =
        new ProxyHeaderHandler.Next() {
          @Override
          public void told(ProxyHeader header) {
            Snapshot now = snapshot();
            Listener current = now.listeners().get(listener.name());
            if (current == null) {
              channel.close(); // a reload gave the address to another listener
            } else {
              serve(channel, now, current, new Peer(peer, header, channel));
            }
          }

          @Override
          public void refused() {
            reject(channel, listener, Rejection.PROXY_HEADER);
          }
        };
    channel
        .pipeline()
        .addLast(
            HandlerNames.PROXY,
            new ProxyHeaderHandler(door.worker(), listener.proxyHeaderNanos(), next));
  }

  private void serve(Channel channel, Snapshot snapshot, Listener listener, Peer peer) {
    if (!admit(channel, snapshot, listener, peer)) {
      return;
    }
    channel.pipeline().addLast(new SlowReaderWatch(door, listener.meter(), channel));
    switch (listener.mode()) {
      case Listener.Http http -> http(channel, snapshot, listener, http, peer);
      case Listener.Relay relay ->
          relay(channel)
              .addLast(
                  HandlerNames.RELAY,
                  new PassthroughHandler(
                      door.worker(),
                      door.path().log(),
                      new Relayed(
                          peer,
                          listener.name(),
                          listener.meter(),
                          relay.pool(),
                          relay.idleNanos(),
                          null,
                          null)));
      case Listener.RelayByServerName byName -> {
        HelloWatch watch = new HelloWatch(door.worker(), listener.meter(), byName.helloNanos());
        relay(channel)
            .addLast(HandlerNames.HELLO_WATCH, watch)
            .addLast(
                HandlerNames.HELLO,
                new ClientHelloPeeker(
                    HandlerNames.TLS,
                    new RelayRouting(
                        door.path(),
                        listener,
                        byName,
                        peer,
                        door.gate(),
                        watch,
                        door.gate().leftToHello())));
      }
    }
  }

  /** Limits and rules that need only the client's address, before a byte of its is read. */
  private boolean admit(Channel channel, Snapshot snapshot, Listener listener, Peer peer) {
    ClientAddress client = peer.client();
    boolean oneClient = peer.isNamed() || !snapshot.trustedProxies().contains(peer.address());
    if (oneClient && !limit.enter(snapshot, client)) {
      reject(channel, listener, Rejection.PER_IP);
      return false;
    }
    if (oneClient) {
      channel.closeFuture().addListener(closed -> limit.leave(client));
    }
    Rejection rejection = door.gate().judge(channel, snapshot, listener, client, !oneClient);
    if (rejection != null) {
      reject(channel, listener, rejection);
      return false;
    }
    listener.meter().connectionOpened(door.worker().counters());
    channel
        .closeFuture()
        .addListener(closed -> listener.meter().connectionClosed(door.worker().counters()));
    return true;
  }

  private void reject(Channel channel, Listener listener, Rejection reason) {
    listener.meter().connectionRejected(door.worker().counters(), reason);
    Closing.reset(channel);
  }

  private void http(
      Channel channel, Snapshot snapshot, Listener listener, Listener.Http http, Peer peer) {
    boolean tls = http.certificates() != null;
    ClientConnection connection = new ClientConnection(door.path(), snapshot, listener, peer, tls);
    door.arrived(channel);
    if (tls) {
      tls(channel, listener, http, connection);
    } else if (http.h2c()) {
      channel
          .pipeline()
          .addLast(HandlerNames.PREFACE, new PrefacePeeker(door, connection, http.http1()));
    } else {
      door.speakHttp1(channel, connection);
    }
  }

  private void tls(
      Channel channel, Listener listener, Listener.Http http, ClientConnection connection) {
    channel
        .pipeline()
        .addLast(
            HandlerNames.HELLO,
            new ClientHelloPeeker(HandlerNames.TLS, new Termination(connection)))
        .addLast(
            HandlerNames.HANDSHAKE, new HandshakeWatch(door, listener.meter(), connection, http));
  }

  private ChannelPipeline relay(Channel channel) {
    door.relays(channel);
    ((DuplexChannelConfig) channel.config()).setAllowHalfClosure(true);
    return channel.pipeline();
  }
}
