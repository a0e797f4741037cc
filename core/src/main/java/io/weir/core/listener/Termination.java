package io.weir.core.listener;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.weir.core.exchange.ClientConnection;
import io.weir.core.http.Closing;
import io.weir.tls.CertificateStore;
import io.weir.tls.ClientHello;
import io.weir.tls.ClientHelloCallback;
import io.weir.tls.ServerNameDecision;
import io.weir.tls.ServerTls;
import io.weir.tls.TlsFailure;
import java.nio.charset.StandardCharsets;

/**
 * Chooses the certificate for one connection, in the newest snapshot that has its listener. For its
 * loop.
 */
final class Termination implements ClientHelloCallback {
  /** Of the oldest version, which every client understands. */
  private static final byte[] PLAIN_HTTP =
      """
      HTTP/1.0 400 Bad Request\r
      Content-Type: text/plain\r
      Connection: close\r
      \r
      This is a port for https, and the request came in plain http.
      """
          .getBytes(StandardCharsets.US_ASCII);

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
  public boolean answersPlainHttp() {
    return true;
  }

  /** HandshakeWatch, which goes on to watch the time, closes if the client does not. */
  @Override
  public void plainHttp(ChannelHandlerContext ctx) {
    refused(ctx, TlsFailure.PROTOCOL);
    ctx.write(Unpooled.wrappedBuffer(PLAIN_HTTP));
    Closing.linger(ctx.channel());
  }

  @Override
  public void refused(ChannelHandlerContext ctx, TlsFailure why) {
    ctx.fireUserEventTriggered(new Refused(why));
  }

  /** Tells {@link HandshakeWatch} that there will be no handshake. */
  record Refused(TlsFailure why) {}
}
