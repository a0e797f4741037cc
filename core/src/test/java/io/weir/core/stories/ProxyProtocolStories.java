package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.HealthConfig;
import io.weir.core.config.HttpProtocol;
import io.weir.core.config.ListenerConfig;
import io.weir.core.config.PoolConfig.ProxyProtocolConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.HaproxyBackend;
import io.weir.core.testkit.NginxBackend;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.Openssl.CertificateFiles;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Request;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.StatusRange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who the client is, told from proxy to proxy: by those before us, and by us to those behind. */
class ProxyProtocolStories extends Stories {
  private static final String TOLD = "PROXY TCP4 198.51.100.7 203.0.113.1 5555 443\r\n";
  private static final String BINARY =
      "\r\n\r\n\0\r\nQUIT\n\u0021\u0011\0\u0013\u00c6\u0033\u0064\u0007\u00cb\u0000\u0071\u0001"
          + "\u0015\u00b3\u0001\u00bb\u0004\0\u0004abcd";
  private static final String LOCAL = "\r\n\r\n\0\r\nQUIT\n\u0020\0\0\0";
  private static final String UNKNOWN = "PROXY UNKNOWN\r\n";
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final Duration SOON = Duration.ofMillis(300);
  private static final Duration LATE = Duration.ofSeconds(60);

  @TempDir private static Path folder;

  private static ProxySetup told(ByteBackend backend) {
    return proxy()
        .trusts("127.0.0.1/32")
        .listens(ProxySetup.WEB)
        .toldByProxies(ProxySetup.WEB)
        .app(backend);
  }

  private static RuleConfig drop(String name, String prefix) {
    return new RuleConfig(
        name, new MatchConfig.Ip(List.of(Cidr.parse(prefix)), List.of()), new ActionConfig.Drop());
  }

  private static String forwardedFor(Request request) {
    return String.join("|", request.headers().all("x-forwarded-for"));
  }

  @Test
  void theHeaderSaysWhoTheClientIs() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(told(backend));
    client(weir).sends(TOLD + GET).receives(200);
    client(weir).sends(BINARY + GET).receives(200);
    ByteClient slow = client(weir);
    slow.sendsInPiecesOf(1, BINARY + GET);
    slow.receives(200);
    slow.sends(GET).receives(200);
    assertThat(backend.receivesRequests(4))
        .allMatch(request -> forwardedFor(request).equals("198.51.100.7"));
  }

  @Test
  void whatTheClientItselfSaysIsNotBelieved() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(told(backend));
    String spoofed =
        "GET / HTTP/1.1\r\n"
            + "Host: a\r\n"
            + "X-Forwarded-For: 192.0.2.9\r\n"
            + "X-Forwarded-Proto: https\r\n\r\n";
    client(weir).sends(TOLD + spoofed).receives(200);
    client(weir).sends(UNKNOWN + spoofed).receives(200);
    List<Request> requests = backend.receivesRequests(2);
    assertThat(forwardedFor(requests.get(0))).isEqualTo("198.51.100.7");
    assertThat(forwardedFor(requests.get(1))).isEqualTo("127.0.0.1");
    assertThat(requests)
        .allMatch(request -> request.headers().all("x-forwarded-proto").equals(List.of("http")));
  }

  @Test
  void aProxyThatSpeaksForItselfIsItsOwnClient() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(told(backend));
    client(weir).sends(LOCAL + GET).receives(200);
    assertThat(forwardedFor(backend.receivesOneRequest())).isEqualTo("127.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "PROXY TCP4 198.51.100.7 203.0.113.1 5555 443\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\u0016\u0003\u0001\u0000\u0005",
        "\r\n\r\n\0\r\nQUIT\n\u0031",
        "X"
      })
  void withoutTheHeaderNobodyIsServed(String instead) {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(told(backend));
    ByteClient client = client(weir);
    client.sends(instead).receivesClose();
    weir.eventually("weir_connections_rejected_total", 1, ProxySetup.WEB, "proxy_header");
    backend.receivedNothing();
  }

  @Test
  void aHeaderThatDoesNotComeIsNotWaitedForAndHalfAOneIsNone() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(told(backend).clientTimeouts(SOON, LATE, LATE));
    client(weir).receivesClose();
    client(weir).sends(TOLD.substring(0, 20)).receivesClose();
    client(weir).sends(TOLD.substring(0, 20)).finishesSending().receivesClose();
    weir.eventually("weir_connections_rejected_total", 3, ProxySetup.WEB, "proxy_header");
    client(weir).finishesSending().receivesClose(); // a check that only connects
    weir.eventually("weir_connections_rejected_total", 3, "proxy_header");
  }

  @Test
  void aStrangerMayTellNothing() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(told(backend).trusts("10.0.0.0/8"));
    assertThat(ByteClient.isSentAwayFrom(weir.address(ProxySetup.WEB))).isTrue();
    weir.eventually("weir_connections_rejected_total", 1, ProxySetup.WEB, "proxy_header");
    backend.receivedNothing();
  }

  @Test
  void rulesAtAcceptJudgeTheClientAndNotTheProxy() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir =
        starts(told(backend).rules(drop("bad", "198.51.100.0/24"), drop("proxy", "127.0.0.1/32")));
    ByteClient bad = client(weir);
    bad.sends(TOLD).receivesClose(); // without a request: refused as at accept
    weir.eventually("weir_connections_rejected_total", 1, ProxySetup.WEB, "firewall");
    client(weir).sends("PROXY TCP4 192.0.2.1 203.0.113.1 1 2\r\n" + GET).receives(200);
    backend.receivesOneRequest();
  }

  @Test
  void placesAreTheClientsAndNotTheProxys() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(told(backend).connections(100, 2));
    ByteClient first = client(weir);
    first.sends(TOLD + GET).receives(200);
    client(weir).sends(BINARY + GET).receives(200);
    client(weir).sendsWhatIsTaken(TOLD).receivesUntilClose();
    weir.eventually("weir_connections_rejected_total", 1, ProxySetup.WEB, "per_ip");
    for (int i = 1; i < 5; i++) {
      client(weir).sends("PROXY TCP4 192.0.2." + i + " 203.0.113.1 1 2\r\n" + GET).receives(200);
    }
    first.close();
    ByteBackend.waitsUntil(
        "a free place",
        () -> {
          ByteClient next = client(weir);
          next.sendsWhatIsTaken(TOLD + GET);
          return next.receivesUntilClose(SOON).contains("200 OK");
        });
  }

  @Test
  void theHeaderStandsBeforeTls() {
    CertificateFiles one = Openssl.selfSigned(folder, "one.test");
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir =
        starts(
            proxy()
                .trusts("127.0.0.1/32")
                .certificate("one", one)
                .listensTls("secure", "one")
                .toldByProxies("secure")
                .app(backend));
    ByteClient client = keeps(ByteClient.connectTlsAfter(weir.address("secure"), TOLD, "one.test"));
    client.sends(GET.replace("a", "one.test")).receives(200);
    assertThat(forwardedFor(backend.receivesOneRequest())).isEqualTo("198.51.100.7");
  }

  @ParameterizedTest
  @EnumSource(ProxyProtocolConfig.class)
  void aRelayTellsTheBackend(ProxyProtocolConfig version) {
    NginxBackend nginx =
        keeps(
            NginxBackend.told(
                "location / { return 200 \"$proxy_protocol_addr $proxy_protocol_port\"; }"));
    WeirUnderTest weir =
        starts(
            proxy()
                .trusts("127.0.0.1/32")
                .poolTold("web", version, null, nginx.address())
                .listens("plain", new ListenerConfig.Relay("web"), null)
                .listens("told", new ListenerConfig.Relay("web"), null)
                .toldByProxies("told"));
    ByteClient plain = keeps(ByteClient.connect(weir.address("plain")));
    assertThat(plain.sends(GET).receives(200).bodyText())
        .isEqualTo("127.0.0.1 " + plain.localAddress().getPort());
    ByteClient told = keeps(ByteClient.connect(weir.address("told")));
    assertThat(told.sends(TOLD + GET).receives(200).bodyText()).isEqualTo("198.51.100.7 5555");
  }

  @ParameterizedTest
  @EnumSource(ProxyProtocolConfig.class)
  void aBackendOfHttpIsToldWhoseConnectionItIs(ProxyProtocolConfig version) {
    HaproxyBackend haproxy = keeps(HaproxyBackend.told());
    HealthConfig checks =
        new HealthConfig(
            new HealthConfig.Http("/", "", List.of(new StatusRange(200, 299))),
            Duration.ofMillis(100),
            Duration.ofMillis(100),
            1,
            100); // one that is late on a busy machine changes nothing
    WeirUnderTest weir =
        starts(
            told(backend(Script.answers(OK)))
                .listens("plain")
                .poolTold("app", version, checks, haproxy.address()));
    ByteClient plain = keeps(ByteClient.connect(weir.address("plain")));
    int to = weir.address("plain").getPort();
    for (int i = 0; i < 3; i++) {
      assertThat(plain.sends(GET).receives(200).bodyText())
          .isEqualTo("127.0.0.1 " + plain.localAddress().getPort() + " 127.0.0.1 " + to);
    }
    assertThat(client(weir).sends(TOLD + GET).receives(200).bodyText())
        .isEqualTo("198.51.100.7 5555 203.0.113.1 443");
    weir.eventually("weir_pool_backends", 1, "app", "up");
    ByteBackend.waitsUntil(
        "a check", () -> weir.figure("weir_pool_health_checks_total", "app", "pass") > 0);
    assertThat(weir.figure("weir_pool_health_checks_total", "app", "fail")).isZero();
  }

  @Test
  void noTwoClientsShareAConnectionThatIsToldOfOne() {
    ByteBackend backend =
        backend(on -> {
          String header = new String(on.receivesLine());
          for (var next = on.nextRequest(); next.isPresent(); next = on.nextRequest()) {
            on.sends("HTTP/1.1 200 OK\r\nContent-Length: " + header.length() + "\r\n\r\n" + header);
          }
        });
    WeirUnderTest weir =
        starts(
            told(backend)
                .listens("plain")
                .poolTold("app", ProxyProtocolConfig.V1, null, backend.address()));
    ByteClient first = client(weir);
    ByteClient second = client(weir);
    String other = TOLD.replace("100.7", "100.8");
    first.sends(TOLD);
    second.sends(other);
    for (int i = 0; i < 3; i++) {
      assertThat(first.sends(GET).receives(200).bodyText()).isEqualTo(TOLD);
      assertThat(second.sends(GET).receives(200).bodyText()).isEqualTo(other);
    }
    assertThat(backend.acceptedConnections()).isEqualTo(2);
    // Of a trusted proxy's connection each request can be another client's.
    ByteClient proxy = keeps(ByteClient.connect(weir.address("plain")));
    for (String client : List.of("192.0.2.1", "192.0.2.2", "192.0.2.1")) {
      String body =
          proxy
              .sends("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: " + client + "\r\n\r\n")
              .receives(200)
              .bodyText();
      assertThat(body).startsWith("PROXY TCP4 " + client + " 127.0.0.1 0 ");
    }
    assertThat(backend.acceptedConnections()).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource(ProxyProtocolConfig.class)
  void connectionsOfHttp2AreToldOfOneClientToo(ProxyProtocolConfig version) {
    NginxBackend nginx =
        keeps(
            NginxBackend.toldOverHttp2(
                "location / { return 200 \"$proxy_protocol_addr $connection\"; }"));
    WeirUnderTest weir =
        starts(
            told(backend(Script.answers(OK)))
                .poolTold("app", HttpProtocol.H2C, version, null, nginx.address()));
    ByteClient first = client(weir);
    ByteClient second = client(weir);
    first.sends(TOLD);
    second.sends(TOLD.replace("100.7", "100.8"));
    Set<String> connections = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      String one = first.sends(GET).receives(200).bodyText();
      String other = second.sends(GET).receives(200).bodyText();
      assertThat(one).startsWith("198.51.100.7 ");
      assertThat(other).startsWith("198.51.100.8 ");
      connections.add(one);
      connections.add(other);
    }
    assertThat(connections).as("client and connection").hasSize(2);
  }
}
