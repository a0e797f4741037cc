package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.ListenerConfig;
import io.weir.core.status.Refused;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Curl;
import io.weir.core.testkit.Hello;
import io.weir.core.testkit.NginxBackend;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.core.testkit.Wire;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.BanAfter;
import io.weir.firewall.config.BanTime;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.LimitConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.Rate;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.RuleMode;
import io.weir.firewall.config.StringPattern;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules about the ClientHello of TLS that is passed on, from curl and openssl to a real nginx. */
class HelloRuleStories extends Stories {
  private static final String TLS = "tls";
  private static final String REJECTED = "weir_connections_rejected_total";
  private static final String MATCHES = "weir_firewall_rule_matches_total";
  private static final int RESET = 35; // curl: the handshake was cut

  @TempDir private static Path folder;
  private static Openssl.CertificateFiles authority;
  private static Openssl.CertificateFiles certificate;

  @BeforeAll
  static void oneCertificate() {
    authority = Openssl.authority(folder, "CA");
    certificate = Openssl.signed(folder, authority, "one.test", "*.two.test");
  }

  private static ProxySetup setup(InetSocketAddress backend, RuleConfig... rules) {
    return proxy()
        .pool("app", backend)
        .listens(
            TLS,
            new ListenerConfig.RelayByServerName(Map.of("one.test", "app", "*.two.test", "app")),
            null)
        .rules(rules);
  }

  private NginxBackend nginx() {
    return keeps(NginxBackend.tls(certificate, "location / { return 200 hello; }"));
  }

  private WeirUnderTest weir(RuleConfig... rules) {
    return starts(setup(nginx().address(), rules));
  }

  private static MatchConfig ja4(String pattern) {
    return new MatchConfig.Ja4(List.of(StringPattern.ofText(pattern)));
  }

  private static MatchConfig name(String pattern) {
    return new MatchConfig.ServerName(List.of(StringPattern.ofHost(pattern)));
  }

  private static RuleConfig deny(String rule, MatchConfig match) {
    return new RuleConfig(rule, match, new ActionConfig.Deny(403));
  }

  private static Curl.Result curl(WeirUnderTest weir, String name) {
    int port = weir.address(TLS).getPort();
    return Curl.run(
        "--cacert",
        authority.certificate().toString(),
        "--resolve",
        name + ":" + port + ":127.0.0.1",
        "https://" + name + ":" + port + "/");
  }

  private static void isServed(Curl.Result result) {
    assertThat(result.body()).as(result.stderr()).isEqualTo("hello");
  }

  private static void isSentAway(Curl.Result result) {
    assertThat(result.exit()).as(result.stderr()).isEqualTo(RESET);
    assertThat(result.stderr()).doesNotContain("alert");
  }

  private static boolean opensslIsServed(WeirUnderTest weir, String name) {
    return Openssl.client(
            weir.address(TLS),
            "GET / HTTP/1.1\r\nHost: one.test\r\nConnection: close\r\n\r\n",
            "-quiet",
            "-servername",
            name)
        .contains("HTTP/1.1 200 OK");
  }

  /** What a rule that only logs tells of a client. */
  private static String ja4Of(String logLine) {
    return logLine.replaceFirst(".*tls\\.ja4 = (\\S+),.*", "$1");
  }

  @Test
  void aClientIsRefusedByTheFingerprintThatTheLogHasAndAnotherIsNot() {
    NginxBackend nginx = nginx();
    RuleConfig learn =
        new RuleConfig(
            "learn",
            new MatchConfig.Ja4(List.of(new StringPattern.Present(true))),
            new ActionConfig.Log());
    WeirUnderTest weir = starts(setup(nginx.address(), learn));
    isServed(curl(weir, "one.test"));
    assertThat(opensslIsServed(weir, "one.test")).isTrue();
    String curl = ja4Of(weir.firewallLog().lines(1).get(0));
    String openssl = ja4Of(weir.firewallLog().lines(2).get(1));
    assertThat(List.of(curl, openssl))
        .doesNotHaveDuplicates()
        .allMatch(ja4 -> ja4.matches("t13d[0-9]{4}(00|h2)_[0-9a-f]{12}_[0-9a-f]{12}"));

    assertThat(weir.apply(setup(nginx.address(), deny("no-curl", ja4(curl))).config())).isEmpty();
    isSentAway(curl(weir, "one.test"));
    assertThat(opensslIsServed(weir, "one.test")).isTrue();
    assertThat(weir.firewallLog().lines(3).get(2))
        .isEqualTo(
            "127.0.0.1 no-curl deny enforce, tls.ja4 = %s, null null null on tls".formatted(curl));
    weir.eventually(REJECTED, 1, TLS, "firewall");
    weir.eventually(MATCHES, 1, "no-curl", "deny", "enforce");
    assertThat(weir.figure("weir_tls_handshake_failures_total", TLS)).isZero();
    Refused refused = weir.refusals(10).getFirst();
    assertThat(refused.rule()).isEqualTo("no-curl");
    assertThat(refused.request()).isNull();
    weir.eventually("weir_connections", 0, TLS);
  }

  @Test
  void aServerNameIsDeniedWhetherOrNotItHasAPool() {
    WeirUnderTest weir = weir(deny("closed", name("*.two.test")), deny("unknown", name("x.test")));
    isServed(curl(weir, "one.test"));
    isSentAway(curl(weir, "a.two.test"));
    isSentAway(curl(weir, "x.test"));
    assertThat(weir.firewallLog().lines(2))
        .containsExactly(
            "127.0.0.1 closed deny enforce, tls.sni = a.two.test, null null null on tls",
            "127.0.0.1 unknown deny enforce, tls.sni = x.test, null null null on tls");
    weir.eventually(REJECTED, 2, TLS, "firewall");
  }

  @Test
  void theFirstRuleThatMatchesWinsWhetherItNeedsTheHelloOrNot() {
    RuleConfig friend = new RuleConfig("friend", name("one.test"), new ActionConfig.Allow());
    RuleConfig nobody =
        new RuleConfig(
            "nobody",
            new MatchConfig.Ip(List.of(Cidr.parse("127.0.0.0/8")), List.of()),
            new ActionConfig.Drop());
    NginxBackend nginx = nginx();
    WeirUnderTest weir = starts(setup(nginx.address(), friend, nobody));
    isServed(curl(weir, "one.test"));
    isSentAway(curl(weir, "a.two.test"));

    assertThat(weir.apply(setup(nginx.address(), nobody, friend).config())).isEmpty();
    assertThat(ByteClient.isSentAwayFrom(weir.address(TLS))).isTrue(); // without a hello
  }

  @Test
  void aRuleOnTrialHoldsNothingUpAndDecidesNothing() {
    RuleConfig trial =
        new RuleConfig("trial", name("one.test"), new ActionConfig.Deny(403), RuleMode.REPORT);
    NginxBackend nginx = nginx();
    WeirUnderTest weir = starts(setup(nginx.address(), trial));
    isServed(curl(weir, "one.test"));
    assertThat(weir.firewallLog().lines(1))
        .containsExactly("127.0.0.1 trial deny report, tls.sni = one.test, null null null on tls");
    RuleConfig nobody = new RuleConfig("nobody", MatchConfig.ALWAYS, new ActionConfig.Drop());
    assertThat(weir.apply(setup(nginx.address(), trial, nobody).config())).isEmpty();
    assertThat(ByteClient.isSentAwayFrom(weir.address(TLS))).isTrue();
  }

  @Test
  void aLimitCountsByFingerprint() {
    LimitConfig limit = new LimitConfig(List.of(new KeyPart.Ja4()), Rate.parse("2/d"));
    WeirUnderTest weir =
        weir(new RuleConfig("kind", MatchConfig.ALWAYS, new ActionConfig.Limit(limit)));
    isServed(curl(weir, "one.test"));
    isServed(curl(weir, "a.two.test"));
    isSentAway(curl(weir, "one.test"));
    assertThat(opensslIsServed(weir, "one.test")).isTrue(); // another kind of client
    weir.eventually(REJECTED, 1, TLS, "firewall");
  }

  @Test
  void aLimitOfHellosThatIsExceededBansTheClientFromItsNextConnectionOn() {
    LimitConfig limit =
        new LimitConfig(List.of(new KeyPart.Ip(), new KeyPart.Ja4()), Rate.parse("1/d"))
            .then(new BanAfter(new BanTime(Duration.ofHours(1)), 2));
    WeirUnderTest weir =
        weir(new RuleConfig("kind", MatchConfig.ALWAYS, new ActionConfig.Limit(limit)));
    isServed(curl(weir, "one.test"));
    isSentAway(curl(weir, "one.test"));
    assertThat(weir.figure(REJECTED, TLS, "ban")).isZero();
    isSentAway(curl(weir, "one.test"));
    assertThat(ByteClient.isSentAwayFrom(weir.address(TLS))).isTrue(); // at accept
    weir.eventually(REJECTED, 2, TLS, "firewall");
    weir.eventually(REJECTED, 1, TLS, "ban");
  }

  @Test
  void aRuleBansWhoAsksForAName() {
    WeirUnderTest weir =
        weir(
            new RuleConfig(
                "trap", name("trap.test"), new ActionConfig.Ban(new BanTime(Duration.ofHours(1)))));
    ByteClient early = keeps(ByteClient.connect(weir.address(TLS)));
    weir.eventually("weir_connections", 1, TLS);
    isSentAway(curl(weir, "trap.test"));
    early.sends(Hello.named("one.test")).receivesReset(); // it was accepted before the ban
    assertThat(ByteClient.isSentAwayFrom(weir.address(TLS))).isTrue();
    weir.eventually(REJECTED, 3, TLS, "ban");
  }

  @Test
  void aHelloInPiecesIsJudgedWhenItIsWhole() {
    ByteBackend backend = backend(on -> on.sends("wrong"));
    WeirUnderTest weir = starts(setup(backend.address(), deny("closed", name("a.two.test"))));
    byte[] hello = Hello.inRecordsOf(50, Hello.named("a.two.test"));
    ByteClient client = keeps(ByteClient.connect(weir.address(TLS)));
    client.sendsWhatIsTakenByteByByte(Wire.text(hello));
    assertThat(client.receivesUntilClose()).isEmpty();
    assertThat(backend.acceptedConnections()).isZero();
    weir.eventually(REJECTED, 1, TLS, "firewall");
  }

  @Test
  void aConnectionIsJudgedByTheRulesItCameUnder() {
    ByteBackend backend = backend(on -> on.sends("heard").waitsForEnd());
    WeirUnderTest weir = starts(setup(backend.address(), deny("closed", name("a.two.test"))));
    ByteClient allowed = keeps(ByteClient.connect(weir.address(TLS)));
    ByteClient refused = keeps(ByteClient.connect(weir.address(TLS)));
    weir.eventually("weir_connections", 2, TLS);
    RuleConfig nobody = deny("nobody", name("one.test"));
    assertThat(weir.apply(setup(backend.address(), nobody).config())).isEmpty();
    allowed.sends(Hello.named("one.test"));
    assertThat(allowed.receivesBytes(5)).isEqualTo("heard");
    refused.sends(Hello.named("a.two.test")).receivesReset();
  }

  @Test
  void hellosOfTwoGenerationsComeInTurn() {
    ByteBackend backend = backend(on -> on.sends("heard").waitsForEnd());
    RuleConfig first = deny("first", name("one.test"));
    RuleConfig second = deny("second", name("a.two.test"));
    WeirUnderTest weir = starts(setup(backend.address(), first));
    List<ByteClient> older = List.of(connects(weir), connects(weir), connects(weir));
    weir.eventually("weir_connections", 3, TLS);
    assertThat(weir.apply(setup(backend.address(), second).config())).isEmpty();
    List<ByteClient> newer = List.of(connects(weir), connects(weir), connects(weir));
    weir.eventually("weir_connections", 6, TLS);
    for (int i = 0; i < 2; i++) {
      older.get(i).sends(Hello.named("one.test")).receivesReset();
      newer.get(i).sends(Hello.named("a.two.test")).receivesReset();
    }
    assertThat(older.get(2).sends(Hello.named("a.two.test")).receivesBytes(5)).isEqualTo("heard");
    assertThat(newer.get(2).sends(Hello.named("one.test")).receivesBytes(5)).isEqualTo("heard");
    assertThat(weir.firewallLog().lines(4))
        .filteredOn(line -> line.contains(" first deny "))
        .hasSize(2);
  }

  private ByteClient connects(WeirUnderTest weir) {
    return keeps(ByteClient.connect(weir.address(TLS)));
  }
}
