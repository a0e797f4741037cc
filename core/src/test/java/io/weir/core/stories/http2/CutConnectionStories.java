package io.weir.core.stories.http2;

import static io.weir.core.testkit.Http2Frame.data;
import static io.weir.core.testkit.Http2Frame.windowUpdate;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.AccessRecorder;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.StringPattern;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of the requests of a connection that ends because of something else on it. */
class CutConnectionStories extends Stories {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int WIDE = 1 << 30;

  /** More than the kernel holds on the way. */
  private static final int MUCH = 64 << 20;

  /** Each is answered as its path says. */
  private ByteBackend answersByPath() {
    return backend(
        Script.answers((on, request) -> {
          switch (request.target()) {
            case "/never" -> on.waitsForEnd();
            case "/half" -> {
              on.sends("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
              on.waitsForEnd();
            }
            case "/much" -> {
              on.sends("HTTP/1.1 200 OK\r\nContent-Length: " + MUCH + "\r\n\r\n");
              on.sendsZeros(MUCH);
            }
            default -> on.sends(OK);
          }
        }));
  }

  /** With a request in each state: not answered, answered in part, and not all there. */
  private static Http2Client begins(Http2Client client) {
    client.asksFor(1, "/never").asksFor(3, "/half");
    client.begins(5, "POST", "/upload").sends(data(5, 0, "some"));
    client.receivesUntil("half an answer", () -> client.on(3).length() == 5);
    return client;
  }

  private static Map<String, String> outcomes(WeirUnderTest weir, int lines) {
    ByteBackend.waitsUntil("lines", () -> weir.log().lines().size() == lines);
    return weir.log().lines().stream()
        .collect(toMap(AccessRecorder.Line::target, AccessRecorder.Line::outcome));
  }

  /** RFC 9113 section 5.4.1: behind the GOAWAY of an error the connection closes. */
  @Test
  void nothingFollowsTheGoAwayThatEndsAFlood() {
    WeirUnderTest weir = starts(proxy().listensH2c(ProxySetup.WEB).app(answersByPath()));
    Http2Client client = begins(keeps(Http2Client.open(weir.address(ProxySetup.WEB))));
    ByteArrayOutputStream flood = new ByteArrayOutputStream();
    for (int i = 0; i < 1_000; i++) {
      flood.writeBytes(Http2Frame.settings().bytes());
    }
    client.sends(flood.toByteArray());
    assertThat(client.receivesGoAway()).isEqualTo(Http2Row.ENHANCE_YOUR_CALM);
    assertThat(client.receivesFrame()).as("a frame behind it: %s", client).isFalse();
    assertThat(outcomes(weir, 3))
        .containsOnly(
            Map.entry("/never", "client_closed"),
            Map.entry("/half", "client_closed"),
            Map.entry("/upload", "client_closed"));
    assertThat(weir.log().lines()).extracting(AccessRecorder.Line::status).contains(0, 200);
  }

  @Test
  void whatADropCutsBesideItsRequestIsDroppedByNoRule() {
    RuleConfig rule =
        new RuleConfig(
            "bad",
            new MatchConfig.Path(List.of(new StringPattern.Exact("/bad"))),
            new ActionConfig.Drop());
    WeirUnderTest weir =
        starts(proxy().listensH2c(ProxySetup.WEB).app(answersByPath()).rules(rule));
    Http2Client client = begins(keeps(Http2Client.open(weir.address(ProxySetup.WEB))));
    client.asksFor(7, "/bad").receivesEnd();
    assertThat(outcomes(weir, 4))
        .containsOnly(
            Map.entry("/bad", "dropped"),
            Map.entry("/never", "dropped"),
            Map.entry("/half", "dropped"),
            Map.entry("/upload", "dropped"));
    assertThat(weir.log().lines())
        .allSatisfy(line ->
            assertThat(line.rule()).isEqualTo(line.target().equals("/bad") ? "bad" : "null"));
    weir.eventually("weir_http_errors_total", 3, ProxySetup.WEB, "dropped");
    weir.eventually("weir_http_errors_total", 3, ProxySetup.WEB);
    weir.eventually("weir_firewall_requests_total", 1, ProxySetup.WEB, "drop");
  }

  @Test
  void whoReadsNothingOfItsConnectionWasTooSlow() {
    Duration late = Duration.ofSeconds(60);
    WeirUnderTest weir =
        starts(
            proxy()
                .listensH2c(ProxySetup.WEB)
                .app(answersByPath())
                .clientTimeouts(late, late, Duration.ofMillis(300)));
    Http2Client client = keeps(Http2Client.openWithSmallBuffer(weir.address(ProxySetup.WEB)));
    client.sends(Http2Frame.settings(INITIAL_WINDOW_SIZE, WIDE), windowUpdate(0, WIDE));
    client.asksFor(1, "/never").asksFor(3, "/much");
    assertThat(outcomes(weir, 2))
        .containsOnly(
            Map.entry("/never", "request_timeout"), Map.entry("/much", "request_timeout"));
    assertThat(weir.figure("weir_http_errors_total", ProxySetup.WEB, "client_closed")).isZero();
    weir.eventually("weir_http_errors_total", 2, ProxySetup.WEB);
  }
}
