package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.ListenerConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Curl;
import io.weir.core.testkit.Hello;
import io.weir.core.testkit.MariaDb;
import io.weir.core.testkit.NginxBackend;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.Openssl.CertificateFiles;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.core.testkit.Wire;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** TLS passed on by the name that the client asks for, and a database, to real servers. */
class PassthroughStories extends Stories {
  private static final String TLS = "tls";
  private static final String FAILURES = "weir_tls_handshake_failures_total";
  private static final Duration SOON = Duration.ofMillis(300);

  @TempDir private static Path folder;

  private static ProxySetup byName(InetSocketAddress one, InetSocketAddress two) {
    return proxy()
        .pool("one", one)
        .pool("two", two)
        .listens(
            TLS,
            new ListenerConfig.RelayByServerName(Map.of("one.test", "one", "*.two.test", "two")),
            null);
  }

  static Stream<Arguments> hellos() {
    byte[] usual = Hello.named("one.test");
    byte[] large = Hello.postQuantum("one.test");
    assertThat(large).hasSizeGreaterThan(1_300);
    byte[] grease = Hello.with(Hello.with(usual, 0x3a3a, new byte[0]), 0xfafa, new byte[1]);
    byte[] outer = Hello.with(large, 0xfe0d, new byte[282]); // encrypted_client_hello
    return Stream.of(
        Arguments.of("in one packet", usual, usual.length),
        Arguments.of("byte by byte", usual, 1),
        Arguments.of("cut behind the record's header", usual, 5),
        Arguments.of("in records of 50 bytes", Hello.inRecordsOf(50, usual), 10_000),
        Arguments.of("in records of one byte, byte by byte", Hello.inRecordsOf(1, usual), 1),
        Arguments.of("post-quantum, in packets of 1,200", large, 1_200),
        Arguments.of("post-quantum, in records of 700", Hello.inRecordsOf(700, large), 999),
        Arguments.of("with GREASE", grease, 100),
        Arguments.of("with an encrypted inner hello", outer, 1_200),
        Arguments.of("nearly as large as may be", Hello.with(usual, 21, new byte[14_000]), 1_460));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hellos")
  void aHelloArrivesAsItWent(String how, byte[] hello, int piece) {
    ByteBackend one =
        backend(on -> {
          on.receivesBytes(hello.length + 4);
          on.sends("heard").waitsForEnd();
        });
    ByteBackend two = backend(on -> on.sends("wrong"));
    WeirUnderTest weir = starts(byName(one.address(), two.address()));
    ByteClient client = keeps(ByteClient.connect(weir.address(TLS)));
    client.sendsInPiecesOf(piece, Wire.text(hello)).sends("more");
    assertThat(client.receivesBytes(5)).isEqualTo("heard");
    assertThat(Wire.text(one.connection(0).received())).isEqualTo(Wire.text(hello) + "more");
    assertThat(two.acceptedConnections()).isZero();
  }

  @Test
  void aNameThatNobodyServesIsAnAlert() {
    ByteBackend backend = backend(on -> on.sends("wrong"));
    WeirUnderTest weir = starts(byName(backend.address(), backend.address()));
    for (String name : new String[] {"other.test", "two.test", ""}) {
      ByteClient client = keeps(ByteClient.connect(weir.address(TLS)));
      client.sends(Hello.named(name));
      assertThat(client.receivesUntilClose()).isEqualTo("\u0015\u0003\u0003\0\u0002\u0002\u0070");
    }
    weir.eventually(FAILURES, 3, TLS, "unknown_sni");
    assertThat(backend.acceptedConnections()).isZero();
  }

  @Test
  void whatIsNoHelloIsClosed() {
    ByteBackend backend = backend(on -> on.sends("wrong"));
    WeirUnderTest weir = starts(byName(backend.address(), backend.address()));
    byte[] tooLarge = Hello.with(Hello.named("one.test"), 21, new byte[16_384]);
    for (String garbage :
        new String[] {
          "GET / HTTP/1.1\r\n\r\n", "\0\0\0\0", "\u0016\u0003\u0001\0\0", Wire.text(tooLarge)
        }) {
      ByteClient client = keeps(ByteClient.connect(weir.address(TLS)));
      client.sendsWhatIsTaken(garbage);
      assertThat(client.receivesUntilClose()).as(garbage).isEmpty();
    }
    weir.eventually(FAILURES, 4, TLS, "protocol");
    assertThat(backend.acceptedConnections()).isZero();
  }

  @Test
  void aHelloThatDoesNotComeIsNotWaitedFor() {
    ByteBackend backend = backend(on -> on.sends("wrong"));
    WeirUnderTest weir =
        starts(byName(backend.address(), backend.address()).handshakeTimeout(SOON));
    keeps(ByteClient.connect(weir.address(TLS))).receivesClose();
    ByteClient half = keeps(ByteClient.connect(weir.address(TLS)));
    half.sends(Wire.text(Hello.named("one.test")).substring(0, 50)).receivesClose();
    weir.eventually("weir_connections", 0, TLS);
    weir.eventually(FAILURES, 2, TLS, "timeout");
    assertThat(weir.figure(FAILURES, TLS)).as("each once").isEqualTo(2);
  }

  @Test
  void aClientThatEndsBeforeItsHelloIsClosedAtOnce() {
    ByteBackend backend = backend(on -> on.sends("wrong"));
    WeirUnderTest weir = starts(byName(backend.address(), backend.address()));
    keeps(ByteClient.connect(weir.address(TLS))).finishesSending().receivesClose();
    assertThat(weir.figure(FAILURES, TLS)).isZero();
    ByteClient half = keeps(ByteClient.connect(weir.address(TLS)));
    half.sends(Wire.text(Hello.named("one.test")).substring(0, 50)).finishesSending();
    half.receivesClose();
    weir.eventually(FAILURES, 1, TLS, "closed");
    weir.eventually("weir_connections", 0, TLS);
  }

  @Test
  void theCertificateIsTheBackendsOwn() throws Exception {
    CertificateFiles one = Openssl.selfSigned(folder, "one.test");
    CertificateFiles two = Openssl.selfSigned(folder, "a.two.test");
    NginxBackend first = keeps(NginxBackend.tls(one, "location / { return 200 \"first\"; }"));
    NginxBackend second = keeps(NginxBackend.tls(two, "location / { return 200 \"second\"; }"));
    WeirUnderTest weir = starts(byName(first.address(), second.address()));
    InetSocketAddress address = weir.address(TLS);
    assertThat(shown(address, "one.test")).contains(one.certificatePem().strip());
    assertThat(shown(address, "a.two.test")).contains(two.certificatePem().strip());
    Curl.Result curl =
        Curl.run(
            "--cacert",
            two.certificate().toString(),
            "--resolve",
            "a.two.test:" + address.getPort() + ":127.0.0.1",
            "https://a.two.test:" + address.getPort() + "/");
    assertThat(curl.body()).as(curl.stderr()).isEqualTo("second");
  }

  private static String shown(InetSocketAddress address, String name) {
    return Openssl.client(address, "", "-servername", name, "-showcerts");
  }

  @Test
  void aDatabaseIsAsked() {
    CertificateFiles identity = Openssl.selfSigned(folder, "db.test", "127.0.0.1");
    MariaDb database = keeps(MariaDb.start(identity));
    WeirUnderTest weir =
        starts(
            proxy()
                .pool("db", database.address())
                .listens("db", new ListenerConfig.Relay("db"), null));
    InetSocketAddress address = weir.address("db");
    assertThat(MariaDb.run(address, "select 6 * 7")).isEqualTo("42");
    assertThat(MariaDb.run(address, "select length(repeat('x', 15000000))")).isEqualTo("15000000");
    assertThat(MariaDb.run(address, "select repeat('x', 15000000)")).hasSize(15_000_000);
    assertThat(
            MariaDb.run(
                address,
                "show status like 'Ssl_version'",
                "--ssl-ca=" + identity.certificate(),
                "--ssl-verify-server-cert"))
        .contains("TLSv1.3");
    assertThat(weir.figure("weir_connection_bytes_total", "db", "out")).isGreaterThan(15_000_000);
  }
}
