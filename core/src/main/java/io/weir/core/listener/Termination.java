package io.weir.core.listener;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.weir.core.exchange.ClientConnection;
import io.weir.tls.CertificateStore;
import io.weir.tls.ClientHello;
import io.weir.tls.ClientHelloCallback;
import io.weir.tls.ServerNameDecision;
import io.weir.tls.ServerTls;
import io.weir.tls.TlsFailure;

/**
 * Chooses the certificate for one connection, in the newest snapshot that has its listener. For its
 * loop.
 */
final class Termination implements ClientHelloCallback {
  private final ClientConnection connection;

  Termination(ClientConnection connection) {
    this.connection = connection;
  }

  @Override
  public boolean wantsFingerprint() {
    return connection.http().fingerprints();
  }

  @Override
  public ServerNameDecision decide(ChannelHandlerContext ctx, ClientHello hello) {
    CertificateStore certificates = connection.http().certificates();
    if (certificates == null) {
      return new ServerNameDecision.Refuse(TlsFailure.CLOSED); // a reload just ended TLS here
    }
    connection.fingerprinted(hello.ja4());
    return certificates.decide(hello);
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
