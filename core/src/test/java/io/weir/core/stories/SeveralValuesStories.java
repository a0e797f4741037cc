package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.LimitConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.Rate;
import io.weir.firewall.config.RuleConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who says a header or a cookie several times, to be counted by one and served by another. */
class SeveralValuesStories extends Stories {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private WeirUnderTest weir(KeyPart by) {
    LimitConfig two = new LimitConfig(List.of(by), new Rate(2, Duration.ofDays(1)));
    RuleConfig rule = new RuleConfig("per", MatchConfig.ALWAYS, new ActionConfig.Limit(two));
    return starts(proxy().listensH2c(ProxySetup.WEB).app(backend(Script.answers(OK))).rules(rule));
  }

  private static String get(String... lines) {
    return "GET / HTTP/1.1\r\nHost: a\r\n" + String.join("\r\n", lines) + "\r\n\r\n";
  }

  @Test
  void inventedLinesBesideTheOneThatCountsAreNoKeyOfTheirOwn() {
    WeirUnderTest weir = weir(new KeyPart.Header("x-api-key"));
    ByteClient client = client(weir);
    client.sends(get("X-Api-Key: mine")).receives(200);
    client.sends(get("X-Api-Key: mine", "x-api-key: mine")).receives(200); // says it once
    client.sends(get("X-Api-Key: mine")).receives(429);
    client.sends(get("X-Api-Key: made-up-1", "X-Api-Key: mine")).receives(200);
    client.sends(get("X-Api-Key: mine", "x-api-key: made-up-2")).receives(200);
    client.sends(get("X-Api-Key: made-up-3", "X-Api-Key: mine")).receives(429);
    client.sends(get("X-Api-Key: another")).receives(200);
    client.sends(get("Accept: x")).receives(200);
  }

  @Test
  void theSameOverHttp2() {
    WeirUnderTest weir = weir(new KeyPart.Header("x-api-key"));
    try (Http2Client client = Http2Client.open(weir.address(ProxySetup.WEB))) {
      client.asks(1, "x-api-key", "made-up-1", "x-api-key", "mine").receives(1, 200);
      client.asks(3, "x-api-key", "mine", "x-api-key", "made-up-2").receives(3, 200);
      client.asks(5, "x-api-key", "made-up-3", "x-api-key", "mine").receives(5, 429);
      client.asks(7, "x-api-key", "mine").receives(7, 200);
    }
  }

  @Test
  void inventedCookiesBesideTheOneThatCountsAreNoKeyOfTheirOwn() {
    WeirUnderTest weir = weir(new KeyPart.Cookie("sid"));
    ByteClient client = client(weir);
    client.sends(get("Cookie: sid=made-up-1; sid=mine")).receives(200);
    client.sends(get("Cookie: sid=made-up-2", "Cookie: sid=mine")).receives(200);
    client.sends(get("Cookie: sid=mine; a=b; sid=made-up-3")).receives(429);
    client.sends(get("Cookie: sid=mine; sid=\"mine\"")).receives(200); // says it once
    try (Http2Client other = Http2Client.open(weir.address(ProxySetup.WEB))) {
      assertThat(other.asks(1, "cookie", "sid=made-up-4", "cookie", "sid=mine").receives(1, 429))
          .isNotNull();
      other.asks(3, "cookie", "sid=mine").receives(3, 200);
      other.asks(5, "cookie", "sid=mine").receives(5, 429);
    }
  }
}
