package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.ListenerConfig;
import io.weir.core.config.ListenerTlsConfig;
import io.weir.core.config.RouteConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Curl;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.TlsOffer;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.LimitConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.Rate;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.StringPattern;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients told apart by the fingerprints of their TLS: the JDK, curl and OpenSSL. */
class Ja4Stories extends Stories {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final String GET = "GET / HTTP/1.1\r\nHost: one.test\r\n\r\n";
  private static final String LAST_GET =
      "GET / HTTP/1.1\r\nHost: one.test\r\nConnection: close\r\n\r\n";

  @TempDir private Path folder;
  private Openssl.CertificateFiles authority;
  private Openssl.CertificateFiles certificate;
  private ByteBackend backend;

  @BeforeEach
  void oneCertificateAndABackend() {
    authority = Openssl.authority(folder, "CA");
    certificate = Openssl.signed(folder, authority, "one.test");
    backend = backend(Script.answers(OK));
  }

  private ProxySetup setup(RuleConfig... rules) {
    return proxy()
        .certificate("one", certificate)
        .listensTls("secure", "one")
        .app(backend)
        .rules(rules);
  }

  private static RuleConfig deny(String ja4) {
    return new RuleConfig(
        "client",
        new MatchConfig.Ja4(List.of(StringPattern.ofText(ja4))),
        new ActionConfig.Deny(403));
  }

  private ByteClient jdk(WeirUnderTest weir) {
    return keeps(ByteClient.connectTls(weir.address("secure"), TlsOffer.named("one.test")));
  }

  private int curl(WeirUnderTest weir) {
    int port = weir.address("secure").getPort();
    return Curl.run(
            "--cacert",
            authority.certificate().toString(),
            "--resolve",
            "one.test:" + port + ":127.0.0.1",
            "https://one.test:" + port + "/")
        .status();
  }

  private static String openssl(WeirUnderTest weir) {
    return Openssl.client(weir.address("secure"), LAST_GET, "-quiet", "-servername", "one.test")
        .lines()
        .filter(line -> line.startsWith("HTTP/1.1"))
        .findFirst()
        .orElse("no answer");
  }

  /** Whoever wants to know fingerprints before there is a rule asks for them in the log. */
  private WeirUnderTest startsWithFingerprintsInTheLog() {
    ListenerTlsConfig tls =
        new ListenerTlsConfig(
            List.of("one"),
            ListenerTlsConfig.UnknownName.DEFAULT,
            ListenerTlsConfig.MinVersion.TLS_1_2,
            null,
            null,
            true);
    return starts(setup().listens("secure", new ListenerConfig.Http(), tls));
  }

  @Test
  void aRuleRefusesTheClientWhoseFingerprintTheLogHas() {
    WeirUnderTest weir = startsWithFingerprintsInTheLog();
    jdk(weir).sends(GET).receives(200);
    assertThat(curl(weir)).isEqualTo(200);
    assertThat(openssl(weir)).isEqualTo("HTTP/1.1 200 OK");
    String jdk = weir.log().line(0).ja4();
    String curl = weir.log().line(1).ja4();
    String openssl = weir.log().line(2).ja4();
    assertThat(List.of(jdk, curl, openssl))
        .doesNotHaveDuplicates()
        .allMatch(ja4 -> ja4.matches("t13d[0-9]{4}(00|h2|h1)_[0-9a-f]{12}_[0-9a-f]{12}"));
    assertThat(curl).contains("h2_");
    assertThat(openssl).contains("00_");

    assertThat(weir.apply(setup(deny(curl)).config())).isEmpty();
    assertThat(curl(weir)).isEqualTo(403);
    jdk(weir).sends(GET).receives(200);
    assertThat(openssl(weir)).isEqualTo("HTTP/1.1 200 OK");
    assertThat(weir.firewallLog().lines(1))
        .containsExactly(
            "127.0.0.1 client deny enforce, tls.ja4 = %s, GET one.test / on secure"
                .formatted(curl));

    assertThat(weir.apply(setup(deny(openssl)).config())).isEmpty();
    assertThat(curl(weir)).isEqualTo(200);
    assertThat(openssl(weir)).isEqualTo("HTTP/1.1 403 Forbidden");

    assertThat(weir.apply(setup(deny(jdk.substring(0, 11) + "*")).config())).isEmpty();
    jdk(weir).sends(GET).receives(403);
    assertThat(curl(weir)).isEqualTo(200);
  }

  @Test
  void fingerprintsAreFoundOutOnlyWhereARuleAsksForThem() {
    WeirUnderTest weir = starts(setup());
    ByteClient before = jdk(weir);
    before.sends(GET).receives(200);
    assertThat(weir.log().line(0).ja4()).isEqualTo("null");

    assertThat(weir.apply(setup(deny("t13*")).config())).isEmpty();
    before.sends(GET).receives(200); // its hello was not kept
    jdk(weir).sends(GET).receives(403);
    assertThat(weir.log().line(2).ja4()).startsWith("t13d");

    assertThat(weir.apply(setup().config())).isEmpty();
    jdk(weir).sends(GET).receives(200);
    assertThat(weir.log().line(3).ja4()).isEqualTo("null");
  }

  @Test
  void aRouteThatAsksForThemFindsThemOut() {
    MatchConfig kind =
        new MatchConfig.Any(List.of(new MatchConfig.Ja4(List.of(StringPattern.ofText("t13d*")))));
    RouteConfig route =
        new RouteConfig(
            null,
            new RouteConfig.Match(Set.of("secure"), List.of(), List.of(), List.of(kind)),
            new RouteConfig.Respond(204, "", null));
    WeirUnderTest weir =
        starts(
            proxy()
                .certificate("one", certificate)
                .listensTls("secure", "one")
                .listensTls("other", "one")
                .route(route)
                .app(backend));
    jdk(weir).sends(GET).receives(204);
    assertThat(weir.log().line(0).ja4()).startsWith("t13d");
    keeps(ByteClient.connectTls(weir.address("other"), TlsOffer.named("one.test")))
        .sends(GET)
        .receives(200);
    assertThat(weir.log().line(1).ja4()).as("no route of that listener asks").isEqualTo("null");
  }

  @Test
  void aRuleOfOneListenerCostsTheHandshakesOfAnotherNothing() {
    MatchConfig elsewhere =
        new MatchConfig.All(
            List.of(
                new MatchConfig.Listener(Set.of(ProxySetup.WEB)),
                new MatchConfig.Ja4(List.of(new StringPattern.Present(true)))));
    RuleConfig rule = new RuleConfig("elsewhere", elsewhere, new ActionConfig.Deny(403));
    WeirUnderTest weir = starts(setup(rule).listens(ProxySetup.WEB));
    jdk(weir).sends(GET).receives(200);
    assertThat(weir.log().line(0).ja4()).isEqualTo("null");
  }

  @Test
  void plainTextHasNoFingerprint() {
    RuleConfig unknown =
        new RuleConfig(
            "unknown",
            new MatchConfig.Ja4(List.of(new StringPattern.Present(false))),
            new ActionConfig.Deny(403));
    WeirUnderTest weir = starts(setup(unknown).listens(ProxySetup.WEB));
    client(weir).sends(GET).receives(403);
    jdk(weir).sends(GET).receives(200);
  }

  @Test
  void aLimitCountsByFingerprint() {
    LimitConfig limit = new LimitConfig(List.of(new KeyPart.Ja4()), Rate.parse("2/d"));
    WeirUnderTest weir =
        starts(setup(new RuleConfig("kind", MatchConfig.ALWAYS, new ActionConfig.Limit(limit))));
    jdk(weir).sends(GET).receives(200);
    jdk(weir).sends(GET).receives(200);
    jdk(weir).sends(GET).receives(429);
    assertThat(curl(weir)).isEqualTo(200); // another kind of client
  }
}
