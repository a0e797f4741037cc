package io.weir.core.listener;

import io.netty.channel.ChannelHandlerContext;
import io.weir.core.exchange.Peer;
import io.weir.core.exchange.RequestPath;
import io.weir.core.http.Closing;
import io.weir.core.meter.ListenerMeter.Rejection;
import io.weir.core.snapshot.Listener;
import io.weir.core.tcp.PassthroughHandler;
import io.weir.core.tcp.Relayed;
import io.weir.core.upstream.Pool;
import io.weir.firewall.TlsHello;
import io.weir.tls.ClientHello;
import io.weir.tls.ClientHelloCallback;
import io.weir.tls.ServerNameDecision;
import io.weir.tls.TlsFailure;
import org.jspecify.annotations.Nullable;

/** Asks the rules about a ClientHello, chooses its pool and passes the connection on untouched. */
final class RelayRouting implements ClientHelloCallback {
  private final RequestPath path;
  private final Listener listener;
  private final Listener.RelayByServerName mode;
  private final Peer peer;
  private final Gate gate;
  private final HelloWatch watch;
  private final @Nullable GenerationRules judging;
  private @Nullable Rejection rejection;
  private @Nullable ClientHello heard;

  /**
   * For one connection.
   *
   * @param watch counts a hello that did not do
   * @param judging the rules that are still to be asked; null: it was judged for good
   */
  RelayRouting(
      RequestPath path,
      Listener listener,
      Listener.RelayByServerName mode,
      Peer peer,
      Gate gate,
      HelloWatch watch,
      @Nullable GenerationRules judging) {
    this.path = path;
    this.listener = listener;
    this.mode = mode;
    this.peer = peer;
    this.gate = gate;
    this.watch = watch;
    this.judging = judging;
  }

  @Override
  public boolean wantsFingerprint() {
    return judging != null && judging.snapshot().firewall().readsJa4OfHellos(listener.index());
  }

  @Override
  public ServerNameDecision decide(ChannelHandlerContext ctx, ClientHello hello) {
    heard = hello;
    String name = hello.serverName();
    if (judging != null) {
      rejection = gate.judge(ctx.channel(), judging, listener, facts(hello));
      if (rejection != null) {
        return ServerNameDecision.Drop.SILENTLY;
      }
    }
    Pool pool = name == null ? null : mode.find(name);
    return pool == null
        ? new ServerNameDecision.Refuse(TlsFailure.UNKNOWN_SNI)
        : new ServerNameDecision.PassThrough(pool);
  }

  private TlsHello facts(ClientHello hello) {
    return new TlsHello(
        peer.client(),
        listener.index(),
        hello.serverName(),
        hello.ja4(),
        path.worker().clock().epochMillis());
  }

  /** As at accept: reset, and counted with the connections that were sent away there. */
  @Override
  public void dropped(ChannelHandlerContext ctx) {
    if (rejection != null) {
      listener.meter().connectionRejected(path.worker().counters(), rejection);
    }
    Closing.reset(ctx.channel());
  }

  @Override
  public void passThrough(ChannelHandlerContext ctx, Object target) {
    ctx.pipeline().remove(HandlerNames.HELLO_WATCH);
    ctx.pipeline()
        .addLast(
            HandlerNames.RELAY,
            new PassthroughHandler(path.worker(), path.log(), relayed((Pool) target)));
  }

  private Relayed relayed(Pool pool) {
    return new Relayed(
        peer,
        listener.name(),
        listener.meter(),
        pool,
        mode.idleNanos(),
        heard == null ? null : heard.serverName(),
        heard == null ? null : heard.ja4());
  }

  @Override
  public void refused(ChannelHandlerContext ctx, TlsFailure why) {
    watch.failed(why);
  }
}
