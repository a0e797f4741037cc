package io.weir.tls;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;

/**
 * Builds the context that a server terminates TLS with, one per certificate.
 *
 * <p>Resumption is by tickets alone: nothing is kept per client, so that memory does not grow with
 * clients and a client may come back to any worker.
 */
final class ServerContexts {

  private ServerContexts() {}

  /** The caller owns the context, which is reference-counted with BoringSSL. */
  static SslContext build(
      TlsProvider provider,
      LoadedCertificate certificate,
      ServerTls.Settings settings,
      TicketKeys ticketKeys)
      throws TlsConfigException {
    try {
      SslContext context = builder(provider, certificate, settings).build();
      if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
        useTicketKeys(context, ticketKeys);
        sessions.setSessionCacheEnabled(false);
        sessions.setSessionIdContext(sessionIdContext(certificate, settings.clientAuth()));
      }
      return context;
    } catch (SSLException | GeneralSecurityException | IllegalArgumentException e) {
      throw new TlsConfigException(
          "certificate \"" + settings.name() + "\" cannot be used for TLS", e);
    }
  }

  /** Replaces the keys of a context, also one that connections use. */
  static void useTicketKeys(SslContext context, TicketKeys keys) {
    if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
      sessions.setTicketKeys(keys.boringssl());
    }
  }

  private static SslContextBuilder builder(
      TlsProvider provider, LoadedCertificate certificate, ServerTls.Settings settings)
      throws GeneralSecurityException, TlsConfigException {
    SslContextBuilder builder =
        provider == TlsProvider.BORINGSSL
            ? SslContextBuilder.forServer(OneKeyManager.factory(certificate))
                .option(OpenSslContextOption.GROUPS, Suites.serverGroups())
                // Handshakes run where the connection lives, so there is nobody to hand tasks to.
                .option(OpenSslContextOption.USE_TASKS, false)
            : SslContextBuilder.forServer(
                certificate.key(), certificate.chain().toArray(X509Certificate[]::new));
    builder
        .sslProvider(provider.netty())
        .protocols(settings.minVersion().andAbove())
        .ciphers(Suites.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
        .applicationProtocolConfig(Suites.alpn(settings.alpn()));
    String authorities = settings.clientAuth().caPem();
    if (authorities == null) {
      return builder.trustManager(TrustNobody.INSTANCE).clientAuth(ClientAuth.NONE);
    }
    return builder
        .trustManager(Trust.in(provider, authorities, "client authorities"))
        .clientAuth(
            settings.clientAuth().mode() == ClientAuthConfig.Mode.REQUIRE
                ? ClientAuth.REQUIRE
                : ClientAuth.OPTIONAL);
  }

  /**
   * Tickets are sealed with keys that all contexts share, so this says which sessions a context may
   * resume: only those made under the same names and the same demand for client certificates.
   * Otherwise a ticket from a listener that asks for none would open one that does. The certificate
   * itself is left out: its renewal ends no session.
   */
  private static byte[] sessionIdContext(LoadedCertificate certificate, ClientAuthConfig auth)
      throws GeneralSecurityException {
    String identity = certificate.names() + "\n" + auth.mode() + "\n" + auth.caPem();
    return MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
  }
}
