package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Hello;
import io.weir.core.testkit.NginxBackend;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.Openssl.CertificateFiles;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stillness;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.core.testkit.Wire;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.tls.UpstreamTlsConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handshakes that never end, on both sides, and which time rules where two of them could. */
class TimeoutStories extends Stories {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final String GET = "GET / HTTP/1.1\r\nHost: one.test\r\n\r\n";
  private static final Duration SOON = Duration.ofMillis(400);

  /** How long a backend may be silent, where what it sends or takes is there at once. */
  private static final Duration BRIEF = Duration.ofSeconds(2);

  /** More than the kernel holds on the way. */
  private static final int MUCH = 64 << 20;

  /** For the first handshake of a cold process on a busy machine. */
  private static final Duration ENOUGH = Duration.ofSeconds(5);

  private static final Duration LATE = Duration.ofSeconds(60);

  @TempDir private static Path folder;
  private static CertificateFiles authority;
  private static CertificateFiles one;

  @BeforeAll
  static void makesCertificates() {
    authority = Openssl.authority(folder, "Test CA");
    one = Openssl.signed(folder, authority, "one.test");
  }

  @Test
  void aHandshakeThatDoesNotEndIsCutOffWhereverItStops() {
    WeirUnderTest weir =
        starts(
            proxy()
                .certificate("one", one)
                .listensTls("secure", "one")
                .handshakeTimeout(SOON)
                .clientTimeouts(LATE, LATE, LATE)
                .app(backend(Script.answers(OK))));
    InetSocketAddress secure = weir.address("secure");
    String hello = Wire.text(Hello.named("one.test"));
    ByteClient silent = keeps(ByteClient.connect(secure));
    ByteClient half = keeps(ByteClient.connect(secure)).sends(hello.substring(0, 50));
    ByteClient mute = keeps(ByteClient.connect(secure)).sends(hello); // and no Finished
    assertThat(silent.receivesUntilClose()).isEmpty();
    half.receivesUntilClose();
    mute.receivesUntilClose();
    weir.eventually("weir_tls_handshake_failures_total", 3, "secure", "timeout");
    weir.eventually("weir_tls_handshake_failures_total", 3, "secure");
    weir.eventually("weir_connections", 0, "secure");
  }

  @Test
  void aHandshakeThatTricklesGetsNoMoreTime() {
    WeirUnderTest weir =
        starts(
            proxy()
                .certificate("one", one)
                .listensTls("secure", "one")
                .handshakeTimeout(SOON)
                .app(backend(Script.answers(OK))));
    ByteClient client = keeps(ByteClient.connect(weir.address("secure")));
    long began = System.nanoTime();
    for (byte b : Hello.postQuantum("one.test")) { // 1,700 bytes: half a minute
      client.sendsWhatIsTaken(Wire.text(new byte[] {b}));
      if (weir.figure("weir_tls_handshake_failures_total", "secure", "timeout") > 0) {
        break;
      }
    }
    client.receivesUntilClose();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(25));
    weir.eventually("weir_tls_handshake_failures_total", 1, "secure", "timeout");
  }

  @Test
  void whatAClientDoesNotReadIsNotItsBackendsSilence() throws Exception {
    ByteBackend backend = backend(sends(MUCH));
    WeirUnderTest weir = starts(proxy().app(backend).backendTimeouts(LATE, BRIEF));
    ByteClient client = keeps(ByteClient.connectWithSmallWindow(weir.address(ProxySetup.WEB)));
    client.sends(GET).receivesHead();
    Stillness.of(backend.connection(0)::sentCount);
    TimeUnit.NANOSECONDS.sleep(BRIEF.multipliedBy(3).dividedBy(2).toNanos()); // the client's pause
    client.receivesAndDrops(MUCH);
    assertThat(weir.log().line(0).outcome()).isEqualTo("ok");
    assertThat(weir.figure("weir_pool_failures_total", ProxySetup.APP)).isZero();
  }

  @Test
  void whatARuleHoldsBackIsNotItEither() {
    int body = 192 << 10;
    RuleConfig pace =
        new RuleConfig(
            "pace",
            MatchConfig.ALWAYS,
            new ActionConfig.Bandwidth(List.of(new KeyPart.Ip()), 16 << 10, 128 << 10));
    WeirUnderTest weir =
        starts(proxy().app(backend(sends(body))).rules(pace).backendTimeouts(LATE, BRIEF));
    ByteClient client = client(weir);
    client.sends(GET).receivesHead();
    client.receivesAndDrops(body); // with four seconds between its pieces
    assertThat(weir.figure("weir_pool_failures_total", ProxySetup.APP)).isZero();
  }

  @Test
  void aBackendThatTakesNoMoreOfABodyIsA504() {
    CountDownLatch never = new CountDownLatch(1);
    ByteBackend backend =
        keeps(
            ByteBackend.withSmallWindow(on -> {
              on.receivesHead();
              on.waitsFor(never);
            }));
    WeirUnderTest weir = starts(proxy().app(backend).bodySize(MUCH).backendTimeouts(LATE, BRIEF));
    ByteClient client = client(weir).sends(put(MUCH));
    Thread.ofVirtual().start(() -> client.sendsWhatIsTaken("x".repeat(MUCH)));
    client.receives(504);
    assertThat(weir.log().line(0).outcome()).isEqualTo("upstream_timeout");
    weir.eventually("weir_pool_failures_total", 1, ProxySetup.APP);
    never.countDown();
  }

  @Test
  void aBackendThatTakesABodySlowlyHasItsTime() throws Exception {
    int piece = MUCH / 64;
    ByteBackend backend =
        keeps(
            ByteBackend.withSmallWindow(on -> {
              on.receivesHead();
              for (int taken = 0; taken < MUCH; taken += piece) {
                on.drops(piece);
                TimeUnit.MILLISECONDS.sleep(40); // the backend's pace
              }
              on.sends(OK).waitsForEnd();
            }));
    WeirUnderTest weir = starts(proxy().app(backend).bodySize(MUCH).backendTimeouts(LATE, BRIEF));
    ByteClient client = client(weir).sends(put(MUCH));
    Thread sender = Thread.ofVirtual().start(() -> client.sendsZeros(MUCH));
    sender.join();
    client.receives(200);
  }

  private static Script sends(int bytes) {
    return on -> {
      on.receivesRequest();
      on.sends("HTTP/1.1 200 OK\r\nContent-Length: " + bytes + "\r\n\r\n").sendsZeros(bytes);
      on.waitsForEnd();
    };
  }

  private static String put(int bytes) {
    return "PUT / HTTP/1.1\r\nHost: one.test\r\nContent-Length: " + bytes + "\r\n\r\n";
  }

  private static UpstreamTlsConfig tls() {
    return new UpstreamTlsConfig(
        "one.test", authority.certificatePem(), null, true, UpstreamTlsConfig.DEFAULT.alpn());
  }

  @Test
  void aBackendThatShakesNoHandsIsPassedOver() {
    ByteBackend silent = backend(on -> on.waitsForEnd());
    NginxBackend good = keeps(NginxBackend.tls(one, "return 200 hello;"));
    WeirUnderTest weir =
        starts(
            proxy()
                .pool(ProxySetup.APP, null, tls(), silent.address(), good.address())
                .route("", "", ProxySetup.APP)
                .backendTimeouts(ENOUGH, LATE));
    ByteClient client = client(weir);
    client.sends(GET).receives(200);
    client.sends(GET).receives(200);
    assertThat(weir.figure("weir_pool_failures_total", ProxySetup.APP, "timeout")).isPositive();
  }

  @Test
  void aBackendThatShakesNoHandsAndIsAloneIsA504() {
    ByteBackend silent = backend(on -> on.waitsForEnd());
    WeirUnderTest weir =
        starts(
            proxy()
                .pool(ProxySetup.APP, null, tls(), silent.address())
                .route("", "", ProxySetup.APP)
                .backendTimeouts(SOON, LATE));
    client(weir).sends(GET).receives(504);
    assertThat(weir.log().line(0).outcome()).isEqualTo("connect_timeout");
    silent.seesEndOf(0);
  }

  @Test
  void aTarpitHoldsForAsLongAsItsRuleSays() {
    ByteBackend backend = backend(Script.answers(OK));
    RuleConfig slow =
        new RuleConfig("slow", MatchConfig.ALWAYS, new ActionConfig.Tarpit(SOON.multipliedBy(3)));
    WeirUnderTest weir = starts(proxy().app(backend).wholeRequest(SOON).rules(slow));
    ByteClient client = client(weir);
    long began = System.nanoTime();
    assertThat(client.sends(GET).receivesUntilClose()).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(SOON.multipliedBy(2));
    assertThat(weir.log().line(0).outcome()).isEqualTo("tarpitted");
    backend.receivedNothing();
  }
}
