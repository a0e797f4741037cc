package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.RouteConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Curl;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.RuleMode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Answers that are sent no faster than a rule lets them. */
class BandwidthStories extends Stories {
  private static final int BODY = 1 << 20;
  private static final String ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Length: " + BODY + "\r\n\r\n" + "x".repeat(BODY);

  /** 1 MiB beyond a burst of 128 KiB at 512 KiB/s, but for what one read brings at once. */
  private static final Duration LEAST = Duration.ofMillis(1400);

  /** Not much more than that, on a machine that does other things, too. */
  private static final Duration MOST = LEAST.multipliedBy(20);

  /** What a client sends: at the rule's rate it would take longer than {@link #MOST}. */
  private static final int UPLOAD = 16 * BODY;

  private static RuleConfig pace(RuleMode mode) {
    return pace(mode, 512 << 10);
  }

  private static RuleConfig pace(RuleMode mode, long bytesPerSecond) {
    return new RuleConfig(
        "pace",
        MatchConfig.ALWAYS,
        new ActionConfig.Bandwidth(List.of(new KeyPart.Ip()), bytesPerSecond, 128 << 10),
        mode);
  }

  private WeirUnderTest weir(RuleConfig rule) {
    ByteBackend backend = backend(Script.answers(ANSWER));
    return starts(proxy().app(backend).listens(ProxySetup.WEB).listensH2c("h2").rules(rule));
  }

  private static Duration timeOf(WeirUnderTest weir, String listener, String... more) {
    long began = System.nanoTime();
    String[] arguments = new String[more.length + 1];
    System.arraycopy(more, 0, arguments, 0, more.length);
    arguments[more.length] = "http://127.0.0.1:" + weir.address(listener).getPort() + "/";
    Curl.Result result = Curl.run(arguments);
    assertThat(result.status()).isEqualTo(200);
    assertThat(result.body()).hasSize(BODY);
    return Duration.ofNanos(System.nanoTime() - began);
  }

  @Test
  void anAnswerIsSentNoFasterThanItsRuleSays() {
    WeirUnderTest weir = weir(pace(RuleMode.ENFORCE));
    assertThat(timeOf(weir, ProxySetup.WEB)).isBetween(LEAST, MOST);
    assertThat(timeOf(weir, "h2", "--http2-prior-knowledge"))
        .as("and another one, which waits for what the first has left")
        .isBetween(LEAST, MOST);
  }

  @Test
  void twoAnswersToOneClientShareItsRate() {
    WeirUnderTest weir = weir(pace(RuleMode.ENFORCE));
    long began = System.nanoTime();
    CompletableFuture<Duration> other =
        CompletableFuture.supplyAsync(() -> timeOf(weir, ProxySetup.WEB));
    timeOf(weir, "h2", "--http2-prior-knowledge");
    other.join();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(LEAST.multipliedBy(2));
  }

  @Test
  void manySmallAnswersAreSentNoFasterEither() {
    String small = "HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n" + "x".repeat(1 << 16);
    ByteBackend backend = backend(Script.answers(small));
    WeirUnderTest weir = starts(proxy().app(backend).rules(pace(RuleMode.ENFORCE)));
    long began = System.nanoTime();
    for (int i = 0; i < 18; i++) { // 1152 KiB, as the large answer with its burst
      client(weir).sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").receives(200);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(LEAST);
  }

  @Test
  void aClientThatGoesAwayWhileItIsHeldBackLeavesNothingBehind() {
    WeirUnderTest weir = weir(pace(RuleMode.ENFORCE));
    ByteClient client = client(weir);
    client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").receivesHead();
    client.close();
    ByteBackend.waitsUntil("the end of the request", () -> weir.log().lines().size() == 1);
    assertThat(weir.log().line(0).outcome()).isEqualTo("client_closed");
  }

  @Test
  void inReportModeItIsCountedAndHoldsNothingBack() {
    WeirUnderTest weir = weir(pace(RuleMode.REPORT, 16 << 10)); // a minute for each
    Duration three = Duration.ZERO;
    for (int i = 0; i < 3; i++) {
      three = three.plus(timeOf(weir, ProxySetup.WEB));
    }
    assertThat(three).isLessThan(MOST);
    assertThat(weir.figure("weir_firewall_rule_matches_total", "pace", "bandwidth", "report"))
        .as("the first would have been held back on its way, the others from the beginning")
        .isEqualTo(3);
    weir.eventually("weir_bandwidth_bytes_total", 3 * BODY, "pace");
    assertThat(weir.figure("weir_bandwidth_held", "pace")).isZero();
  }

  @Test
  void aRuleMatchesFromTheFirstByteThatItHoldsBack() {
    WeirUnderTest weir = weir(pace(RuleMode.ENFORCE));
    ByteClient client = client(weir);
    client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").receivesHead();
    ByteBackend.waitsUntil("the first wait", () -> weir.figure("weir_bandwidth_held", "pace") == 1);
    weir.eventually("weir_firewall_rule_matches_total", 1, "pace", "bandwidth", "enforce");
    assertThat(weir.log().lines()).as("long before its end").isEmpty();
    assertThat(client.receivesBytes(BODY)).hasSize(BODY);
    assertThat(weir.figure("weir_firewall_rule_matches_total", "pace", "bandwidth", "enforce"))
        .as("once for each request")
        .isEqualTo(1);
    ByteBackend.waitsUntil("the end", () -> weir.figure("weir_bandwidth_held", "pace") == 0);
    weir.eventually("weir_bandwidth_bytes_total", BODY, "pace");
  }

  @Test
  void anAnswerThatIsSentInOnePieceIsNotHeldBackAndDoesNotMatch() {
    String small = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789";
    ByteBackend backend = backend(Script.answers(small));
    WeirUnderTest weir = starts(proxy().app(backend).rules(pace(RuleMode.ENFORCE)));
    client(weir).sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").receives(200);
    assertThat(weir.figure("weir_firewall_rule_matches_total", "pace", "bandwidth", "enforce"))
        .isZero();
  }

  private static final String UPGRADE =
      "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

  /** Sends as much as it can once it was upgraded, and then reads. */
  private static final Script PUSHES =
      on -> {
        on.receivesRequest();
        on.sends(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
        on.sends("x".repeat(BODY));
        on.drops(UPLOAD);
        on.sends("all");
        on.waitsForEnd();
      };

  @Test
  void aWebSocketIsSentNoFasterAndSendsAsItLikes() {
    WeirUnderTest weir = starts(proxy().app(backend(PUSHES)).rules(pace(RuleMode.ENFORCE)));
    ByteClient client = client(weir);
    long began = System.nanoTime();
    client.sends(UPGRADE).receivesHead();
    assertThat(client.receivesBytes(BODY)).hasSize(BODY);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(LEAST, MOST);
    weir.eventually("weir_firewall_rule_matches_total", 1, "pace", "bandwidth", "enforce");
    long sends = System.nanoTime();
    client.sendsZeros(UPLOAD);
    assertThat(client.receivesBytes(3)).isEqualTo("all");
    assertThat(Duration.ofNanos(System.nanoTime() - sends))
        .as("what clients send is nobody's bandwidth")
        .isLessThan(MOST);
    client.close();
    ByteBackend.waitsUntil("the end", () -> weir.log().lines().size() == 1);
    assertThat(weir.figure("weir_bandwidth_held", "pace")).isZero();
    weir.eventually("weir_bandwidth_bytes_total", BODY + 3, "pace");
  }

  @Test
  void aWebSocketThatIsHeldBackLongerThanItMayBeSilentLives() {
    RuleConfig slow =
        new RuleConfig(
            "pace",
            MatchConfig.ALWAYS,
            new ActionConfig.Bandwidth(List.of(new KeyPart.Ip()), 64 << 10, 16 << 10));
    ByteBackend backend =
        backend(on -> {
          on.receivesRequest();
          on.sends(
              "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                  + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
                  + "x".repeat(128 << 10));
          on.sends("end");
          on.waitsForEnd();
        });
    WeirUnderTest weir =
        starts(proxy().app(backend).tunnelIdle(Duration.ofMillis(200)).rules(slow));
    ByteClient client = client(weir);
    client.sends(UPGRADE).receivesHead();
    assertThat(client.receivesBytes((128 << 10) + 3)).endsWith("xend");
  }

  @Test
  void whatARouteAnswersByItselfIsCountedAndWaitsAsAWhole() {
    RuleConfig slow =
        new RuleConfig(
            "pace",
            MatchConfig.ALWAYS,
            new ActionConfig.Bandwidth(List.of(new KeyPart.Ip()), 64 << 10, 16 << 10));
    WeirUnderTest weir =
        starts(
            proxy()
                .route("", "", new RouteConfig.Respond(200, "y".repeat(32 << 10), "text/plain"))
                .rules(slow));
    ByteClient client = client(weir);
    long began = System.nanoTime();
    for (int i = 0; i < 4; i++) { // the second waits 250 ms, the others 500 ms each
      assertThat(client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").receives(200).body())
          .hasSize(32 << 10);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(1200));
    weir.eventually("weir_bandwidth_bytes_total", 4 * (32 << 10), "pace");
    weir.eventually("weir_firewall_rule_matches_total", 3, "pace", "bandwidth", "enforce");
    assertThat(weir.figure("weir_bandwidth_held", "pace")).isZero();
  }
}
