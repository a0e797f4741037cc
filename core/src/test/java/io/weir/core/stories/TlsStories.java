package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Curl;
import io.weir.core.testkit.Hello;
import io.weir.core.testkit.NginxBackend;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.Openssl.CertificateFiles;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.TlsOffer;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.core.testkit.Wire;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.tls.UpstreamTlsConfig;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** TLS ended here, passed through, and begun again toward real nginx backends. */
class TlsStories extends Stories {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final String ECHO = "location / { return 200 \"$host $ssl_server_name\"; }";

  // As IANA numbers them.
  private static final int X25519 = 0x001d;
  private static final int X25519_MLKEM768 = 0x11ec;

  @TempDir private static Path folder;
  private static CertificateFiles authority;
  private static CertificateFiles stranger;
  private static CertificateFiles one;
  private static CertificateFiles wild;
  private static CertificateFiles inside;

  @BeforeAll
  static void makesCertificates() {
    authority = Openssl.authority(folder, "Test CA");
    stranger = Openssl.authority(folder, "Another CA");
    one = Openssl.signed(folder, authority, "one.test", "www.one.test");
    wild = Openssl.signed(folder, authority, "*.two.test");
    inside = Openssl.signed(folder, authority, "inside.test", "127.0.0.1");
  }

  private WeirUnderTest terminating(InetSocketAddress... backends) {
    return starts(
        proxy()
            .certificate("one", one)
            .certificate("wild", wild)
            .listensTls("secure", "one", "wild")
            .app(backends));
  }

  private static String get(String host) {
    return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
  }

  private static String peer(SSLSocket tls) throws Exception {
    return tls.getSession().getPeerPrincipal().getName();
  }

  @Test
  void theServerNameChoosesTheCertificate() throws Exception {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = terminating(backend.address());
    Map<String, String> expected =
        Map.of(
            "one.test", "CN=one.test",
            "WWW.One.test", "CN=one.test",
            "a.two.test", "CN=*.two.test",
            "a.b.two.test", "CN=one.test",
            "two.test", "CN=one.test",
            "unknown.test", "CN=one.test",
            "", "CN=one.test");
    for (var row : expected.entrySet()) {
      ByteClient client =
          keeps(ByteClient.connectTls(weir.address("secure"), TlsOffer.named(row.getKey())));
      assertThat(peer(client.tls().orElseThrow())).as(row.getKey()).isEqualTo(row.getValue());
      client.sends(get(row.getKey().isEmpty() ? "one.test" : row.getKey())).receives(200);
    }
    assertThat(backend.requests())
        .allMatch(r -> r.headers().all("x-forwarded-proto").equals(List.of("https")));
  }

  @Test
  void bothVersionsAndHttp11AreSpoken() throws Exception {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = terminating(backend.address());
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      TlsOffer offer = TlsOffer.named("one.test").protocols("http/1.1").versions(version);
      ByteClient client = keeps(ByteClient.connectTls(weir.address("secure"), offer));
      assertThat(client.tls().orElseThrow().getSession().getProtocol()).isEqualTo(version);
      assertThat(client.tls().orElseThrow().getApplicationProtocol()).isEqualTo("http/1.1");
      client.sends(get("one.test")).receives(200);
    }
  }

  /** RFC 7301 section 3.2; also where one certificate is for all, and nobody chooses by name. */
  @Test
  void whoSpeaksOnlyOtherProtocolsIsToldSo() {
    WeirUnderTest weir =
        starts(
            proxy()
                .certificate("one", one)
                .certificate("wild", wild)
                .listensTls("single", "one")
                .listensTls("several", "one", "wild"));
    for (String listener : List.of("single", "several")) {
      InetSocketAddress address = weir.address(listener);
      assertThat(Openssl.client(address, "", "-alpn", "imap,acme-tls/1"))
          .as(listener)
          .contains("alert number 120")
          .doesNotContain("CN = one.test");
      assertThat(Openssl.client(address, "", "-alpn", "imap,http/1.1"))
          .contains("ALPN protocol: http/1.1");
      assertThat(Openssl.client(address, "")).contains("CN = one.test", "No ALPN negotiated");
      weir.eventually("weir_tls_handshake_failures_total", 1, listener, "alpn");
      weir.eventually("weir_tls_handshake_failures_total", 1, listener);
    }
  }

  @Test
  void whenACertificateExpiresIsAMetric() throws Exception {
    WeirUnderTest weir = terminating(backend(Script.answers(OK)).address());
    for (var row : Map.of("one", "one.test", "wild", "a.two.test").entrySet()) {
      ByteClient client =
          keeps(ByteClient.connectTls(weir.address("secure"), TlsOffer.named(row.getValue())));
      X509Certificate shown =
          (X509Certificate) client.tls().orElseThrow().getSession().getPeerCertificates()[0];
      assertThat(weir.figure("weir_tls_certificate_not_after_timestamp_seconds", row.getKey()))
          .as(row.getKey())
          .isEqualTo(shown.getNotAfter().getTime() / 1000.0);
    }
  }

  @Test
  void curlAndOpensslVerifyWhatTheyGet() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = terminating(backend.address());
    InetSocketAddress secure = weir.address("secure");
    Curl.Result curl =
        Curl.run(
            "--cacert",
            authority.certificate().toString(),
            "--resolve",
            "one.test:" + secure.getPort() + ":127.0.0.1",
            "https://one.test:" + secure.getPort() + "/");
    assertThat(curl.status()).as(curl.stderr()).isEqualTo(200);
    assertThat(curl.body()).isEqualTo("hello");
    String said =
        Openssl.client(
            secure,
            "",
            "-CAfile",
            authority.certificate().toString(),
            "-verify_return_error",
            "-verify_hostname",
            "a.two.test",
            "-servername",
            "a.two.test");
    assertThat(said).contains("Verify return code: 0 (ok)");
  }

  static Stream<Arguments> offeredGroups() {
    return Stream.of(
        Arguments.of(X25519_MLKEM768, new String[] {"X25519MLKEM768", "X25519"}),
        Arguments.of(X25519_MLKEM768, new String[] {"X25519", "X25519MLKEM768"}),
        Arguments.of(X25519_MLKEM768, new String[] {"X25519MLKEM768"}),
        Arguments.of(X25519, new String[] {"X25519", "secp256r1"}));
  }

  /** RFC 8446 section 4.2.8: the server answers with the one group that was agreed on. */
  @ParameterizedTest
  @MethodSource("offeredGroups")
  void thePostQuantumGroupIsAgreedOnWithWhoeverOffersIt(int agreed, String[] offered) {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = terminating(backend.address());
    ByteClient client = keeps(ByteClient.connect(weir.address("secure")));
    client.sendsInPiecesOf(500, Wire.text(Hello.named("one.test", offered)));
    byte[] header = Wire.bytes(client.receivesBytes(5));
    int length = ByteBuffer.wrap(header).getShort(3);
    assertThat(Hello.agreedGroup(Wire.bytes(client.receivesBytes(length)))).isEqualTo(agreed);
  }

  @Test
  void aHostOfAnotherCertificateIsMisdirected() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = terminating(backend.address());
    ByteClient client =
        keeps(ByteClient.connectTls(weir.address("secure"), TlsOffer.named("one.test")));
    client.sends(get("a.two.test")).receives(421);
    ByteClient unnamed = keeps(ByteClient.connectTls(weir.address("secure"), TlsOffer.unnamed()));
    unnamed.sends(get("a.two.test")).receives(200);
  }

  @Test
  void whatIsNoTlsIsClosed() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = terminating(backend.address());
    ByteClient client = keeps(ByteClient.connect(weir.address("secure")));
    client.sends("SSH-2.0-OpenSSH_9.2\r\n");
    assertThat(client.receivesUntilClose()).isEmpty();
    backend.receivedNothing();
  }

  @Test
  void aRequestInPlainHttpIsToldThatThePortIsForHttps() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = terminating(backend.address());
    for (int piece : List.of(1000, 1)) {
      ByteClient client = keeps(ByteClient.connect(weir.address("secure")));
      client.sendsInPiecesOf(piece, get("one.test"));
      assertThat(client.receivesUntilEof())
          .startsWith("HTTP/1.0 400 Bad Request\r\n")
          .endsWith("\r\n\r\nThis is a port for https, and the request came in plain http.\n");
    }
    weir.eventually("weir_tls_handshake_failures_total", 2, "secure", "protocol");
    backend.receivedNothing();
  }

  @Test
  void aDroppedAddressIsClosedBeforeTheHandshake() {
    ByteBackend backend = backend(Script.answers(OK));
    RuleConfig rule =
        new RuleConfig(
            "all",
            new MatchConfig.Ip(List.of(Cidr.parse("127.0.0.0/8")), List.of()),
            new ActionConfig.Drop());
    WeirUnderTest weir =
        starts(
            proxy().certificate("one", one).listensTls("secure", "one").app(backend).rules(rule));
    assertThat(ByteClient.isSentAwayFrom(weir.address("secure"))).isTrue();
  }

  private int statusWith(UpstreamTlsConfig tls) {
    NginxBackend nginx = keeps(NginxBackend.tls(inside, ECHO));
    WeirUnderTest weir =
        starts(proxy().pool("app", null, tls, nginx.address()).route("", "", "app"));
    return client(weir).sends(get("outside.test")).receivesResponse().status();
  }

  private static UpstreamTlsConfig upstream(
      String serverName, CertificateFiles ca, boolean verify) {
    return new UpstreamTlsConfig(
        serverName, ca.certificatePem(), null, verify, List.of("http/1.1"));
  }

  @Test
  void aBackendIsSpokenToInTlsAndVerified() {
    NginxBackend nginx = keeps(NginxBackend.tls(inside, ECHO));
    UpstreamTlsConfig tls = upstream("inside.test", authority, true);
    WeirUnderTest weir =
        starts(proxy().pool("app", null, tls, nginx.address()).route("", "", "app"));
    ByteClient client = client(weir);
    for (int i = 0; i < 3; i++) {
      assertThat(client.sends(get("outside.test")).receives(200).bodyText())
          .isEqualTo("outside.test inside.test");
    }
  }

  /** RFC 9112 section 9.8: it may be the half of it that an attacker let through. */
  @Test
  void aBodyUntilTheEndIsCompleteOnlyIfTlsSaysSo() {
    String half = "HTTP/1.1 200 OK\r\n\r\nhalf of it";
    ByteBackend backend =
        backend(
            on -> on.answersWithinTls(inside, half, true),
            on -> on.answersWithinTls(inside, half, false));
    UpstreamTlsConfig tls = upstream("inside.test", authority, true);
    WeirUnderTest weir =
        starts(proxy().pool("app", null, tls, backend.address()).route("", "", "app"));
    assertThat(client(weir).sends(get("a")).receives(200).bodyText()).isEqualTo("half of it");
    assertThat(client(weir).sends(get("a")).receivesUntilClose())
        .contains("200 OK")
        .contains("half of it")
        .doesNotEndWith("0\r\n\r\n");
  }

  @Test
  void aBackendByItsAddressIsVerifiedByItsAddress() {
    assertThat(
            statusWith(
                new UpstreamTlsConfig(
                    null, authority.certificatePem(), null, true, List.of("http/1.1"))))
        .isEqualTo(200);
  }

  @Test
  void aBackendOfAnotherAuthorityIsA502() {
    assertThat(statusWith(upstream("inside.test", stranger, true))).isEqualTo(502);
  }

  @Test
  void aBackendOfAnotherNameIsA502() {
    assertThat(statusWith(upstream("other.test", authority, true))).isEqualTo(502);
  }

  @Test
  void aBackendThatNeedNotBeVerifiedIsNot() {
    assertThat(statusWith(upstream("other.test", stranger, false))).isEqualTo(200);
  }

  @Test
  void aBackendThatSpeaksNoTlsIsA502() {
    ByteBackend backend = backend(on -> on.sends("HTTP/1.1 400 Bad Request\r\n\r\n"));
    WeirUnderTest weir =
        starts(
            proxy()
                .pool("app", null, upstream("inside.test", authority, true), backend.address())
                .route("", "", "app"));
    client(weir).sends(get("a")).receives(502);
  }

  @Test
  void aClientWhoseRecordsAreNoneIsSentAwayAndNobodyElseMinds() throws Exception {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = terminating(backend.address());
    ByteClient broken =
        keeps(ByteClient.connectTls(weir.address("secure"), TlsOffer.named("one.test")));
    ByteClient other =
        keeps(ByteClient.connectTls(weir.address("secure"), TlsOffer.named("one.test")));
    broken.sends(get("one.test")).receives(200);
    broken.sendsBeneath("GET / HTTP/1.1\r\nHost: one.test\r\n\r\n");
    broken.receivesUntilClose();
    assertThat(other.sends(get("one.test")).receives(200).bodyText()).isEqualTo("hello");
  }

  @Test
  void aBackendWhoseRecordsAreNoneIsA502() {
    ByteBackend backend =
        backend(on -> {
          on.receivesWithinTls(inside);
          on.sends("HTTP/1.1 200 OK\r\n\r\n");
        });
    WeirUnderTest weir =
        starts(
            proxy()
                .pool("app", null, upstream("inside.test", authority, true), backend.address())
                .route("", "", "app"));
    client(weir).sends(get("a")).receives(502);
  }
}
