package io.weir.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * What a finished handshake agreed on.
 *
 * @param version {@code TLSv1.3}
 * @param alpn the protocol; null if none was agreed on
 * @param serverName what the client asked for, lower case; null if it sent none
 * @param clientSubject the subject of the client's certificate (RFC 2253); null if it showed none
 */
public record HandshakeInfo(
    String version,
    Resumption resumption,
    @Nullable String alpn,
    @Nullable String serverName,
    @Nullable String clientSubject) {

  /** Whether the session was resumed; the word is the metric label. */
  public enum Resumption {
    FULL("false"),
    RESUMED("true"),
    /** The JDK does not say. */
    UNKNOWN("unknown");

    private final String label;

    Resumption(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  /** On the connection's event loop, after its handshake succeeded and before it is closed. */
  public static HandshakeInfo of(SslHandler handler) {
    SSLEngine engine = handler.engine();
    String version = engine.getSession().getProtocol();
    String alpn = handler.applicationProtocol();
    String subject = clientSubject(engine);
    if (!(engine instanceof ReferenceCountedOpenSslEngine openssl)) {
      return new HandshakeInfo(version, Resumption.UNKNOWN, alpn, jdkServerName(engine), subject);
    }
    long ssl = openssl.sslPointer();
    if (ssl == 0) { // freed: the library would read through it
      return new HandshakeInfo(version, Resumption.UNKNOWN, alpn, null, subject);
    }
    String name = SSL.getSniHostname(ssl);
    return new HandshakeInfo(
        version,
        SSL.isSessionReused(ssl) ? Resumption.RESUMED : Resumption.FULL,
        alpn,
        name == null || name.isEmpty() ? null : ServerNames.normal(name),
        subject);
  }

  private static @Nullable String clientSubject(SSLEngine engine) {
    if (!engine.getNeedClientAuth() && !engine.getWantClientAuth()) {
      return null; // nobody was asked, and to ask the session would cost an exception
    }
    try {
      return engine.getSession().getPeerPrincipal().getName();
    } catch (SSLPeerUnverifiedException e) {
      return null; // it was optional
    }
  }

  private static @Nullable String jdkServerName(SSLEngine engine) {
    if (engine.getSession() instanceof ExtendedSSLSession session) {
      for (SNIServerName name : session.getRequestedServerNames()) {
        if (name instanceof SNIHostName host) {
          return ServerNames.normal(host.getAsciiName());
        }
      }
    }
    return null;
  }
}
