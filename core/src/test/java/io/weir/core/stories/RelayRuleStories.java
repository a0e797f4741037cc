package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.ListenerConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Hello;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.RuleMode;
import io.weir.firewall.config.StringPattern;
import io.weir.firewall.config.WeekTimes;
import java.net.InetSocketAddress;
import java.time.DayOfWeek;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rules that need no request, on listeners that relay bytes. */
class RelayRuleStories extends Stories {
  private static final String DB = "db";
  private static final String REJECTED = "weir_connections_rejected_total";
  private static final String MATCHES = "weir_firewall_rule_matches_total";
  private static final Script GREETS = on -> on.sends("ready").waitsForEnd();
  private static final ActionConfig ONE_AT_ONCE =
      new ActionConfig.Concurrency(List.of(new KeyPart.Ip()), 1);

  private static ProxySetup relay(InetSocketAddress backend, RuleConfig... rules) {
    return proxy().pool(DB, backend).listens(DB, new ListenerConfig.Relay(DB), null).rules(rules);
  }

  private ByteClient connects(WeirUnderTest weir) {
    return keeps(ByteClient.connect(weir.address(DB)));
  }

  private static boolean isSentAway(WeirUnderTest weir) {
    return ByteClient.isSentAwayFrom(weir.address(DB));
  }

  private static MatchConfig always() {
    return new MatchConfig.Time(
        new WeekTimes(
            EnumSet.allOf(DayOfWeek.class), List.of(WeekTimes.Hours.ALL), ZoneOffset.UTC));
  }

  @Test
  void aRelayIsOpenInItsHoursOnly() {
    ByteBackend backend = backend(GREETS);
    MatchConfig never = new MatchConfig.Not(always());
    RuleConfig open =
        new RuleConfig("office-hours", new MatchConfig.Not(always()), new ActionConfig.Deny(403));
    RuleConfig shut =
        new RuleConfig("office-hours", new MatchConfig.Not(never), new ActionConfig.Deny(403));
    WeirUnderTest weir = starts(relay(backend.address(), open));
    assertThat(connects(weir).receivesBytes(5)).isEqualTo("ready");

    assertThat(weir.apply(relay(backend.address(), shut).config())).isEmpty();
    assertThat(isSentAway(weir)).isTrue();
    weir.eventually(REJECTED, 1, DB, "firewall");
    weir.eventually(MATCHES, 1, "office-hours", "deny", "enforce");
    assertThat(weir.firewallLog().lines(1))
        .containsExactly("127.0.0.1 office-hours deny enforce, time = null, null null null on db");
    assertThat(backend.acceptedConnections()).isEqualTo(1);
  }

  @Test
  void aClientHasSoManyRelaysAtOnceAndAnotherWhenOneHasEnded() {
    ByteBackend backend = backend(GREETS);
    RuleConfig few = new RuleConfig("few", MatchConfig.ALWAYS, ONE_AT_ONCE);
    WeirUnderTest weir = starts(relay(backend.address(), few));
    for (int i = 0; i < 3; i++) {
      ByteClient client = connects(weir);
      assertThat(client.receivesBytes(5)).isEqualTo("ready");
      assertThat(isSentAway(weir)).isTrue();
      client.close();
      weir.eventually("weir_connections", 0, DB);
    }
    weir.eventually(REJECTED, 3, DB, "firewall");
  }

  @Test
  void whatIsUnderWayIsCountedOverAReload() {
    ByteBackend backend = backend(GREETS);
    RuleConfig few = new RuleConfig("few", MatchConfig.ALWAYS, ONE_AT_ONCE);
    WeirUnderTest weir = starts(relay(backend.address(), few));
    ByteClient client = connects(weir);
    assertThat(client.receivesBytes(5)).isEqualTo("ready");
    assertThat(weir.apply(relay(backend.address(), few).config())).isEmpty();
    assertThat(isSentAway(weir)).isTrue();
    client.close();
    weir.eventually("weir_connections", 0, DB);
    assertThat(connects(weir).receivesBytes(5)).isEqualTo("ready");
  }

  @Test
  void whoIsSentAwayByALaterRuleIsUnderWayNoMore() {
    ByteBackend backend = backend(GREETS);
    RuleConfig few = new RuleConfig("few", MatchConfig.ALWAYS, ONE_AT_ONCE);
    RuleConfig nobody = new RuleConfig("nobody", MatchConfig.ALWAYS, new ActionConfig.Drop());
    WeirUnderTest weir = starts(relay(backend.address(), few, nobody));
    for (int i = 0; i < 3; i++) {
      assertThat(isSentAway(weir)).isTrue();
    }
    weir.eventually(MATCHES, 3, "nobody", "drop", "enforce");
    assertThat(weir.figure(MATCHES, "few", "concurrency", "enforce")).isZero();
  }

  @Test
  void aRuleOnTrialCountsRelaysAndSendsNobodyAway() {
    ByteBackend backend = backend(GREETS);
    RuleConfig trial = new RuleConfig("few", MatchConfig.ALWAYS, ONE_AT_ONCE, RuleMode.REPORT);
    WeirUnderTest weir = starts(relay(backend.address(), trial));
    assertThat(connects(weir).receivesBytes(5)).isEqualTo("ready");
    assertThat(connects(weir).receivesBytes(5)).isEqualTo("ready");
    weir.eventually(MATCHES, 1, "few", "concurrency", "report");
  }

  @Test
  void aRelayIsCountedByTheRulesOfItsHelloToo() {
    ByteBackend backend = backend(GREETS);
    MatchConfig one = new MatchConfig.ServerName(List.of(StringPattern.ofHost("one.test")));
    RuleConfig few = new RuleConfig("few", one, ONE_AT_ONCE);
    WeirUnderTest weir =
        starts(
            proxy()
                .pool(DB, backend.address())
                .listens(
                    DB,
                    new ListenerConfig.RelayByServerName(Map.of("one.test", DB, "two.test", DB)),
                    null)
                .rules(few));
    ByteClient first = connects(weir).sends(Hello.named("one.test"));
    assertThat(first.receivesBytes(5)).isEqualTo("ready");
    connects(weir).sends(Hello.named("one.test")).receivesReset();
    ByteClient other = connects(weir).sends(Hello.named("two.test"));
    assertThat(other.receivesBytes(5)).isEqualTo("ready");
    first.close();
    weir.eventually("weir_connections", 1, DB);
    ByteClient next = connects(weir).sends(Hello.named("one.test"));
    assertThat(next.receivesBytes(5)).isEqualTo("ready");
  }
}
