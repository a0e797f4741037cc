package io.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import io.weir.tls.ClientAuthConfig.Mode;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Real sockets between our client side, with either provider, and a backend. */
@ExtendWith(LeakCheck.class)
class UpstreamTlsTest {

  private final TestAuthority authority = TestAuthority.create("Internal Root");
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  @AfterEach
  void closeAll() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aBackendOfTheAuthorityWithTheRightNameIsTrusted(TlsProvider provider) throws Exception {
    HandshakeServer backend = backend(TlsVersion.TLSv1_2, ClientAuthConfig.NONE, "api.internal");
    UpstreamTls tls = upstream(provider, config("api.internal", authority.pem(), null));
    assertThat(dial(tls, backend, "10.0.0.1"))
        .contains("version=TLSv1.3")
        .contains("sni=api.internal")
        .contains("alpn=http/1.1");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void withoutAServerNameTheHostIsSentAndExpected(TlsProvider provider) throws Exception {
    HandshakeServer backend =
        backend(TlsVersion.TLSv1_2, ClientAuthConfig.NONE, "api.internal", "127.0.0.1");
    UpstreamTls tls = upstream(provider, config(null, authority.pem(), null));
    assertThat(dial(tls, backend, "api.internal")).contains("sni=api.internal");
    assertThat(dial(tls, backend, "127.0.0.1")).as("RFC 6066: no address").contains("sni=null");
    assertThat(dial(tls, backend, "127.0.0.2")).startsWith("failed: ");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aWrongNameFails(TlsProvider provider) throws Exception {
    HandshakeServer backend = backend(TlsVersion.TLSv1_2, ClientAuthConfig.NONE, "api.internal");
    UpstreamTls tls = upstream(provider, config("other.internal", authority.pem(), null));
    assertThat(dial(tls, backend, "127.0.0.1")).startsWith("failed: ").contains("other.internal");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void anotherAuthorityFails(TlsProvider provider) throws Exception {
    HandshakeServer backend = backend(TlsVersion.TLSv1_2, ClientAuthConfig.NONE, "api.internal");
    String others = TestAuthority.create("Other Root").pem();
    assertThat(dial(upstream(provider, config("api.internal", others, null)), backend, "x"))
        .startsWith("failed: ")
        .contains("certification path");
    assertThat(dial(upstream(provider, config("api.internal", null, null)), backend, "x"))
        .as("the system's authorities")
        .startsWith("failed: ");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void anExpiredBackendFails(TlsProvider provider) throws Exception {
    HandshakeServer backend =
        backend(TlsVersion.TLSv1_2, ClientAuthConfig.NONE, authority.issueExpired("api.internal"));
    UpstreamTls tls = upstream(provider, config("api.internal", authority.pem(), null));
    assertThat(dial(tls, backend, "x")).startsWith("failed: ");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void withoutVerificationAnythingGoes(TlsProvider provider) throws Exception {
    HandshakeServer backend = backend(TlsVersion.TLSv1_2, ClientAuthConfig.NONE, "api.internal");
    UpstreamTlsConfig blind = new UpstreamTlsConfig("other.internal", null, null, false, List.of());
    assertThat(dial(upstream(provider, blind), backend, "x")).contains("sni=other.internal");
  }

  @ParameterizedTest
  @CsvSource({"BORINGSSL, TLSv1_2", "BORINGSSL, TLSv1_3", "JDK, TLSv1_2", "JDK, TLSv1_3"})
  void showsItsCertificateToABackendThatAsks(TlsProvider provider, TlsVersion version)
      throws Exception {
    HandshakeServer backend =
        backend(version, new ClientAuthConfig(Mode.REQUIRE, authority.pem()), "api.internal");
    CertificatePem mine = authority.issue("weir.internal");
    assertThat(
            dial(upstream(provider, config("api.internal", authority.pem(), mine)), backend, "x"))
        .contains("client=CN=weir.internal");
    assertThat(
            dial(upstream(provider, config("api.internal", authority.pem(), null)), backend, "x"))
        .doesNotContain("client=");
    assertThat(backend.nextFailure()).isEqualTo(TlsFailure.CLIENT_CERT);
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void aClientHearsWhatIsWrongWithItsCertificate(TlsVersion version) throws Exception {
    HandshakeServer backend =
        backend(version, new ClientAuthConfig(Mode.REQUIRE, authority.pem()), "api.internal");
    CertificatePem others = TestAuthority.create("Other Root").issue("weir.internal");
    CertificatePem namesakes = TestAuthority.create("Internal Root").issue("weir.internal");
    assertThat(shown(backend, others)).contains("UNKNOWN_CA");
    assertThat(shown(backend, namesakes)).contains("UNKNOWN_CA");
    assertThat(shown(backend, authority.issueExpired("weir.internal")))
        .contains("CERTIFICATE_EXPIRED");
    for (int i = 0; i < 3; i++) {
      assertThat(backend.nextFailure()).isEqualTo(TlsFailure.CLIENT_CERT);
    }
  }

  private String shown(HandshakeServer backend, CertificatePem mine) throws Exception {
    UpstreamTlsConfig config = config("api.internal", authority.pem(), mine);
    return dial(upstream(TlsProvider.BORINGSSL, config), backend, "x");
  }

  @Test
  void aBackendHearsWhatIsWrongWithItsCertificate() throws Exception {
    HandshakeServer backend = backend(TlsVersion.TLSv1_2, ClientAuthConfig.NONE, "api.internal");
    String others = TestAuthority.create("Other Root").pem();
    dial(upstream(TlsProvider.BORINGSSL, config("api.internal", others, null)), backend, "x");
    assertThat(backend.nextWords()).contains("UNKNOWN_CA");
    dial(upstream(TlsProvider.BORINGSSL, config("api.internal", null, null)), backend, "x");
    assertThat(backend.nextWords()).as("the system's").contains("UNKNOWN_CA");
    String ours = authority.pem();
    dial(upstream(TlsProvider.BORINGSSL, config("other.internal", ours, null)), backend, "x");
    assertThat(backend.nextWords()).contains("BAD_CERTIFICATE");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void laterConnectionsResumeTheSession(TlsProvider provider) throws Exception {
    HandshakeServer backend = backend(TlsVersion.TLSv1_2, ClientAuthConfig.NONE, "api.internal");
    UpstreamTls tls = upstream(provider, config("api.internal", authority.pem(), null));
    assertThat(dial(tls, backend, "x")).contains("resumed=false");
    for (int i = 0; i < 3; i++) {
      assertThat(dial(tls, backend, "x")).contains("resumed=true");
    }
  }

  @Test
  void aSessionIsNotResumedWithAnotherConfiguration() throws Exception {
    HandshakeServer backend = backend(TlsVersion.TLSv1_2, ClientAuthConfig.NONE, "api.internal");
    dial(
        upstream(
            TlsProvider.BORINGSSL,
            new UpstreamTlsConfig("other.internal", null, null, false, List.of())),
        backend,
        "x");
    UpstreamTls strict =
        upstream(TlsProvider.BORINGSSL, config("other.internal", authority.pem(), null));
    assertThat(dial(strict, backend, "x"))
        .as("blind trust is not inherited")
        .startsWith("failed: ");
  }

  @Test
  void asAClientItPaysForNoPostQuantumShare() throws Exception {
    HandshakeServer backend = backend(TlsVersion.TLSv1_3, ClientAuthConfig.NONE, "api.internal");
    UpstreamTls tls =
        upstream(TlsProvider.BORINGSSL, config("api.internal", authority.pem(), null));
    assertThat(dial(tls, backend, "x")).endsWith("group=X25519\n");
  }

  @Test
  void aServerAgreesOnThePostQuantumGroupWithAClientThatOffersIt() throws Exception {
    HandshakeServer server = backend(TlsVersion.TLSv1_2, ClientAuthConfig.NONE, "www.foobar.com");
    SslContext browser =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.OPENSSL_REFCNT)
            .trustManager(Trust.in(TlsProvider.BORINGSSL, authority.pem(), "test"))
            .option(OpenSslContextOption.GROUPS, new String[] {"X25519", "X25519MLKEM768"})
            .build();
    assertThat(dial(alloc -> browser.newHandler(alloc, "www.foobar.com", server.port()), server))
        .endsWith("group=X25519MLKEM768\n");
    ReferenceCountUtil.release(browser);
  }

  /** What the backend says of the handshake, or "failed: " and why. */
  private String dial(UpstreamTls tls, HandshakeServer backend, String host) throws Exception {
    return dial(alloc -> tls.newHandler(alloc, host, backend.port()), backend);
  }

  private String dial(Function<ByteBufAllocator, SslHandler> tls, HandshakeServer backend)
      throws Exception {
    CompletableFuture<String> result = new CompletableFuture<>();
    Channel channel =
        new Bootstrap()
            .group(group)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel ch) {
                    ch.pipeline().addLast(tls.apply(ch.alloc()));
                    ch.pipeline().addLast(new Listener(result));
                  }
                })
            .connect(InetAddress.getLoopbackAddress(), backend.port())
            .syncUninterruptibly()
            .channel();
    String said = result.get(30, TimeUnit.SECONDS);
    channel.close().syncUninterruptibly();
    return said;
  }

  private UpstreamTls upstream(TlsProvider provider, UpstreamTlsConfig config) throws Exception {
    TlsContextCache cache =
        new TlsContextCache(provider, TicketKeys.create(new SecureRandom(), Instant.now()));
    UpstreamTls tls = cache.upstream(config, Instant.now());
    open.push(tls);
    return tls;
  }

  private static UpstreamTlsConfig config(String serverName, String caPem, CertificatePem client) {
    return new UpstreamTlsConfig(serverName, caPem, client, true, List.of("http/1.1"));
  }

  private HandshakeServer backend(TlsVersion version, ClientAuthConfig clientAuth, String... names)
      throws Exception {
    return backend(version, clientAuth, authority.issue(names));
  }

  private HandshakeServer backend(
      TlsVersion version, ClientAuthConfig clientAuth, CertificatePem certificate)
      throws Exception {
    CertificateStore store =
        new TlsContextCache(
                TlsProvider.BORINGSSL, TicketKeys.create(new SecureRandom(), Instant.now()))
            .server(
                new ServerTlsConfig(
                    Map.of("backend", certificate),
                    ServerTlsConfig.UnknownName.DEFAULT,
                    version,
                    List.of("http/1.1"),
                    clientAuth),
                Instant.now());
    HandshakeServer server = new HandshakeServer(store);
    open.push(store);
    open.push(server);
    return server;
  }

  private static final class Listener extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<String> result;
    private final StringBuilder said = new StringBuilder();
    private Throwable failure = new IllegalStateException("closed without a word");

    Listener(CompletableFuture<String> result) {
      this.result = result;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      said.append(bytes.toString(StandardCharsets.US_ASCII));
      bytes.release();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof SslHandshakeCompletionEvent done && !done.isSuccess()) {
        failure = done.cause();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      failure = cause;
      ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      result.complete(said.isEmpty() ? "failed: " + causes(failure) : said.toString());
    }

    private static String causes(Throwable failure) {
      StringBuilder all = new StringBuilder();
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        all.append(cause.getMessage()).append("; ");
      }
      return all.toString();
    }
  }
}
