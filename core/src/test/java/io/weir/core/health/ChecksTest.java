package io.weir.core.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.Promise;
import io.weir.core.config.HealthConfig;
import io.weir.core.config.HostPort;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.LeakWatch;
import io.weir.core.testkit.NginxBackend;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.Script;
import io.weir.firewall.config.StatusRange;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes and what fails, against real sockets. */
class ChecksTest {
  private static final HealthConfig.Probe TCP = new HealthConfig.Tcp();
  private static final HealthConfig.Probe MYSQL = new HealthConfig.MySql();
  private static final HealthConfig.Probe HTTP = http("", 200, 399);

  private final ControlLoop control = new ControlLoop();

  @AfterEach
  void end() {
    control.close();
  }

  @AfterAll
  static void nothingLeaked() {
    LeakWatch.findsNothing();
  }

  static final List<Arguments> GOOD =
      List.of(
          Arguments.of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "status 200"),
          Arguments.of("HTTP/1.1 204 No Content\r\n\r\n", "status 204"),
          Arguments.of(
              "HTTP/1.1 301 Moved\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", "status 301"),
          Arguments.of("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", "status 304"),
          Arguments.of("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "status 200"),
          Arguments.of("HTTP/1.0 200 OK\r\n\r\nuntil the end", "status 200"),
          Arguments.of("HTTP/1.1 200 OK\r\n\r\n", "status 200"),
          Arguments.of(
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
              "status 200"),
          Arguments.of(
              "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 102 Wait\r\n\r\n"
                  + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
              "status 200"));

  @ParameterizedTest
  @FieldSource("GOOD")
  void aWholeResponseWithAWantedStatusPasses(String response, String why) {
    try (ByteBackend backend = ByteBackend.playing(Script.answersOnce(response))) {
      assertThat(outcome(HTTP, backend)).isEqualTo(Outcome.pass(why));
      backend.seesEndOf(0);
    }
  }

  static final List<Arguments> BAD =
      List.of(
          Arguments.of("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", "status 500"),
          Arguments.of("HTTP/1.1 404 None\r\nContent-Length: 5\r\n\r\n", "status 404"),
          Arguments.of("HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 503 No\r\n\r\n", "status 503"),
          Arguments.of("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", "status 101"),
          Arguments.of("HTTP/1.1 2000 OK\r\n\r\n", "status 2000"),
          Arguments.of("HTTP/1.1 2x0 OK\r\n\r\n", "malformed response"),
          Arguments.of("HTTP/1.1 -200 OK\r\n\r\n", "malformed response"),
          Arguments.of("HTTP/2.0 200 OK\r\n\r\n", "malformed response"),
          Arguments.of("ICY/1.1 200 OK\r\n\r\n", "malformed response"),
          Arguments.of("SSH-2.0-OpenSSH_9.2\r\n", "malformed response"),
          Arguments.of("\u0000\u0001\u0002\u00ff".repeat(5_000), "malformed response"),
          Arguments.of(
              "HTTP/1.1 200 OK\r\nX: " + "y".repeat(20_000) + "\r\n\r\n", "malformed response"),
          Arguments.of(
              "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nhi",
              "malformed response"),
          Arguments.of(
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "malformed response"),
          Arguments.of("", "connection closed before the answer was complete"),
          Arguments.of(
              "HTTP/1.1 103 Hints\r\n\r\n", "connection closed before the answer was complete"),
          Arguments.of(
              "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi",
              "connection closed before the answer was complete"),
          Arguments.of(
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n",
              "connection closed before the answer was complete"));

  @ParameterizedTest
  @FieldSource("BAD")
  void whatIsNotAWholeResponseWithAWantedStatusFails(String response, String why) {
    try (ByteBackend backend = ByteBackend.playing(Script.answersOnce(response))) {
      assertThat(outcome(HTTP, backend)).isEqualTo(Outcome.fail(why));
    }
  }

  @Test
  void aHeadCutShortByTheEndFails() {
    try (ByteBackend backend = ByteBackend.playing(Script.sendsThenDies("HTTP/1.1 200 OK\r\nX"))) {
      assertThat(outcome(HTTP, backend).result()).isEqualTo(CheckResult.FAIL);
    }
  }

  @Test
  void aResetFails() {
    try (ByteBackend backend = ByteBackend.playing(Script.resets())) {
      assertThat(outcome(HTTP, backend).result()).isEqualTo(CheckResult.FAIL);
    }
  }

  @Test
  void aStatusThatIsNotWantedFailsWithoutItsBody() {
    Script script =
        on -> {
          on.receivesRequest();
          on.sends("HTTP/1.1 302 Found\r\nContent-Length: 10\r\n\r\n").waitsForEnd();
        };
    try (ByteBackend backend = ByteBackend.playing(script)) {
      assertThat(outcome(http("", 200, 299), backend)).isEqualTo(Outcome.fail("status 302"));
      backend.seesEndOf(0);
    }
  }

  @Test
  void ofAnEndlessBodyNoMoreThanTheBoundIsRead() {
    Script script =
        on -> {
          on.receivesRequest();
          on.sends("HTTP/1.1 200 OK\r\n\r\n").sendsZeros(1L << 40);
        };
    try (ByteBackend backend = ByteBackend.playing(script)) {
      assertThat(outcome(HTTP, backend)).isEqualTo(Outcome.pass("status 200"));
      backend.seesEndOf(0);
      assertThat(backend.connection(0).sentCount()).isLessThan(64L << 20); // socket buffers
    }
  }

  @Test
  void theRequestIsSmallNamesTheBackendAndClosesTheConnection() {
    try (ByteBackend backend = ByteBackend.playing(Script.closesWithoutAnswer())) {
      outcome(HTTP, backend);
      assertThat(backend.receivesOneRequest())
          .hasToString(
              """
              GET /healthz?deep=1 HTTP/1.1\\r\\n
              host: 127.0.0.1:%d\\r\\n
              user-agent: weir\\r\\n
              accept: */*\\r\\n
              connection: close\\r\\n
              \\r\\n
              """
                  .formatted(backend.address().getPort()));
    }
  }

  @Test
  void theHostOfTheConfigurationIsSentIfThereIsOne() {
    try (ByteBackend backend = ByteBackend.playing(Script.closesWithoutAnswer())) {
      outcome(http("app.internal", 200, 399), backend);
      assertThat(backend.receivesOneRequest().toString()).contains("host: app.internal\\r\\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "220 mail.foobar.com ready\r\n"})
  void aTcpCheckPassesOnConnectingWhateverTheBackendSays(String greeting) {
    Script script = on -> on.sends(greeting).waitsForEnd();
    try (ByteBackend backend = ByteBackend.playing(script)) {
      assertThat(outcome(TCP, backend)).isEqualTo(Outcome.pass("connected"));
      backend.seesEndOf(0);
      backend.receivedNothing();
    }
  }

  private static final String GREETING = "\u0026\0\0\0\n11.4.2-MariaDB\0" + "x".repeat(22);

  static final List<Arguments> GREETINGS =
      List.of(
          Arguments.of(GREETING, Outcome.pass("greeting")),
          Arguments.of(GREETING + "more", Outcome.pass("greeting")),
          Arguments.of("\u0003\0\0\0\n8\0", Outcome.pass("greeting")),
          Arguments.of("\u0009\0\0\0\u00ff\u0010\u0004Too many", Outcome.fail("error 1040")),
          Arguments.of("\u0007\0\0\0\u00ff\u0069\u0004Blocke", Outcome.fail("error 1129")),
          Arguments.of("\u0026\0\0\0\u0009" + "x".repeat(37), Outcome.fail("malformed greeting")),
          Arguments.of("\u0026\0\0\u0001\n" + "x".repeat(37), Outcome.fail("malformed greeting")),
          Arguments.of("\0\0\0\0", Outcome.fail("malformed greeting")),
          Arguments.of("\u00ff\u00ff\u00ff\0\n", Outcome.fail("malformed greeting")),
          Arguments.of("SSH-2.0-OpenSSH_9.2\r\n", Outcome.fail("malformed greeting")));

  /** Whole, byte by byte, and cut off, which is no outcome but the end's. */
  @ParameterizedTest
  @FieldSource("GREETINGS")
  void aDatabasesFirstPacketSaysIfItTakesClients(String packet, Outcome expected) {
    for (int piece : List.of(packet.length(), 1, 5)) {
      Script script =
          on -> {
            for (int at = 0; at < packet.length(); at += piece) {
              on.sends(packet.substring(at, Math.min(packet.length(), at + piece)));
            }
            on.waitsForEnd();
          };
      try (ByteBackend backend = ByteBackend.playing(script)) {
        assertThat(outcome(MYSQL, backend)).as("in pieces of %d", piece).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 4, 5, 41})
  void aGreetingThatIsCutOffIsNone(int length) {
    Script script = on -> on.sends(GREETING.substring(0, length)).finishesSending();
    try (ByteBackend backend = ByteBackend.playing(script)) {
      assertThat(outcome(MYSQL, backend))
          .isEqualTo(Outcome.fail("connection closed before the answer was complete"));
    }
  }

  @Test
  void overTlsTheHandshakeIsPartOfEveryCheck(@TempDir Path folder) throws Exception {
    Openssl.CertificateFiles identity = Openssl.selfSigned(folder, "127.0.0.1");
    try (NginxBackend nginx =
        NginxBackend.tls(identity, "location /healthz { return 200 fine; }")) {
      TlsHandlers trusting = tls(identity);
      assertThat(outcome(HTTP, nginx.address(), trusting)).isEqualTo(Outcome.pass("status 200"));
      assertThat(outcome(TCP, nginx.address(), trusting))
          .isEqualTo(Outcome.pass("connected with TLS"));

      TlsHandlers strict = tls(Openssl.selfSigned(folder.resolve("..").normalize(), "other.test"));
      for (HealthConfig.Probe probe : List.of(TCP, HTTP)) {
        Outcome refused = outcome(probe, nginx.address(), strict);
        assertThat(refused.result()).isEqualTo(CheckResult.FAIL);
        assertThat(refused.why()).contains("certification path");
      }
    }
  }

  @Test
  void aBackendThatDoesNotSpeakTlsFails(@TempDir Path folder) throws Exception {
    TlsHandlers tls = tls(Openssl.selfSigned(folder, "127.0.0.1"));
    Script plain = on -> on.sends("HTTP/1.1 400 Bad Request\r\n\r\n").waitsForEnd();
    for (HealthConfig.Probe probe : List.of(TCP, HTTP)) {
      try (ByteBackend backend = ByteBackend.playing(plain)) {
        Outcome failed = outcome(probe, backend.address(), tls);
        assertThat(failed.result()).isEqualTo(CheckResult.FAIL);
        assertThat(failed.why()).contains("SSL/TLS record");
      }
    }
  }

  @Test
  void theTimeoutCoversTheHandshake(@TempDir Path folder) throws Exception {
    try (ByteBackend backend = ByteBackend.playing(on -> on.waitsForEnd())) {
      Promise<Outcome> outcome =
          control
              .runner()
              .start(watch(TCP, backend.address(), tls(Openssl.selfSigned(folder, "127.0.0.1"))));
      control.runsUntil(
          "a ClientHello",
          () -> backend.acceptedConnections() == 1 && backend.connection(0).receivedCount() > 0);
      control.passes(Duration.ofSeconds(2));
      assertThat(outcome.getNow())
          .isEqualTo(new Outcome(CheckResult.TIMEOUT, "no answer in 2000 ms"));
      backend.seesEndOf(0);
    }
  }

  @Test
  void aCancelledCheckHangsUp() {
    try (ByteBackend backend = ByteBackend.playing(Script.stalls())) {
      Promise<Outcome> outcome = control.runner().start(watch(HTTP, backend.address(), null));
      control.runsUntil("the request", () -> backend.requests().size() == 1);
      outcome.cancel(false);
      backend.seesEndOf(0);
    }
  }

  static final List<Throwable> THROWN =
      List.of(new RuntimeException("outer", new Exception("a\r\nb\u001b[31m")));

  @ParameterizedTest
  @FieldSource("THROWN")
  void wordsOfAFailureCannotForgeALogLine(Throwable thrown) {
    assertThat(Outcome.fail(thrown).why()).isEqualTo("a??b?[31m");
    assertThat(Outcome.fail(new Exception("x".repeat(5_000))).why()).hasSize(200);
    assertThat(Outcome.fail(new IllegalStateException()).why()).isEqualTo("IllegalStateException");
  }

  private static TlsHandlers tls(Openssl.CertificateFiles trusted) throws Exception {
    SslContext context =
        SslContextBuilder.forClient().trustManager(trusted.certificate().toFile()).build();
    return context::newHandler;
  }

  private Outcome outcome(HealthConfig.Probe probe, ByteBackend backend) {
    return outcome(probe, backend.address(), null);
  }

  private Outcome outcome(
      HealthConfig.Probe probe, InetSocketAddress address, @Nullable TlsHandlers tls) {
    Promise<Outcome> outcome = control.runner().start(watch(probe, address, tls));
    control.runsUntil("an outcome", outcome::isDone);
    control.loop.runNow(); // NIO closes a socket for good in the turn after
    return outcome.getNow();
  }

  private static Watch watch(
      HealthConfig.Probe probe, InetSocketAddress address, @Nullable TlsHandlers tls) {
    HostPort backend = new HostPort(address.getAddress().getHostAddress(), address.getPort());
    HealthConfig config =
        new HealthConfig(probe, Duration.ofSeconds(5), Duration.ofSeconds(2), 2, 3);
    return new Watch("k", backend, () -> address, config, null, tls, false, new Heard());
  }

  private static HealthConfig.Http http(String host, int low, int high) {
    return new HealthConfig.Http("/healthz?deep=1", host, List.of(new StatusRange(low, high)));
  }
}
