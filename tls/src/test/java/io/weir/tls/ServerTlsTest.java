package io.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tls.ClientAuthConfig.Mode;
import io.weir.tls.ServerTlsConfig.UnknownName;
import io.weir.tls.TestAuthority.Kind;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sockets; the client is openssl. */
@ExtendWith(LeakCheck.class)
class ServerTlsTest {

  private final TestAuthority authority = TestAuthority.create("Test Root");
  private final TicketKeys ticketKeys = TicketKeys.create(new SecureRandom(), Instant.now());
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  @TempDir private Path folder;
  private Path root;

  @BeforeEach
  void writeRoot() throws Exception {
    root = Files.writeString(folder.resolve("root.pem"), authority.pem());
  }

  @AfterEach
  void closeAll() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "shop.foobar.com, shop.foobar.com",
    "www.foobar.com, *.foobar.com",
    "elsewhere.example, default.example"
  })
  void choosesTheCertificateByServerName(String asked, String served) throws Exception {
    HandshakeServer server =
        serve(
            TlsProvider.BORINGSSL,
            names("default.example", "*.foobar.com", "shop.foobar.com"),
            UnknownName.DEFAULT);
    String said = client(server, "-servername", asked);
    assertThat(said).contains("CN = " + served).contains("sni=" + asked);
    assertThat(client(server, "-noservername"))
        .contains("CN = default.example")
        .contains("sni=null");
  }

  @Test
  void refusesAnUnknownNameWithItsAlert() throws Exception {
    HandshakeServer server =
        serve(TlsProvider.BORINGSSL, names("www.foobar.com"), UnknownName.REFUSE);
    assertThat(client(server, "-servername", "other.example"))
        .contains("unrecognized name")
        .doesNotContain("version=");
    assertThat(server.nextFailure()).isEqualTo(TlsFailure.UNKNOWN_SNI);
    assertThat(client(server, "-servername", "www.foobar.com")).contains("version=");
  }

  @ParameterizedTest
  @CsvSource({
    "BORINGSSL, -tls1_2, TLSv1.2",
    "BORINGSSL, -tls1_3, TLSv1.3",
    "JDK, -tls1_2, TLSv1.2",
    "JDK, -tls1_3, TLSv1.3"
  })
  void speaksBothVersionsWithBothProviders(TlsProvider provider, String option, String version)
      throws Exception {
    HandshakeServer server = serve(provider, names("www.foobar.com"), UnknownName.DEFAULT);
    assertThat(client(server, option, "-servername", "www.foobar.com", "-alpn", "h2,http/1.1"))
        .contains("version=" + version)
        .contains("alpn=http/1.1")
        .contains("sni=www.foobar.com")
        .contains("Verify return code: 0 (ok)");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void refusesVersionsBelowTheConfiguredOne(TlsProvider provider) throws Exception {
    TlsContextCache cache = new TlsContextCache(provider, ticketKeys);
    HandshakeServer server =
        serve(
            cache.server(
                new ServerTlsConfig(
                    names("www.foobar.com"),
                    UnknownName.DEFAULT,
                    TlsVersion.TLSv1_3,
                    List.of(),
                    ClientAuthConfig.NONE),
                Instant.now()));
    assertThat(client(server, "-tls1_2")).contains("protocol version").doesNotContain("version=T");
    assertThat(server.nextFailure()).isEqualTo(TlsFailure.PROTOCOL);
    assertThat(client(server, "-tls1_3")).contains("version=TLSv1.3");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void countsAClientWithoutACipherOfOurs(TlsProvider provider) throws Exception {
    HandshakeServer server = serve(provider, names("www.foobar.com"), UnknownName.DEFAULT);
    client(server, "-tls1_2", "-cipher", "AES128-SHA:@SECLEVEL=0");
    assertThat(server.nextFailure()).isEqualTo(TlsFailure.NO_SHARED_CIPHER);

    CertificatePem rsa = authority.issue(Kind.RSA, "www.foobar.com");
    HandshakeServer withRsa = serve(provider, Map.of("rsa", rsa), UnknownName.DEFAULT);
    client(withRsa, "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256");
    assertThat(withRsa.nextFailure()).isEqualTo(TlsFailure.NO_SHARED_CIPHER);
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aClientThatRefusesOurCertificateIsNotABadClientCertificate(TlsProvider provider)
      throws Exception {
    HandshakeServer server = serve(provider, names("www.foobar.com"), UnknownName.DEFAULT);
    Path other =
        Files.writeString(folder.resolve("other.pem"), TestAuthority.create("Other").pem());
    Openssl.client(server.port(), "-tls1_2", "-verify_return_error", "-CAfile", other.toString());
    assertThat(server.nextFailure()).isEqualTo(TlsFailure.OTHER);
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void servesEveryKindOfKeyToBothVersions(TlsProvider provider) throws Exception {
    for (Kind kind : Kind.values()) {
      HandshakeServer server =
          serve(
              provider,
              Map.of("foobar", authority.issue(kind, "www.foobar.com")),
              UnknownName.DEFAULT);
      for (String version : List.of("-tls1_2", "-tls1_3")) {
        assertThat(client(server, version, "-servername", "www.foobar.com"))
            .as("%s %s", kind, version)
            .contains("version=")
            .contains("Verify return code: 0 (ok)");
      }
    }
  }

  @Test
  void ourOrderOfCiphersWins() throws Exception {
    HandshakeServer server =
        serve(TlsProvider.BORINGSSL, names("www.foobar.com"), UnknownName.DEFAULT);
    assertThat(
            client(
                server,
                "-tls1_2",
                "-cipher",
                "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256"))
        .contains("ECDHE-ECDSA-AES128-GCM-SHA256");
    assertThat(client(server, "-groups", "P-384:P-256:X25519")).contains("group=X25519");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void aTicketSurvivesAReloadAndARenewedCertificate(String version) throws Exception {
    HandshakeServer server =
        serve(TlsProvider.BORINGSSL, names("www.foobar.com"), UnknownName.DEFAULT);
    String session = folder.resolve("session.pem").toString();
    assertThat(client(server, version, "-servername", "www.foobar.com", "-sess_out", session))
        .contains("resumed=false");

    CertificateStore rebuilt =
        new TlsContextCache(TlsProvider.BORINGSSL, ticketKeys)
            .server(ServerTlsConfig.of(names("www.foobar.com")), Instant.now());
    open.addFirst(rebuilt);
    server.use(rebuilt);
    assertThat(client(server, version, "-servername", "www.foobar.com", "-sess_in", session))
        .contains("resumed=true")
        .contains("Reused");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void aTicketIsGoodUntilItsKeyWasReplacedTwice(String version) throws Exception {
    Instant start = Instant.parse("2026-03-01T00:00:00Z");
    TlsContextCache cache =
        new TlsContextCache(TlsProvider.BORINGSSL, TicketKeys.create(new SecureRandom(), start));
    HandshakeServer server =
        serve(cache.server(ServerTlsConfig.of(names("www.foobar.com")), Instant.now()));
    String session = folder.resolve("session.pem").toString();
    client(server, version, "-sess_out", session);
    cache.rotateTicketKeys(start.plus(Duration.ofHours(11)));
    assertThat(client(server, version, "-sess_in", session)).contains("resumed=true");
    cache.rotateTicketKeys(start.plus(Duration.ofHours(12)));
    assertThat(client(server, version, "-sess_in", session)).contains("resumed=true");
    cache.rotateTicketKeys(start.plus(Duration.ofHours(23)));
    assertThat(client(server, version, "-sess_in", session)).contains("resumed=true");
    cache.rotateTicketKeys(start.plus(Duration.ofHours(24)));
    assertThat(client(server, version, "-sess_in", session)).contains("resumed=false");
  }

  @Test
  void aTicketIsNotGoodAfterAPauseOfADay() throws Exception {
    Instant start = Instant.parse("2026-03-01T00:00:00Z");
    TlsContextCache cache =
        new TlsContextCache(TlsProvider.BORINGSSL, TicketKeys.create(new SecureRandom(), start));
    HandshakeServer server =
        serve(cache.server(ServerTlsConfig.of(names("www.foobar.com")), Instant.now()));
    String session = folder.resolve("session.pem").toString();
    client(server, "-sess_out", session);
    cache.rotateTicketKeys(start.plus(Duration.ofHours(24)));
    assertThat(client(server, "-sess_in", session)).contains("resumed=false");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void ticketsAreGoodWhereverTheirKeysAreShared(String version) throws Exception {
    byte[] first = new byte[48];
    byte[] second = new byte[48];
    new SecureRandom().nextBytes(first);
    new SecureRandom().nextBytes(second);
    TlsContextCache here = new TlsContextCache(TlsProvider.BORINGSSL, ticketKeys);
    TlsContextCache there =
        new TlsContextCache(
            TlsProvider.BORINGSSL, TicketKeys.create(new SecureRandom(), Instant.now()));
    HandshakeServer one =
        serve(here.server(ServerTlsConfig.of(names("www.foobar.com")), Instant.now()));
    there.shareTicketKeys(TicketKey.parse(first)); // before there is a context
    HandshakeServer other =
        serve(there.server(ServerTlsConfig.of(names("www.foobar.com")), Instant.now()));
    String session = folder.resolve("session.pem").toString();

    here.shareTicketKeys(TicketKey.parse(first)); // while there is one
    client(one, version, "-sess_out", session);
    assertThat(client(other, version, "-sess_in", session)).contains("resumed=true");

    byte[] both = Arrays.copyOf(second, 96);
    System.arraycopy(first, 0, both, 48, 48);
    there.shareTicketKeys(TicketKey.parse(both));
    assertThat(client(other, version, "-sess_in", session)).contains("resumed=true");
    there.rotateTicketKeys(Instant.now().plus(Duration.ofDays(30))); // shared keys stay
    assertThat(client(other, version, "-sess_in", session)).contains("resumed=true");
    there.shareTicketKeys(TicketKey.parse(second));
    assertThat(client(other, version, "-sess_in", session)).contains("resumed=false");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void aTicketUnderOtherKeysIsJustAFullHandshake(String version) throws Exception {
    HandshakeServer server =
        serve(TlsProvider.BORINGSSL, names("www.foobar.com"), UnknownName.DEFAULT);
    String session = folder.resolve("session.pem").toString();
    client(server, version, "-sess_out", session);
    CertificateStore stranger =
        new TlsContextCache(
                TlsProvider.BORINGSSL, TicketKeys.create(new SecureRandom(), Instant.now()))
            .server(ServerTlsConfig.of(names("www.foobar.com")), Instant.now());
    open.addFirst(stranger);
    server.use(stranger);
    assertThat(client(server, version, "-sess_in", session)).contains("resumed=false");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void aTicketFromAnOpenListenerDoesNotOpenOneThatWantsCertificates(String version)
      throws Exception {
    Map<String, CertificatePem> certificates = names("www.foobar.com");
    HandshakeServer server = serve(TlsProvider.BORINGSSL, certificates, UnknownName.DEFAULT);
    String session = folder.resolve("session.pem").toString();
    assertThat(client(server, version, "-sess_out", session)).contains("client=none");

    server.use(store(TlsProvider.BORINGSSL, certificates, Mode.REQUIRE));
    assertThat(client(server, version, "-sess_in", session)).doesNotContain("client=");
    assertThat(server.nextFailure()).isEqualTo(TlsFailure.CLIENT_CERT);
  }

  @ParameterizedTest
  @CsvSource({"BORINGSSL, -tls1_2", "BORINGSSL, -tls1_3", "JDK, -tls1_2", "JDK, -tls1_3"})
  void asksClientsForCertificatesOfTheAuthority(TlsProvider provider, String version)
      throws Exception {
    HandshakeServer server = serve(store(provider, names("www.foobar.com"), Mode.REQUIRE));
    CertificatePem mine = authority.issue("client.foobar.com");
    assertThat(client(server, with(version, mine))).contains("client=CN=client.foobar.com");

    assertThat(client(server, version)).doesNotContain("client=");
    assertThat(server.nextFailure()).as("none").isEqualTo(TlsFailure.CLIENT_CERT);

    CertificatePem foreign = TestAuthority.create("Other Root").issue("client.foobar.com");
    assertThat(client(server, with(version, foreign))).doesNotContain("client=");
    assertThat(server.nextFailure()).as("of others").isEqualTo(TlsFailure.CLIENT_CERT);
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void anOptionalCertificateMayBeMissingButNotWrong(TlsProvider provider) throws Exception {
    HandshakeServer server = serve(store(provider, names("www.foobar.com"), Mode.OPTIONAL));
    assertThat(client(server, "-tls1_3")).contains("client=none");
    assertThat(client(server, with("-tls1_3", authority.issue("client.foobar.com"))))
        .contains("client=CN=client.foobar.com");
    CertificatePem foreign = TestAuthority.create("Other Root").issue("client.foobar.com");
    assertThat(client(server, with("-tls1_3", foreign))).doesNotContain("client=");
    assertThat(server.nextFailure()).isEqualTo(TlsFailure.CLIENT_CERT);
  }

  @Test
  void plainHttpIsCountedAndClosed() throws Exception {
    HandshakeServer server =
        serve(TlsProvider.BORINGSSL, names("www.foobar.com"), UnknownName.DEFAULT);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      assertThat(in.readAllBytes()).isEmpty();
    }
    assertThat(server.nextFailure()).isEqualTo(TlsFailure.PROTOCOL);
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aClientThatGoesAwayInTheHandshakeIsCountedAsClosed(TlsProvider provider) throws Exception {
    HandshakeServer server = serve(provider, names("www.foobar.com"), UnknownName.DEFAULT);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.getOutputStream().write(Hellos.record("www.foobar.com"));
      assertThat(socket.getInputStream().read()).as("ServerHello").isEqualTo(22);
    }
    assertThat(server.nextFailure()).isEqualTo(TlsFailure.CLOSED);
  }

  private Map<String, CertificatePem> names(String... dnsNames) {
    Map<String, CertificatePem> certificates = new LinkedHashMap<>();
    for (String name : dnsNames) {
      certificates.put(name, authority.issue(name));
    }
    return certificates;
  }

  private HandshakeServer serve(
      TlsProvider provider, Map<String, CertificatePem> certificates, UnknownName unknownName)
      throws Exception {
    return serve(
        new TlsContextCache(provider, ticketKeys)
            .server(
                new ServerTlsConfig(
                    certificates,
                    unknownName,
                    TlsVersion.TLSv1_2,
                    List.of("http/1.1"),
                    ClientAuthConfig.NONE),
                Instant.now()));
  }

  private CertificateStore store(
      TlsProvider provider, Map<String, CertificatePem> certificates, Mode mode) throws Exception {
    CertificateStore store =
        new TlsContextCache(provider, ticketKeys)
            .server(
                new ServerTlsConfig(
                    certificates,
                    UnknownName.DEFAULT,
                    TlsVersion.TLSv1_2,
                    List.of(),
                    new ClientAuthConfig(mode, authority.pem())),
                Instant.now());
    open.addLast(store);
    return store;
  }

  private HandshakeServer serve(CertificateStore store) {
    HandshakeServer server = new HandshakeServer(store);
    open.push(store);
    open.push(server); // closed before the stores
    return server;
  }

  private String[] with(String version, CertificatePem client) throws Exception {
    Path certificate = Files.writeString(folder.resolve("client.pem"), client.certificate());
    Path key = Files.writeString(folder.resolve("client.key"), client.key());
    return new String[] {version, "-cert", certificate.toString(), "-key", key.toString()};
  }

  private String client(HandshakeServer server, String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "-CAfile";
    all[arguments.length + 1] = root.toString();
    return Openssl.client(server.port(), all).all();
  }
}
