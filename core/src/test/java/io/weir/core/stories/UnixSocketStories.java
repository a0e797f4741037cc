package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.core.config.BackendConfig;
import io.weir.core.config.HealthConfig;
import io.weir.core.config.HostPort;
import io.weir.core.config.HttpProtocol;
import io.weir.core.config.KeepAliveConfig;
import io.weir.core.config.ListenerConfig;
import io.weir.core.config.PoolConfig;
import io.weir.core.config.PoolConfig.BalanceConfig;
import io.weir.core.config.PoolConfig.ProxyProtocolConfig;
import io.weir.core.config.RuntimeConfig.TransportChoice;
import io.weir.core.config.UnixPath;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.Curl;
import io.weir.core.testkit.NginxBackend;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.Openssl.CertificateFiles;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.UnixClient;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.core.worker.Transport;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.StatusRange;
import io.weir.tls.UpstreamTlsConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests and bytes that come in and go out by Unix sockets; see also {@link SocketFileStories}.
 */
@Timeout(120)
class UnixSocketStories extends Stories {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final String SAYS_WHAT_IT_GOT =
      "location / { return 200 \"$server_protocol|$http_host|$http_x_forwarded_for\"; }";
  private static final String SAYS_WHAT_IT_WAS_TOLD =
      "location / { return 200 \"$proxy_protocol_addr|$server_protocol\"; }";

  @TempDir private Path folder;

  private Path front;
  private UnixPath back;

  @BeforeEach
  void namesSockets() {
    front = folder.resolve("front.sock");
    back = new UnixPath(folder.resolve("back.sock").toString());
  }

  private ListenerConfig listener(HttpProtocol... protocols) {
    return new ListenerConfig(
        List.of(new UnixPath(front.toString())),
        new ListenerConfig.Http(),
        List.of(protocols),
        null);
  }

  /** In by one socket, out by another. */
  private ProxySetup between(HttpProtocol out) {
    return proxy()
        .listens(ProxySetup.WEB, listener(HttpProtocol.HTTP_1_1))
        .pool(ProxySetup.APP, out, back)
        .route("", "", ProxySetup.APP);
  }

  private NginxBackend nginx(String options, String lines) {
    return keeps(NginxBackend.plain("listen " + back + options + ";\n" + lines));
  }

  private Curl.Result curl(String... more) {
    List<String> all = new ArrayList<>(List.of("--unix-socket", front.toString()));
    all.addAll(List.of(more));
    return Curl.run(all.toArray(String[]::new));
  }

  @ParameterizedTest
  @EnumSource(
      value = TransportChoice.class,
      names = {"EPOLL", "IO_URING", "NIO"})
  void requestsComeInByOneSocketAndGoOutByAnother(TransportChoice transport) {
    assumesIoUring(transport);
    nginx("", SAYS_WHAT_IT_GOT);
    WeirUnderTest weir = starts(between(HttpProtocol.HTTP_1_1).transport(transport).workers(2));
    for (int i = 0; i < 4; i++) {
      Curl.Result result = curl("http://app.example/");
      assertThat(result.status()).isEqualTo(200);
      assertThat(result.body()).isEqualTo("HTTP/1.1|app.example|0.0.0.0");
    }
    assertThat(weir.log().line(3).backend()).isEqualTo(back.toString());
    weir.eventually("weir_pool_requests_total", 4, back.toString());
    weir.eventually("weir_connections_accepted_total", 4, ProxySetup.WEB);
  }

  @Test
  void connectionsGoToAllWorkersInTurn() {
    nginx("", SAYS_WHAT_IT_GOT);
    // Each worker keeps one connection of its own to the backend: as many as there are workers.
    WeirUnderTest weir = starts(between(HttpProtocol.HTTP_1_1).workers(3));
    for (int i = 0; i < 9; i++) {
      assertThat(curl("http://a/").status()).isEqualTo(200);
    }
    weir.eventually("weir_pool_connections_opened_total", 3, back.toString());
  }

  @Test
  void aListenerHasASocketBesideAddresses() {
    nginx("", SAYS_WHAT_IT_GOT);
    ProxySetup setup = between(HttpProtocol.HTTP_1_1);
    setup.listens(
        ProxySetup.WEB,
        new ListenerConfig(
            List.of(new UnixPath(front.toString()), new HostPort("127.0.0.1", 0)),
            new ListenerConfig.Http(),
            null));
    WeirUnderTest weir = starts(setup);
    assertThat(curl("http://a/").body()).endsWith("|0.0.0.0");
    assertThat(Curl.run("http:/" + weir.address(ProxySetup.WEB) + "/").body())
        .endsWith("|127.0.0.1");
  }

  @Test
  void tlsIsSpokenOnASocketInBothVersionsOfHttp() {
    CertificateFiles certificate = Openssl.selfSigned(folder, "app.example");
    nginx("", SAYS_WHAT_IT_GOT);
    ProxySetup setup = between(HttpProtocol.HTTP_1_1).certificate("app", certificate);
    setup.listensTls(ProxySetup.WEB, "app");
    ListenerConfig onPort = setup.config().listeners().get(ProxySetup.WEB);
    setup.listens(
        ProxySetup.WEB,
        new ListenerConfig(List.of(new UnixPath(front.toString())), onPort.mode(), onPort.tls()));
    WeirUnderTest weir = starts(setup);
    String trusted = certificate.certificate().toString();
    assertThat(curl("--cacert", trusted, "--http2", "https://app.example/").status())
        .isEqualTo(200);
    assertThat(curl("--cacert", trusted, "--http1.1", "https://app.example/").status())
        .isEqualTo(200);
    assertThat(weir.log().line(0).protocol()).isEqualTo("HTTP/2.0");
    assertThat(weir.log().line(1).protocol()).isEqualTo("HTTP/1.1");
  }

  @Test
  void http2InPlainTextComesInAndGoesOut() {
    nginx(" http2", SAYS_WHAT_IT_GOT);
    ProxySetup setup = between(HttpProtocol.H2C);
    WeirUnderTest weir =
        starts(setup.listens(ProxySetup.WEB, listener(HttpProtocol.H2C, HttpProtocol.HTTP_1_1)));
    assertThat(curl("--http2-prior-knowledge", "http://a/").body()).isEqualTo("HTTP/2.0|a|0.0.0.0");
    assertThat(weir.log().line(0).protocol()).isEqualTo("HTTP/2.0");
  }

  @ParameterizedTest
  @CsvSource({"app.example, 200", "other.example, 502"})
  void aBackendsCertificateIsVerifiedByTheNameThatThePoolGives(String name, int status) {
    CertificateFiles identity = Openssl.selfSigned(folder, "app.example");
    keeps(NginxBackend.tls(identity, "listen " + back + " ssl;\n" + SAYS_WHAT_IT_GOT));
    UpstreamTlsConfig tls =
        new UpstreamTlsConfig(name, identity.certificatePem(), null, true, List.of());
    starts(
        proxy()
            .listens(ProxySetup.WEB, listener(HttpProtocol.HTTP_1_1))
            .pool(ProxySetup.APP, pool(null, null, tls))
            .route("", "", ProxySetup.APP));
    assertThat(curl("http://a/").status()).isEqualTo(status);
  }

  private PoolConfig pool(
      @Nullable HealthConfig health,
      @Nullable ProxyProtocolConfig proxyProtocol,
      @Nullable UpstreamTlsConfig tls) {
    return new PoolConfig(
        BalanceConfig.ROUND_ROBIN,
        List.of(new BackendConfig(back, 1, false)),
        health,
        KeepAliveConfig.DEFAULTS,
        HttpProtocol.HTTP_1_1,
        proxyProtocol,
        tls);
  }

  @ParameterizedTest
  @EnumSource(
      value = TransportChoice.class,
      names = {"EPOLL", "IO_URING", "NIO"})
  void bytesAreRelayedFromSocketToSocket(TransportChoice transport) throws IOException {
    assumesIoUring(transport);
    keeps(Echo.on(back));
    starts(relay().transport(transport).workers(2));
    for (int i = 0; i < 4; i++) {
      try (UnixClient client = UnixClient.connect(front)) {
        assertThat(client.sends("all there is").receivesUpTo("is")).isEqualTo("all there is");
        assertThat(client.sends("and more").receivesUpTo("more")).isEqualTo("and more");
      }
    }
  }

  /** On epoll, which is what Linux gets: the other transports see no half of such a connection. */
  @Test
  void eachDirectionOfARelayEndsByItself() {
    keeps(Echo.on(back));
    starts(relay());
    UnixClient client = keeps(UnixClient.connect(front));
    client.sends("all there is").finishesSending();
    assertThat(client.receivesUntilEof()).isEqualTo("all there is, and goodbye");
  }

  /** Only io_uring may be missing: kernels and containers forbid it. */
  private static void assumesIoUring(TransportChoice transport) {
    assumeTrue(
        transport != TransportChoice.IO_URING || Transport.IO_URING.isAvailable(),
        "this kernel has no io_uring");
  }

  private ProxySetup relay() {
    return proxy()
        .listens(
            "db",
            new ListenerConfig(
                List.of(new UnixPath(front.toString())), new ListenerConfig.Relay("db"), null))
        .pool("db", HttpProtocol.HTTP_1_1, back);
  }

  @Test
  void aBackendIsToldOfClientsByTheProxyProtocol() {
    keeps(NginxBackend.plain("listen " + back + " proxy_protocol;\n" + SAYS_WHAT_IT_WAS_TOLD));
    ProxySetup setup =
        proxy()
            .trusts("0.0.0.0/32")
            .listens("tcp")
            .listens(ProxySetup.WEB, listener(HttpProtocol.HTTP_1_1))
            .pool(ProxySetup.APP, pool(null, ProxyProtocolConfig.V2, null))
            .route("", "", ProxySetup.APP);
    WeirUnderTest weir = starts(setup);
    assertThat(Curl.run("http:/" + weir.address("tcp") + "/").body())
        .isEqualTo("127.0.0.1|HTTP/1.1");
    assertThat(curl("-H", "X-Forwarded-For: 192.0.2.7", "http://a/").body())
        .isEqualTo("192.0.2.7|HTTP/1.1");
    assertThat(curl("-H", "X-Forwarded-For: 2001:db8::7", "http://a/").body())
        .isEqualTo("2001:db8::7|HTTP/1.1");
    assertThat(curl("http://a/").body()).isEqualTo("|HTTP/1.1"); // nobody can be named
  }

  @Test
  void whoComesByASocketIsBelievedOnlyIfThatIsWritten() {
    nginx("", SAYS_WHAT_IT_GOT);
    WeirUnderTest weir = starts(between(HttpProtocol.HTTP_1_1));
    assertThat(curl("-H", "X-Forwarded-For: 192.0.2.7", "http://a/").body())
        .isEqualTo("HTTP/1.1|a|0.0.0.0");
    assertThat(weir.apply(between(HttpProtocol.HTTP_1_1).trusts("0.0.0.0/32").config())).isEmpty();
    assertThat(curl("-H", "X-Forwarded-For: 192.0.2.7", "http://a/").body())
        .isEqualTo("HTTP/1.1|a|192.0.2.7");
  }

  /** A rule that lets in this machine, or a private network, was not written with it in mind. */
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.0/8", "10.0.0.0/8", "192.0.2.0/24", "::1/128", "::/0"})
  void noRuleThatAllowsAddressesLetsInWhoHasNone(String allowed) {
    nginx("", SAYS_WHAT_IT_GOT);
    starts(
        between(HttpProtocol.HTTP_1_1)
            .rules(
                new RuleConfig(
                    "only",
                    new MatchConfig.Not(
                        new MatchConfig.Ip(List.of(Cidr.parse(allowed)), List.of())),
                    new ActionConfig.Deny(403))));
    assertThat(curl("http://a/").status()).isEqualTo(403);
  }

  @Test
  void aHeaderThatProxiesBeginWithNamesTheClient() {
    nginx("", SAYS_WHAT_IT_GOT);
    ProxySetup setup = between(HttpProtocol.HTTP_1_1).toldByProxies(ProxySetup.WEB);
    starts(setup.trusts("0.0.0.0/32"));
    UnixClient client = keeps(UnixClient.connect(front));
    client.sends("PROXY TCP4 198.51.100.7 203.0.113.1 5555 443\r\n" + GET);
    assertThat(client.receivesUpTo("198.51.100.7")).endsWith("HTTP/1.1|a|198.51.100.7");
  }

  @Test
  void whoIsNotTrustedMayBeginWithNoHeader() {
    nginx("", SAYS_WHAT_IT_GOT);
    WeirUnderTest weir =
        starts(between(HttpProtocol.HTTP_1_1).toldByProxies(ProxySetup.WEB).trusts("127.0.0.1/32"));
    assertThat(keeps(UnixClient.connect(front)).receivesUntilEof()).isEmpty();
    weir.eventually("weir_connections_rejected_total", 1, "proxy_header");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "http"})
  void checksFindABackendThatIsGoneAndThatIsBack(String kind) throws Exception {
    HealthConfig.Probe probe =
        kind.equals("tcp")
            ? new HealthConfig.Tcp()
            : new HealthConfig.Http("/", "", List.of(new StatusRange(200, 299)));
    HealthConfig health =
        new HealthConfig(probe, Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 1);
    NginxBackend nginx = NginxBackend.plain("listen " + back + ";\n" + SAYS_WHAT_IT_GOT);
    WeirUnderTest weir =
        starts(
            proxy()
                .listens(ProxySetup.WEB, listener(HttpProtocol.HTTP_1_1))
                .pool(ProxySetup.APP, pool(health, null, null))
                .route("", "", ProxySetup.APP));
    try (nginx) {
      assertThat(curl("http://a/").status()).isEqualTo(200);
      weir.eventually("weir_backend_up", 1, back.toString());
    }
    weir.eventually("weir_backend_up", 0, back.toString());
    assertThat(curl("http://a/").status()).isEqualTo(503);
    nginx("", SAYS_WHAT_IT_GOT);
    weir.eventually("weir_backend_up", 1, back.toString());
    assertThat(curl("http://a/").status()).isEqualTo(200);
  }

  @Test
  void aBackendThatIsNotThereIsPassedOver() {
    ByteBackend other = backend(Script.answers(OK));
    starts(
        proxy()
            .listens(ProxySetup.WEB, listener(HttpProtocol.HTTP_1_1))
            .pool(ProxySetup.APP, HttpProtocol.HTTP_1_1, back, ProxySetup.hostPort(other.address()))
            .route("", "", ProxySetup.APP));
    for (int i = 0; i < 4; i++) {
      assertThat(curl("http://a/").body()).isEqualTo("hello");
    }
  }

  /** Says again what it hears, and something of its own when the other has ended. */
  private record Echo(ServerSocketChannel server) implements AutoCloseable {
    static Echo on(UnixPath path) {
      try {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path.path()));
        Echo echo = new Echo(server);
        Thread.ofVirtual().start(echo::serves);
        return echo;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void serves() {
      while (server.isOpen()) {
        try (SocketChannel client = server.accept()) {
          ByteBuffer bytes = ByteBuffer.allocate(100);
          while (client.read(bytes.clear()) >= 0) {
            client.write(bytes.flip());
          }
          client.write(ByteBuffer.wrap(", and goodbye".getBytes()));
        } catch (IOException e) {
          // A client that does not listen any more, or the end.
        }
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
