package io.weir.core.stories.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.HealthConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.DeadEnd;
import io.weir.core.testkit.GrpcPeers;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.LimitConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.Rate;
import io.weir.firewall.config.RuleConfig;
import io.weir.tls.UpstreamTlsConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls of gRPC between its own client and server. */
class GrpcStories extends Stories {
  private static final Duration SOON = Duration.ofMillis(200);

  /** Longer than any client is held up. */
  private static final Duration AMPLE = Duration.ofSeconds(2);

  private static final Duration LATE = Duration.ofSeconds(60);

  @TempDir static Path folder;

  private static ProxySetup to(@Nullable HealthConfig health, InetSocketAddress... backends) {
    return proxy()
        .listensH2c("calls")
        .pool("app", Http2Pools.h2c(health, backends))
        .route("", "", "app");
  }

  private static ProxySetup to(GrpcPeers server) {
    return to(null, server.address());
  }

  private static List<String> call(WeirUnderTest weir, String story) {
    return GrpcPeers.call(weir.address("calls"), story);
  }

  private static RuleConfig rule(ActionConfig action) {
    return new RuleConfig("rule", MatchConfig.ALWAYS, action);
  }

  @Test
  void callsOfAllFourKindsGoThrough() {
    assertThat(call(starts(to(keeps(GrpcPeers.serve()))), "kinds"))
        .containsExactly("hello foobar", "one two three", "1 2 3; 3", "A B C; OK");
  }

  @Test
  void andOverTlsOnBothSides() {
    Openssl.CertificateFiles outside = Openssl.selfSigned(folder, "calls.test");
    Openssl.CertificateFiles inside = Openssl.selfSigned(folder, "inside.test");
    GrpcPeers server = keeps(GrpcPeers.serve(inside));
    UpstreamTlsConfig tls =
        new UpstreamTlsConfig("inside.test", inside.certificatePem(), null, true, List.of("h2"));
    WeirUnderTest weir =
        starts(
            proxy()
                .certificate("outside", outside)
                .listensTls("calls", "outside")
                .pool("app", Http2Pools.h2(null, tls, server.address()))
                .route("", "", "app"));
    assertThat(GrpcPeers.call(weir.address("calls"), "kinds", outside.certificate(), "calls.test"))
        .containsExactly("hello foobar", "one two three", "1 2 3; 3", "A B C; OK");
  }

  @Test
  void whatAFailedCallSaysArrivesAsItWas() {
    assertThat(call(starts(to(keeps(GrpcPeers.serve()))), "fail"))
        .containsExactly("INVALID_ARGUMENT: nö: 100 %", "00ff07");
  }

  @Test
  void fiveHundredCallsAtOnceAndAMessageOfMegabytes() {
    assertThat(call(starts(to(keeps(GrpcPeers.serve()))), "many"))
        .containsExactly("500", "3000006");
  }

  @Test
  void theServerKnowsTheDeadlineAndHearsThatItPassed() {
    GrpcPeers server = keeps(GrpcPeers.serve());
    WeirUnderTest weir = starts(to(server));
    assertThat(call(weir, "deadline")).containsExactly("DEADLINE_EXCEEDED");
    ByteBackend.waitsUntil("the cancelled call", () -> server.said().contains("cancelled"));
    assertThat(server.said()).contains("waiting for less than a second");
    weir.eventually("weir_pool_requests_in_flight", 0, "app");
  }

  @Test
  void aCallMayBeSilentOnOneSideForLong() {
    GrpcPeers server = keeps(GrpcPeers.serve());
    WeirUnderTest weir = starts(to(server).clientTimeouts(LATE, AMPLE, LATE));
    assertThat(call(weir, "tick")).containsExactly("60 OK");
  }

  @Test
  void aServerThatIsSilentForTooLongHasExceededADeadline() {
    GrpcPeers server = keeps(GrpcPeers.serve());
    WeirUnderTest weir = starts(to(server).backendTimeouts(LATE, SOON));
    assertThat(call(weir, "wait"))
        .containsExactly(
            "DEADLINE_EXCEEDED: The server behind this address took too long to answer.");
  }

  @Test
  void callsThatReachNobodyAreToldSoInTheirWords() {
    DeadEnd refusing = keeps(DeadEnd.refusing());
    List<String> said = call(starts(to(null, refusing.address())), "greet");
    assertThat(said.getFirst()).startsWith("UNAVAILABLE: ");
    assertThat(said.getLast()).isEqualTo("x-request-id 32");
  }

  @Test
  void refusalsAreToldInTheWordsOfCalls() {
    GrpcPeers server = keeps(GrpcPeers.serve());
    WeirUnderTest weir = starts(to(server).rules(rule(new ActionConfig.Deny(403))));
    assertThat(call(weir, "greet").getFirst())
        .isEqualTo("PERMISSION_DENIED: The request was refused.");
    weir.eventually("weir_firewall_requests_total", 1, "calls", "deny");
  }

  @Test
  void aLimitIsAnExhaustedResource() {
    LimitConfig limit =
        new LimitConfig(List.of(new KeyPart.Ip()), new Rate(1, Duration.ofHours(1)));
    WeirUnderTest weir =
        starts(to(keeps(GrpcPeers.serve())).rules(rule(new ActionConfig.Limit(limit))));
    assertThat(call(weir, "greet")).containsExactly("hello foobar");
    assertThat(call(weir, "greet").getFirst()).startsWith("RESOURCE_EXHAUSTED: ");
  }

  @Test
  void aCallWithoutARouteIsNotImplemented() {
    GrpcPeers server = keeps(GrpcPeers.serve());
    WeirUnderTest weir =
        starts(
            proxy()
                .listensH2c("calls")
                .pool("app", Http2Pools.h2c(null, server.address()))
                .route("", "/other", "app"));
    assertThat(call(weir, "greet").getFirst()).startsWith("UNIMPLEMENTED: ");
  }

  @ParameterizedTest
  @CsvSource({"'', up, pass", "up, up, pass", "down, down, fail", "unknown, down, fail"})
  void aCheckAsksWhetherTheServiceServes(String service, String state, String result) {
    GrpcPeers server = keeps(GrpcPeers.serve());
    Duration often = Duration.ofMillis(200);
    HealthConfig health = new HealthConfig(new HealthConfig.Grpc(service, ""), often, often, 1, 1);
    WeirUnderTest weir = starts(to(health, server.address()));
    ByteBackend.waitsUntil(
        "checks", () -> weir.figure("weir_pool_health_checks_total", "app", result) > 1);
    weir.eventually("weir_pool_backends", 1, "app", state);
  }
}
