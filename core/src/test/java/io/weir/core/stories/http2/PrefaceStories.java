package io.weir.core.stories.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.HostPort;
import io.weir.core.config.HttpProtocol;
import io.weir.core.config.ListenerConfig;
import io.weir.core.config.ListenerTlsConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.TlsOffer;
import io.weir.core.testkit.WeirUnderTest;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a connection becomes one of HTTP/2, or of HTTP/1, or ends: RFC 9113 section 3. */
class PrefaceStories extends Stories {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final String ERRORS = "weir_http_errors_total";
  private static final HostPort FREE_PORT = new HostPort("127.0.0.1", 0);

  @TempDir static Path folder;

  private WeirUnderTest speaks(HttpProtocol... protocols) {
    ByteBackend backend = backend(Script.answers(OK));
    return starts(
        proxy()
            .listens(
                ProxySetup.WEB,
                new ListenerConfig(
                    List.of(FREE_PORT), new ListenerConfig.Http(), List.of(protocols), false, null))
            .app(backend));
  }

  private WeirUnderTest speaksWithTls(HttpProtocol... protocols) {
    ByteBackend backend = backend(Script.answers(OK));
    ListenerTlsConfig tls =
        new ListenerTlsConfig(
            List.of("a"),
            ListenerTlsConfig.UnknownName.DEFAULT,
            ListenerTlsConfig.MinVersion.TLS_1_2,
            null,
            null);
    return starts(
        proxy()
            .certificate("a", Openssl.selfSigned(folder, "a.test"))
            .listens(
                ProxySetup.WEB,
                new ListenerConfig(
                    List.of(FREE_PORT), new ListenerConfig.Http(), List.of(protocols), false, tls))
            .app(backend));
  }

  private static InetSocketAddress web(WeirUnderTest weir) {
    return weir.address(ProxySetup.WEB);
  }

  @Test
  void theServerSaysWhatItAllowsFirst() {
    WeirUnderTest weir = speaks(HttpProtocol.H2C, HttpProtocol.HTTP_1_1);
    Http2Client client = keeps(Http2Client.open(web(weir)));
    assertThat(client.serverSettings())
        .containsEntry(3, 128L) // MAX_CONCURRENT_STREAMS
        .containsEntry(4, 131_072L) // INITIAL_WINDOW_SIZE
        .containsEntry(6, 16_384L + 100 * 32) // MAX_HEADER_LIST_SIZE
        .containsEntry(9, 1L) // NO_RFC7540_PRIORITIES
        .containsEntry(8, 1L); // ENABLE_CONNECT_PROTOCOL
    client.receivesUntil(
        "the connection's window", () -> client.windowGiven(0) == 1_048_576 - 65_535);
  }

  @Test
  void aPrefaceInPiecesIsOne() {
    WeirUnderTest weir = speaks(HttpProtocol.H2C, HttpProtocol.HTTP_1_1);
    Http2Client client = keeps(Http2Client.connect(web(weir)));
    for (char c : Http2Client.PREFACE.toCharArray()) {
      client.sends(String.valueOf(c));
    }
    client.sends(Http2Frame.settings()).asks(1).receives(1, 200);
  }

  @Test
  void whatBeginsAsAPrefaceAndIsNoneIsARequestOfHttp1() {
    WeirUnderTest weir = speaks(HttpProtocol.H2C, HttpProtocol.HTTP_1_1);
    client(weir).sends("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n").receives(505);
    client(weir).sends("P").sends("UT / HTTP/1.1\r\nHost: a\r\n\r\n").receives(200);
  }

  @Test
  void aListenerForH2cAloneClosesOnHttp1() {
    WeirUnderTest weir = speaks(HttpProtocol.H2C);
    client(weir).sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").receivesClose();
    weir.eventually(ERRORS, 1, ProxySetup.WEB, "version_not_supported");
    keeps(Http2Client.open(web(weir))).asks(1).receives(1, 200);
  }

  @Test
  void aListenerThatWasNotToldAnswersAPrefaceAsHttp1() {
    WeirUnderTest weir = speaks(HttpProtocol.HTTP_1_1);
    client(weir).sends(Http2Client.PREFACE).receives(505);
  }

  @Test
  void theFirstFrameMustBeSettings() {
    WeirUnderTest weir = speaks(HttpProtocol.H2C);
    for (Http2Frame first :
        List.of(
            Http2Frame.ping(1),
            Http2Frame.settingsAck(),
            Http2Frame.request(1, ":method", "GET"))) {
      Http2Client client = keeps(Http2Client.connect(web(weir)));
      client.sends(Http2Client.PREFACE).sends(first);
      assertThat(client.receivesGoAway()).isEqualTo(Http2Row.PROTOCOL_ERROR);
      client.receivesEnd();
    }
  }

  @Test
  void whoSaysNothingIsSentAway() {
    Duration soon = Duration.ofMillis(300);
    WeirUnderTest weir =
        starts(
            proxy()
                .listensH2c(ProxySetup.WEB)
                .app(backend(Script.answers(OK)))
                .clientTimeouts(soon, soon, soon));
    keeps(ByteClient.connect(web(weir))).receivesClose();
    keeps(ByteClient.connect(web(weir))).sends("PRI * HT").receivesClose();
    Http2Client silent = keeps(Http2Client.connect(web(weir)));
    silent.sends(Http2Client.PREFACE);
    silent.receivesEnd();
    weir.eventually("weir_connections", 0, ProxySetup.WEB);
    assertThat(weir.figure(ERRORS, ProxySetup.WEB, "request_timeout"))
        .as("of who began to say something")
        .isEqualTo(1);
  }

  @Test
  void alpnChoosesTheVersion() {
    WeirUnderTest weir = speaksWithTls(HttpProtocol.H2, HttpProtocol.HTTP_1_1);
    keeps(Http2Client.openTls(web(weir), "a.test")).asks(1).receives(1, 200);
    ByteClient one =
        keeps(ByteClient.connectTls(web(weir), TlsOffer.named("a.test").protocols("http/1.1")));
    one.sends("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").receives(200);
    ByteClient none = keeps(ByteClient.connectTls(web(weir), TlsOffer.named("a.test")));
    none.sends("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").receives(200);
  }

  @Test
  void theServersPreferenceCounts() {
    WeirUnderTest weir = speaksWithTls(HttpProtocol.HTTP_1_1, HttpProtocol.H2);
    ByteClient both =
        keeps(
            ByteClient.connectTls(web(weir), TlsOffer.named("a.test").protocols("h2", "http/1.1")));
    assertThat(both.tls().orElseThrow().getApplicationProtocol()).isEqualTo("http/1.1");
  }

  @Test
  void withoutAlpnAListenerForH2AloneCloses() {
    WeirUnderTest weir = speaksWithTls(HttpProtocol.H2);
    keeps(ByteClient.connectTls(web(weir), TlsOffer.named("a.test"))).receivesClose();
    weir.eventually(ERRORS, 1, ProxySetup.WEB, "version_not_supported");
  }

  @Test
  void aBadPrefaceOverTlsIsAnError() {
    WeirUnderTest weir = speaksWithTls(HttpProtocol.H2, HttpProtocol.HTTP_1_1);
    ByteClient client =
        keeps(ByteClient.connectTls(web(weir), TlsOffer.named("a.test").protocols("h2")));
    client.sends("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    assertThat(client.receivesUntilClose()).doesNotContain("HTTP/1.1");
  }
}
