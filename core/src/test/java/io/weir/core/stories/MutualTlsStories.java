package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.BackendConfig;
import io.weir.core.config.HttpProtocol;
import io.weir.core.config.KeepAliveConfig;
import io.weir.core.config.ListenerConfig;
import io.weir.core.config.ListenerTlsConfig;
import io.weir.core.config.ListenerTlsConfig.ClientAuth;
import io.weir.core.config.PoolConfig;
import io.weir.core.testkit.AccessRecorder;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Curl;
import io.weir.core.testkit.HaproxyBackend;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import io.weir.core.testkit.NginxBackend;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.Openssl.CertificateFiles;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.TlsOffer;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.StringPattern;
import io.weir.tls.CertificatePem;
import io.weir.tls.UpstreamTlsConfig;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates on both sides of both connections, right ones and every kind of wrong one. */
class MutualTlsStories extends Stories {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final String GET = "GET / HTTP/1.1\r\nHost: outside.test\r\n\r\n";
  private static final String FAILURES = "weir_tls_handshake_failures_total";

  @TempDir private static Path folder;
  private static CertificateFiles authority;
  private static CertificateFiles server;

  /** Who a peer says it is; the certificates are made once. */
  enum Shown {
    FRIEND,
    FRIEND_FOR_THIS_USE,
    OF_ANOTHER_AUTHORITY,
    OF_AN_AUTHORITY_OF_THE_SAME_NAME,
    EXPIRED,
    SELF_SIGNED,
    FOR_ANOTHER_USE,
    OF_A_FRIEND_WHO_IS_NO_AUTHORITY,
    NONE;

    private final CertificateFiles[] files = new CertificateFiles[2];

    boolean isRight() {
      return this == FRIEND || this == FRIEND_FOR_THIS_USE;
    }

    @Nullable CertificateFiles client() {
      return files[0];
    }

    @Nullable CertificateFiles server() {
      return files[1];
    }
  }

  @BeforeAll
  static void makesCertificates() throws Exception {
    authority = Openssl.authority(folder, "Test CA");
    server = Openssl.signed(folder, authority, "one.test");
    CertificateFiles another = Openssl.authority(folder, "Another CA");
    CertificateFiles namesake =
        Openssl.authority(Files.createDirectory(folder.resolve("namesake")), "Test CA");
    for (int side = 0; side < 2; side++) {
      for (Shown shown : Shown.values()) {
        Path own = Files.createDirectory(folder.resolve(shown + "-" + side));
        String mine = side == 0 ? "clientAuth" : "serverAuth";
        String other = side == 0 ? "serverAuth" : "clientAuth";
        String[] name = {"friend.test", "127.0.0.1"};
        shown.files[side] =
            switch (shown) {
              case FRIEND -> Openssl.signed(own, authority, name);
              case FRIEND_FOR_THIS_USE -> Openssl.signedFor(mine, own, authority, name);
              case OF_ANOTHER_AUTHORITY -> Openssl.signed(own, another, name);
              case OF_AN_AUTHORITY_OF_THE_SAME_NAME -> Openssl.signed(own, namesake, name);
              case EXPIRED -> Openssl.expired(own, authority, name);
              case SELF_SIGNED -> Openssl.selfSigned(own, name);
              case FOR_ANOTHER_USE -> Openssl.signedFor(other, own, authority, name);
              case OF_A_FRIEND_WHO_IS_NO_AUTHORITY -> {
                CertificateFiles friend = Openssl.signed(own, authority, "some.test");
                CertificateFiles forged = Openssl.signed(own, friend, name);
                Files.writeString(
                    forged.certificate(), forged.certificatePem() + friend.certificatePem());
                yield forged;
              }
              case NONE -> null;
            };
      }
    }
  }

  private WeirUnderTest asksClients(boolean required, RuleConfig... rules) {
    ClientAuth clients = new ClientAuth(authority.certificatePem(), required);
    return starts(secure(backend(Script.answers(OK)), clients).rules(rules));
  }

  private static ProxySetup secure(ByteBackend backend, @Nullable ClientAuth clients) {
    ListenerTlsConfig tls =
        new ListenerTlsConfig(
            List.of("server"),
            ListenerTlsConfig.UnknownName.DEFAULT,
            ListenerTlsConfig.MinVersion.TLS_1_2,
            clients,
            null);
    return proxy()
        .certificate("server", server)
        .listens("secure", new ListenerConfig.Http(), tls)
        .app(backend);
  }

  @Test
  void whoConnectedBeforeCertificatesWereRequiredMustComeAgain() {
    ByteBackend backend = backend(Script.answers(OK));
    String get = "GET / HTTP/1.1\r\nHost: one.test\r\n\r\n";
    WeirUnderTest weir = starts(secure(backend, null));
    ByteClient client =
        keeps(ByteClient.connectTls(weir.address("secure"), TlsOffer.named("one.test")));
    client.sends(get).receives(200);
    assertThat(weir.apply(secure(backend, null).config())).isEmpty();
    client.sends(get).receives(200);
    ClientAuth required = new ClientAuth(authority.certificatePem(), true);
    assertThat(weir.apply(secure(backend, required).config())).isEmpty();
    client.sends(get).receives(421);
  }

  @Test
  void aConnectionThatIsTooOldForItsNameIsLeft() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(secure(backend, null));
    Http2Client client = keeps(Http2Client.openTls(weir.address("secure"), "one.test"));
    client.sends(get(1)).receives(1, 200);
    ClientAuth required = new ClientAuth(authority.certificatePem(), true);
    assertThat(weir.apply(secure(backend, required).config())).isEmpty();
    client.sends(get(3)).receives(3, 421);
    assertThat(client.receivesGoAway()).isZero();
  }

  private static Http2Frame get(int stream) {
    return Http2Frame.request(
        stream, ":method", "GET", ":scheme", "https", ":path", "/", ":authority", "one.test");
  }

  private static Curl.Result asks(
      WeirUnderTest weir, @Nullable CertificateFiles client, String... more) {
    int port = weir.address("secure").getPort();
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.addAll(List.of("--resolve", "one.test:" + port + ":127.0.0.1"));
    arguments.addAll(List.of("--cacert", authority.certificate().toString()));
    if (client != null) {
      arguments.addAll(List.of("--cert", client.certificate().toString()));
      arguments.addAll(List.of("--key", client.key().toString()));
    }
    arguments.add("https://one.test:" + port + "/");
    return Curl.run(arguments.toArray(String[]::new));
  }

  @ParameterizedTest
  @EnumSource(Shown.class)
  void aListenerThatRequiresCertificatesServesOnlyWhoHasARightOne(Shown shown) {
    WeirUnderTest weir = asksClients(true);
    for (String version : List.of("1.2", "1.3")) {
      Curl.Result result = asks(weir, shown.client(), "--tls-max", version);
      assertThat(result.status())
          .as(version + " " + result.stderr())
          .isEqualTo(shown.isRight() ? 200 : 0);
    }
    weir.eventually(FAILURES, shown.isRight() ? 0 : 2, "secure", "client_cert");
    weir.eventually(FAILURES, shown.isRight() ? 0 : 2, "secure");
  }

  @ParameterizedTest
  @EnumSource(Shown.class)
  void anOptionalCertificateMayBeMissingButNotWrong(Shown shown) {
    WeirUnderTest weir = asksClients(false);
    boolean served = shown.isRight() || shown == Shown.NONE;
    for (String version : List.of("1.2", "1.3")) {
      Curl.Result result = asks(weir, shown.client(), "--tls-max", version);
      assertThat(result.status()).as(version + " " + result.stderr()).isEqualTo(served ? 200 : 0);
    }
    weir.eventually(FAILURES, served ? 0 : 2, "secure", "client_cert");
    weir.eventually(FAILURES, served ? 0 : 2, "secure");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--http1.1", "--http2"})
  void rulesKnowTheSubjectInEachVersionOfHttp(String http) {
    MatchConfig friend =
        new MatchConfig.ClientSubject(List.of(StringPattern.ofText("CN=friend.test")));
    MatchConfig nobody = new MatchConfig.ClientSubject(List.of(new StringPattern.Present(false)));
    WeirUnderTest weir =
        asksClients(
            false,
            new RuleConfig("friend", friend, new ActionConfig.Allow()),
            new RuleConfig("nobody", nobody, new ActionConfig.Deny(401)),
            new RuleConfig("others", MatchConfig.ALWAYS, new ActionConfig.Deny(403)));
    assertThat(asks(weir, Shown.FRIEND.client(), http).status()).isEqualTo(200);
    assertThat(asks(weir, server, http).status()).isEqualTo(403);
    assertThat(asks(weir, null, http).status()).isEqualTo(401);
  }

  private WeirUnderTest speaksTo(InetSocketAddress backend, UpstreamTlsConfig tls) {
    return speaksTo(backend, HttpProtocol.HTTP_1_1, tls);
  }

  private WeirUnderTest speaksTo(
      InetSocketAddress backend, HttpProtocol protocol, UpstreamTlsConfig tls) {
    PoolConfig pool =
        new PoolConfig(
            PoolConfig.BalanceConfig.ROUND_ROBIN,
            List.of(new BackendConfig(ProxySetup.hostPort(backend), 1, false)),
            null,
            KeepAliveConfig.DEFAULTS,
            protocol,
            null,
            tls);
    return starts(proxy().pool(ProxySetup.APP, pool).route("", "", ProxySetup.APP));
  }

  private static UpstreamTlsConfig showing(@Nullable CertificateFiles own) {
    CertificatePem client =
        own == null ? null : new CertificatePem(own.certificatePem(), own.keyPem());
    return new UpstreamTlsConfig(
        null, authority.certificatePem(), client, true, UpstreamTlsConfig.DEFAULT.alpn());
  }

  private static UpstreamTlsConfig expecting(@Nullable String name, boolean verify) {
    return new UpstreamTlsConfig(
        name, authority.certificatePem(), null, verify, UpstreamTlsConfig.DEFAULT.alpn());
  }

  /** What nginx asks for it takes from anybody, and then answers itself. */
  @ParameterizedTest
  @CsvSource({"TLSv1.2", "TLSv1.3"})
  void nginxIsShownOurCertificate(String version) {
    String asks =
        """
        ssl_protocols %s;
        ssl_client_certificate %s; ssl_verify_client on;
        location / { return 200 "$ssl_client_s_dn $ssl_client_verify $ssl_protocol"; }
        """
            .formatted(version, authority.certificate());
    NginxBackend nginx = keeps(NginxBackend.tls(Shown.FRIEND.server(), asks));
    WeirUnderTest known = speaksTo(nginx.address(), showing(Shown.FRIEND_FOR_THIS_USE.client()));
    assertThat(client(known).sends(GET).receives(200).bodyText())
        .isEqualTo("CN=friend.test SUCCESS " + version);
    WeirUnderTest unknown = speaksTo(nginx.address(), showing(null));
    assertThat(client(unknown).sends(GET).receives(400).bodyText())
        .contains("No required SSL certificate was sent");
    WeirUnderTest wrong = speaksTo(nginx.address(), showing(Shown.OF_ANOTHER_AUTHORITY.client()));
    assertThat(client(wrong).sends(GET).receives(400).bodyText())
        .contains("The SSL certificate error");
  }

  /** HAProxy refuses in the handshake, which in TLS 1.3 a client finds out only behind it. */
  @ParameterizedTest
  @EnumSource(Shown.class)
  void aBackendThatRefusesOurCertificateIsA502(Shown shown) {
    HaproxyBackend haproxy =
        keeps(HaproxyBackend.asksForCertificates(Shown.FRIEND.server(), authority));
    for (HttpProtocol protocol : List.of(HttpProtocol.HTTP_1_1, HttpProtocol.H2)) {
      WeirUnderTest weir = speaksTo(haproxy.address(), protocol, showing(shown.client()));
      if (shown.isRight()) {
        assertThat(client(weir).sends(GET).receives(200).bodyText()).isEqualTo("friend.test");
        continue;
      }
      client(weir).sends(GET).receives(502);
      AccessRecorder.Line line = weir.log().line(0);
      assertThat(line.outcome()).as(protocol.name()).isEqualTo("upstream_tls");
      assertThat(weir.tlsFailure(ProxySetup.APP)).containsIgnoringCase("alert");
      assertThat(weir.figure("weir_pool_failures_total", ProxySetup.APP, "tls")).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource(value = Shown.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aBackendIsSpokenToOnlyIfItsCertificateIsRight(Shown shown) {
    NginxBackend nginx = keeps(NginxBackend.tls(shown.server(), "return 200 \"hello\";"));
    WeirUnderTest weir = speaksTo(nginx.address(), expecting("friend.test", true));
    client(weir).sends(GET).receives(shown.isRight() ? 200 : 502);
    assertThat(weir.log().line(0).outcome()).isEqualTo(shown.isRight() ? "ok" : "upstream_tls");
    assertThat(weir.tlsFailure(ProxySetup.APP)).matches(why(shown), shown.name());
    WeirUnderTest careless = speaksTo(nginx.address(), expecting("other.test", false));
    client(careless).sends(GET).receives(200);
  }

  /** What operators are told; null where there is nothing to tell. */
  private static Predicate<@Nullable String> why(Shown shown) {
    return words ->
        switch (shown) {
          case FRIEND, FRIEND_FOR_THIS_USE -> words == null;
          case EXPIRED -> words != null && words.startsWith("NotAfter: ");
          case FOR_ANOTHER_USE -> words != null && words.contains("key usage");
          default ->
              words != null
                  && (words.contains("certification path")
                      || words.contains("trust anchors")
                      || words.contains("not a CA"));
        };
  }

  @Test
  void aBackendOfAnotherNameIsNotSpokenTo() {
    NginxBackend nginx =
        keeps(NginxBackend.tls(Shown.FRIEND.server(), "return 200 \"$ssl_server_name\";"));
    WeirUnderTest weir = speaksTo(nginx.address(), expecting("other.test", true));
    client(weir).sends(GET).receives(502);
    assertThat(weir.log().line(0).outcome()).isEqualTo("upstream_tls");
    assertThat(weir.tlsFailure(ProxySetup.APP)).contains("No subject alternative", "other.test");
    WeirUnderTest byAddress = speaksTo(nginx.address(), expecting(null, true));
    client(byAddress).sends(GET).receives(200);
  }
}
