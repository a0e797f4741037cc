package io.weir.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;

/** One certificate, ready to terminate TLS with. Owned by the {@link TlsContextCache}. */
public final class ServerTls {
  private static final String HTTP_1_0 = "http/1.0"; // never chosen, and spoken with HTTP/1.1
  private static final String HTTP_1_1 = "http/1.1";

  private final Settings settings;
  private final LoadedCertificate certificate;
  private final SslContext context;
  private final ServerNameDecision.Terminate decision;

  ServerTls(Settings settings, LoadedCertificate certificate, SslContext context) {
    this.settings = settings;
    this.certificate = certificate;
    this.context = context;
    this.decision = new ServerNameDecision.Terminate(this);
  }

  /** All that a context is made of: contexts of equal settings are one. */
  record Settings(
      String name,
      CertificatePem certificate,
      TlsVersion minVersion,
      List<String> alpn,
      ClientAuthConfig clientAuth) {}

  /** The user's name for the certificate. */
  public String name() {
    return settings.name();
  }

  public LoadedCertificate certificate() {
    return certificate;
  }

  public ClientAuthConfig clientAuth() {
    return settings.clientAuth();
  }

  /**
   * Whether a client that offers these protocols can be spoken to: one that offers none can (RFC
   * 7301 section 3.2).
   */
  boolean speaksAnyOf(List<String> offered) {
    List<String> ours = settings.alpn();
    if (ours.isEmpty() || offered.isEmpty()) {
      return true;
    }
    for (int i = 0; i < offered.size(); i++) {
      String name = offered.get(i);
      if (ours.contains(name.equals(HTTP_1_0) ? HTTP_1_1 : name)) {
        return true;
      }
    }
    return false;
  }

  /** The decision to terminate with this certificate; the same object each time. */
  public ServerNameDecision.Terminate decision() {
    return decision;
  }

  /**
   * Whether a request for the other's names may come over a connection of this one (421 if not):
   * the same certificate by name, though it may have been renewed, and the same client policy.
   */
  public boolean speaksFor(ServerTls other) {
    return this == other
        || (name().equals(other.name()) && clientAuth().equals(other.clientAuth()));
  }

  /**
   * A handler for one connection. Its engine keeps the context alive until the handler is removed
   * from its pipeline, so the handler must get into one.
   */
  public SslHandler newHandler(ByteBufAllocator allocator) {
    return context.newHandler(allocator);
  }

  Settings settings() {
    return settings;
  }

  SslContext context() {
    return context;
  }
}
