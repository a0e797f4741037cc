package io.weir.core.listener;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.weir.core.exchange.ClientConnection;
import io.weir.core.snapshot.Listener;
import io.weir.tls.ClientHello;
import io.weir.tls.ClientHelloCallback;
import io.weir.tls.ServerNameDecision;
import io.weir.tls.ServerTls;
import io.weir.tls.TlsFailure;
import org.jspecify.annotations.Nullable;

/** Chooses the certificate for one connection, in the newest snapshot. For its loop. */
final class Termination implements ClientHelloCallback {
  private final WorkerDoor door;
  private final String listener;
  private final ClientConnection connection;

  Termination(WorkerDoor door, String listener, ClientConnection connection) {
    this.door = door;
    this.listener = listener;
    this.connection = connection;
  }

  private Listener.@Nullable Http current() {
    Listener current = door.path().snapshot().listeners().get(listener);
    return current != null && current.mode() instanceof Listener.Http http ? http : null;
  }

  @Override
  public boolean wantsFingerprint() {
    Listener.Http http = current();
    return http != null && http.fingerprints();
  }

  @Override
  public ServerNameDecision decide(ChannelHandlerContext ctx, ClientHello hello) {
    Listener.Http http = current();
    if (http == null || http.certificates() == null) {
      return new ServerNameDecision.Refuse(TlsFailure.CLOSED); // a reload just took the listener
    }
    connection.fingerprinted(hello.ja4());
    return http.certificates().decide(hello);
  }

  @Override
  public SslHandler newHandler(ChannelHandlerContext ctx, ServerTls tls) {
    connection.presented(tls);
    SslHandler handler = tls.newHandler(ctx.alloc());
    handler.setHandshakeTimeoutMillis(0); // is HandshakeWatch's, which needs no task of its own
    return handler;
  }

  @Override
  public void passThrough(ChannelHandlerContext ctx, Object target) {
    throw new IllegalStateException("nothing is passed through here");
  }

  @Override
  public void refused(ChannelHandlerContext ctx, TlsFailure why) {
    ctx.fireUserEventTriggered(new Refused(why));
  }

  /** Tells {@link HandshakeWatch} that there will be no handshake. */
  record Refused(TlsFailure why) {}
}
