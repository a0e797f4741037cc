package io.weir.core.listener;

import io.netty.channel.ChannelHandlerContext;
import io.weir.core.exchange.Peer;
import io.weir.core.snapshot.Listener;
import io.weir.core.tcp.PassthroughHandler;
import io.weir.core.upstream.Pool;
import io.weir.core.worker.Worker;
import io.weir.tls.ClientHello;
import io.weir.tls.ClientHelloCallback;
import io.weir.tls.ServerNameDecision;
import io.weir.tls.TlsFailure;

/** Chooses the pool for a ClientHello and passes the connection on untouched. */
final class RelayRouting implements ClientHelloCallback {
  private final Worker worker;
  private final Listener listener;
  private final Listener.RelayByServerName mode;
  private final Peer peer;

  RelayRouting(Worker worker, Listener listener, Listener.RelayByServerName mode, Peer peer) {
    this.worker = worker;
    this.listener = listener;
    this.mode = mode;
    this.peer = peer;
  }

  @Override
  public ServerNameDecision decide(ChannelHandlerContext ctx, ClientHello hello) {
    String name = hello.serverName();
    Pool pool = name == null ? null : mode.find(name);
    return pool == null
        ? new ServerNameDecision.Refuse(TlsFailure.UNKNOWN_SNI)
        : new ServerNameDecision.PassThrough(pool);
  }

  @Override
  public void passThrough(ChannelHandlerContext ctx, Object target) {
    ctx.pipeline().remove(HandlerNames.HELLO_WATCH);
    ctx.pipeline()
        .addLast(
            HandlerNames.RELAY,
            new PassthroughHandler(
                worker, (Pool) target, listener.meter(), peer, mode.idleNanos()));
  }

  @Override
  public void refused(ChannelHandlerContext ctx, TlsFailure why) {
    listener.meter().handshakeFailed(worker.counters(), why);
  }
}
