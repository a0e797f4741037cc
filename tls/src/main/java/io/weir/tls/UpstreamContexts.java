package io.weir.tls;

import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.net.ssl.SSLException;

/** Builds the context that Weir speaks TLS to backends with. */
final class UpstreamContexts {

  private static final int SESSIONS = 256; // a few KB each; per pool, and each connection uses one
  private static final int SESSION_SECONDS = 3600;

  private UpstreamContexts() {}

  /** The caller owns the context, which is reference-counted with BoringSSL. */
  static SslContext build(TlsProvider provider, UpstreamTlsConfig config, Instant now)
      throws TlsConfigException {
    try {
      SslContextBuilder builder =
          SslContextBuilder.forClient()
              .sslProvider(provider.netty())
              .protocols(TlsVersion.TLSv1_2.andAbove())
              .ciphers(Suites.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
              .applicationProtocolConfig(Suites.alpn(config.alpn()))
              .sessionCacheSize(SESSIONS)
              .sessionTimeout(SESSION_SECONDS);
      if (provider == TlsProvider.BORINGSSL) {
        builder
            .option(OpenSslContextOption.GROUPS, Suites.clientGroups())
            .option(OpenSslContextOption.USE_TASKS, false);
      }
      trust(builder, provider, config);
      CertificatePem client = config.client();
      if (client != null) {
        identify(builder, provider, client, now);
      }
      SslContext context = builder.build();
      if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
        sessions.setTicketKeys(); // none of ours: it turns tickets on for TLS 1.2 too
      }
      return context;
    } catch (SSLException | GeneralSecurityException | IllegalArgumentException e) {
      throw new TlsConfigException("TLS to backends cannot be set up", e);
    }
  }

  private static void trust(
      SslContextBuilder builder, TlsProvider provider, UpstreamTlsConfig config)
      throws GeneralSecurityException, TlsConfigException {
    if (!config.verify()) {
      builder
          .trustManager(InsecureTrustManagerFactory.INSTANCE)
          .endpointIdentificationAlgorithm(null);
      return;
    }
    builder.endpointIdentificationAlgorithm("HTTPS");
    String authorities = config.caPem();
    builder.trustManager(
        authorities == null
            ? Trust.inTheSystems(provider)
            : Trust.in(provider, authorities, "authorities"));
  }

  private static void identify(
      SslContextBuilder builder, TlsProvider provider, CertificatePem pem, Instant now)
      throws TlsConfigException {
    KeyPairLoader.Result result = KeyPairLoader.load(pem, now);
    LoadedCertificate client = result.certificate();
    if (client == null) {
      throw new TlsConfigException(result.problems().stream().filter(TlsProblem::fatal).toList());
    }
    if (provider == TlsProvider.BORINGSSL) {
      builder.keyManager(OneKeyManager.factory(client));
    } else {
      builder.keyManager(client.key(), client.chain().toArray(X509Certificate[]::new));
    }
  }
}
