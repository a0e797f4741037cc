package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.status.Refused;
import io.weir.core.status.RefusedSince;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.BanTime;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.LimitConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.Rate;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.RuleMode;
import io.weir.firewall.config.StringPattern;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a proxy remembers of whom it refused. */
class RecentRefusalStories extends Stories {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final MatchConfig CLOSED =
      new MatchConfig.Path(List.of(StringPattern.ofPath("/closed/*")));
  private static final RuleConfig CLOSE =
      new RuleConfig("closed", CLOSED, new ActionConfig.Deny(403));

  private static String get(String target, String... lines) {
    String more = lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n";
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + more + "\r\n";
  }

  private WeirUnderTest weir(RuleConfig... rules) {
    ByteBackend backend = backend(Script.answers(OK));
    return starts(proxy().app(backend).rules(rules));
  }

  @Test
  void whatWasRefusedIsRememberedAsItCame() {
    WeirUnderTest weir = weir(CLOSE);
    ByteClient client = client(weir);
    client.sends(get("/open")).receives(200);
    client.sends(get("/closed/x?token=1", "User-Agent: curl/8", "X-Y: z")).receives(403);
    Refused refused = weir.refusals(10).getFirst();
    assertThat(weir.refusals(10)).hasSize(1);
    assertThat(refused.rule()).isEqualTo("closed");
    assertThat(refused.action()).isEqualTo("deny");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.client()).hasToString("127.0.0.1");
    assertThat(refused.field() + " = " + refused.excerpt()).isEqualTo("path = /closed/x");
    Refused.Request request = refused.request();
    assertThat(request.target()).isEqualTo("/closed/x?token=1");
    assertThat(request.lines()).isEqualTo("Host: a\r\nUser-Agent: curl/8\r\nX-Y: z\r\n");
    assertThat(request.generation()).isEqualTo(1);
    assertThat(weir.refusal(request.id())).contains(refused);
    assertThat(weir.refusal("nobody")).isEmpty();
  }

  @Test
  void ofALongHostOnlyTheBeginningIsRemembered() {
    WeirUnderTest weir = weir(CLOSE);
    String host = "a".repeat(5000);
    client(weir).sends("GET /closed/x HTTP/1.1\r\nHost: " + host + "\r\n\r\n").receives(403);
    assertThat(weir.refusals(1).getFirst().request().host()).isEqualTo("a".repeat(256));
  }

  @Test
  void whatWouldHaveBeenRefusedIsNot() {
    WeirUnderTest weir =
        weir(new RuleConfig("trial", CLOSED, new ActionConfig.Deny(403), RuleMode.REPORT));
    client(weir).sends(get("/closed/x")).receives(200);
    assertThat(weir.refusals(10)).isEmpty();
  }

  @Test
  void theLatestComeFirstAndTheOldestGiveWay() {
    WeirUnderTest weir = weir(CLOSE);
    ByteClient client = client(weir);
    for (int i = 0; i < 600; i++) {
      client.sends(get("/closed/" + i)).receives(403);
    }
    List<String> targets =
        weir.refusals(1000).stream().map(refused -> refused.request().target()).toList();
    assertThat(targets)
        .hasSizeBetween(500, 599)
        .isEqualTo(
            IntStream.iterate(599, i -> i >= 600 - targets.size(), i -> i - 1)
                .mapToObj(i -> "/closed/" + i)
                .toList());
    assertThat(weir.refusals(3)).hasSize(3);
  }

  @Test
  void whoeverAsksAgainIsToldOfEachRefusalOnce() {
    WeirUnderTest weir = weir(CLOSE);
    ByteClient client = client(weir);
    client.sends(get("/closed/before")).receives(403);
    RefusedSince nothing = weir.refusedSince(List.of(), 100);
    assertThat(nothing.refused()).isEmpty();
    assertThat(nothing.missed()).isZero();
    for (int i = 0; i < 3; i++) {
      client.sends(get("/closed/" + i)).receives(403);
    }
    RefusedSince three = weir.refusedSince(nothing.marks(), 100);
    assertThat(targets(three)).containsExactly("/closed/0", "/closed/1", "/closed/2");
    assertThat(three.missed()).isZero();
    assertThat(weir.refusedSince(three.marks(), 100).refused()).isEmpty();
    for (int i = 3; i < 703; i++) {
      client.sends(get("/closed/" + i)).receives(403);
    }
    RefusedSince few = weir.refusedSince(three.marks(), 2);
    assertThat(targets(few)).containsExactly("/closed/701", "/closed/702");
    assertThat(few.missed()).isEqualTo(698);
    RefusedSince many = weir.refusedSince(three.marks(), 1000);
    assertThat(many.refused()).hasSize(512); // as many as are remembered
    assertThat(many.missed()).isEqualTo(188);
  }

  private static List<String> targets(RefusedSince since) {
    return since.refused().stream().map(refused -> refused.request().target()).toList();
  }

  @Test
  void aFloodOfConnectionsPushesNoRequestOut() {
    WeirUnderTest weir =
        weir(
            CLOSE,
            new RuleConfig(
                "trap",
                new MatchConfig.Path(List.of(StringPattern.ofPath("/trap"))),
                new ActionConfig.Ban(new BanTime(Duration.ofDays(1)))));
    client(weir).sends(get("/closed/x")).receives(403);
    client(weir).sends(get("/trap")).receivesClose();
    for (int i = 0; i < 700; i++) {
      assertThat(ByteClient.isSentAwayFrom(weir.address(ProxySetup.WEB))).isTrue();
    }
    List<Refused> all = weir.refusals(1000);
    assertThat(all).filteredOn(refused -> refused.request() != null).hasSize(2);
    assertThat(all.getFirst().reason()).isEqualTo("trap");
    assertThat(all.size()).isLessThan(300);
  }

  @Test
  void aLimitSaysWhenToComeBackAndAHugeHeadIsNotKept() {
    LimitConfig once = new LimitConfig(List.of(new KeyPart.Ip()), new Rate(1, Duration.ofHours(1)));
    WeirUnderTest weir =
        weir(new RuleConfig("limit", MatchConfig.ALWAYS, new ActionConfig.Limit(once)));
    ByteClient client = client(weir);
    client.sends(get("/")).receives(200);
    client.sends(get("/", "Cookie: " + "x".repeat(4000))).receives(429);
    Refused refused = weir.refusals(1).getFirst();
    assertThat(refused.retryAfterSeconds()).isBetween(3500, 3600);
    assertThat(refused.request().lines()).isNull();
  }
}
