package io.weir.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;

/** One certificate, ready to terminate TLS with. Owned by the {@link TlsContextCache}. */
public final class ServerTls {

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
