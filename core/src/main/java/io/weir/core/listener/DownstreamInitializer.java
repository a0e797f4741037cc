package io.weir.core.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.weir.core.exchange.ClientConnection;
import io.weir.core.meter.ListenerMeter.Rejection;
import io.weir.core.snapshot.Listener;
import io.weir.core.snapshot.Snapshot;
import io.weir.core.tcp.PassthroughHandler;
import io.weir.firewall.address.ClientAddress;
import io.weir.tls.CertificateStore;
import io.weir.tls.ClientHelloPeeker;
import io.weir.tls.ServerTls;
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
    Snapshot snapshot = door.path().snapshot();
    Listener listener = snapshot.listeners().get(bound.listener());
    if (listener == null || !(channel.remoteAddress() instanceof InetSocketAddress remote)) {
      channel.close(); // its listener was just removed, or the client is gone already
      return;
    }
    ClientAddress peer = ClientAddress.ofBytes(remote.getAddress().getAddress());
    if (!admit(channel, snapshot, listener, peer)) {
      return;
    }
    switch (listener.mode()) {
      case Listener.Http http -> http(channel, listener, http, peer);
      case Listener.Relay relay ->
          relay(channel)
              .addLast(
                  HandlerNames.RELAY,
                  new PassthroughHandler(
                      door.worker(), relay.pool(), listener.meter(), relay.idleNanos()));
      case Listener.RelayByServerName byName ->
          relay(channel)
              .addLast(
                  HandlerNames.HELLO,
                  new ClientHelloPeeker(
                      HandlerNames.TLS, new RelayRouting(door.worker(), listener, byName)));
    }
  }

  /** Limits and rules that need only the address, before a byte is read. */
  private boolean admit(Channel channel, Snapshot snapshot, Listener listener, ClientAddress peer) {
    boolean trusted = snapshot.trustedProxies().contains(peer);
    Rejection rejection = limit.enter(snapshot, peer, !trusted);
    if (rejection == null) {
      rejection = door.gate().judge(snapshot, listener, peer, trusted);
      if (rejection != null) {
        limit.leave(peer, !trusted);
      }
    }
    if (rejection != null) {
      listener.meter().connectionRejected(door.worker().counters(), rejection);
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.close();
      return false;
    }
    listener.meter().connectionOpened(door.worker().counters());
    channel
        .closeFuture()
        .addListener(closed -> {
          limit.leave(peer, !trusted);
          listener.meter().connectionClosed(door.worker().counters());
        });
    return true;
  }

  private void http(Channel channel, Listener listener, Listener.Http http, ClientAddress peer) {
    CertificateStore certificates = http.certificates();
    ClientConnection connection =
        new ClientConnection(door.path(), listener, peer, certificates != null);
    door.arrived(channel);
    if (certificates != null) {
      tls(channel, listener, http, certificates, connection);
    } else if (http.h2c()) {
      channel
          .pipeline()
          .addLast(HandlerNames.PREFACE, new PrefacePeeker(door, connection, http.http1()));
    } else {
      door.speakHttp1(channel, connection);
    }
  }

  private void tls(
      Channel channel,
      Listener listener,
      Listener.Http http,
      CertificateStore certificates,
      ClientConnection connection) {
    ChannelPipeline pipeline = channel.pipeline();
    Termination termination = new Termination(door, listener.name(), connection);
    @Nullable ServerTls single = certificates.single();
    if (single != null) {
      pipeline.addLast(HandlerNames.TLS, termination.handler(single, channel.alloc()));
    } else {
      pipeline.addLast(HandlerNames.HELLO, new ClientHelloPeeker(HandlerNames.TLS, termination));
    }
    pipeline.addLast(
        HandlerNames.HANDSHAKE, new HandshakeWatch(door, listener.meter(), connection, http));
  }

  private ChannelPipeline relay(Channel channel) {
    door.relays(channel);
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    return channel.pipeline();
  }
}
