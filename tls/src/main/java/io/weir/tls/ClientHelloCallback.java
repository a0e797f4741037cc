package io.weir.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;

/**
 * What a listener does with the ClientHello of a connection; called on its event loop, and may keep
 * state between the calls for one connection if it serves no other.
 */
public interface ClientHelloCallback {

  /**
   * Chooses, without waiting. Look into the newest {@link CertificateStore}, not into the one of
   * when the connection was accepted: a client can take its time, and that one may be closed.
   */
  ServerNameDecision decide(ChannelHandlerContext ctx, ClientHello hello);

  /** Whether {@link ClientHello#ja4} is asked for, which costs two hashes. */
  default boolean wantsFingerprint() {
    return false;
  }

  /** The handler that takes the peeker's place: time-outs and listeners are added here. */
  default SslHandler newHandler(ChannelHandlerContext ctx, ServerTls tls) {
    return tls.newHandler(ctx.alloc());
  }

  /**
   * Adds what handles the connection from here on after the peeker, which removes itself when this
   * returns: then every byte so far arrives there.
   */
  void passThrough(ChannelHandlerContext ctx, Object target);

  /** Closes a connection that it decided to drop; the peeker reads no more of it. */
  default void dropped(ChannelHandlerContext ctx) {
    ctx.close();
  }

  /**
   * Whether a request of HTTP in plain text, sent here by mistake, is waited for far enough to be
   * known for one, so that {@link #plainHttp} can answer it.
   */
  default boolean answersPlainHttp() {
    return false;
  }

  /** Counts, answers and closes; the peeker throws away what still comes. */
  default void plainHttp(ChannelHandlerContext ctx) {
    ctx.close();
  }

  /** Counts; the peeker has sent the alert, if any, and closes. Called at most once. */
  void refused(ChannelHandlerContext ctx, TlsFailure why);
}
