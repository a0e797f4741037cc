package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.ListenerConfig;
import io.weir.core.config.ListenerTlsConfig;
import io.weir.core.config.RouteConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Curl;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.Openssl.CertificateFiles;
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
import io.weir.firewall.config.WeekTimes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What rules can ask of a request, on real sockets. */
class FirewallMatchStories extends Stories {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

  @TempDir private Path folder;

  private static String get(String target) {
    return get(target, "");
  }

  private static String get(String target, String lines) {
    return "GET " + target + " HTTP/1.1\r\nHost: one.test\r\n" + lines + "\r\n";
  }

  private static RuleConfig deny(String name, MatchConfig match) {
    return new RuleConfig(name, match, new ActionConfig.Deny(403));
  }

  private static List<StringPattern> is(String text) {
    return List.of(StringPattern.ofText(text));
  }

  @Test
  void cookiesAreSeenByName() {
    ByteBackend backend = backend(Script.answers(OK));
    RuleConfig bad = deny("bad", new MatchConfig.Cookie("session", is("bad*")));
    RuleConfig none =
        deny("none", new MatchConfig.Cookie("id", List.of(new StringPattern.Present(false))));
    ByteClient client = client(starts(proxy().app(backend).rules(bad, none)));
    client.sends(get("/", "Cookie: id=1; session=good\r\n")).receives(200);
    client.sends(get("/", "Cookie: id=1; session=bad-1\r\n")).receives(403);
    client.sends(get("/", "Cookie: id=1\r\nCookie: x=y; session=\"bad\"\r\n")).receives(403);
    client.sends(get("/", "Cookie: session=good\r\n")).receives(403);
  }

  @Test
  void theRawPathIsTheOneSpelling() {
    ByteBackend backend = backend(Script.answers(OK));
    RuleConfig encoded =
        deny("raw", new MatchConfig.RawPath(List.of(new StringPattern.Contains("%2e"))));
    ByteClient client = client(starts(proxy().app(backend).rules(encoded)));
    client.sends(get("/a/%2e/b")).receives(403);
    client.sends(get("/a/./b")).receives(200);
    client.sends(get("/a?x=%2e")).receives(200);
  }

  @Test
  void versionsOfHttpAreToldApart() {
    ByteBackend backend = backend(Script.answers(OK));
    RuleConfig old = deny("old", new MatchConfig.Protocol(Set.of("http/1.0")));
    RuleConfig two =
        deny(
            "two",
            new MatchConfig.All(
                List.of(new MatchConfig.Protocol(Set.of("h2")), new MatchConfig.Path(is("/x")))));
    WeirUnderTest weir = starts(proxy().listensH2c(ProxySetup.WEB).app(backend).rules(old, two));
    client(weir).sends("GET / HTTP/1.0\r\nHost: a\r\n\r\n").receives(403);
    client(weir).sends(get("/x")).receives(200);
    InetSocketAddress web = weir.address(ProxySetup.WEB);
    String url = "http://127.0.0.1:" + web.getPort();
    assertThat(Curl.run("--http2-prior-knowledge", url + "/x").status()).isEqualTo(403);
    assertThat(Curl.run("--http2-prior-knowledge", url + "/").status()).isEqualTo(200);
  }

  @Test
  void routesAndTimesCanBeAskedFor() {
    ByteBackend backend = backend(Script.answers(OK));
    WeekTimes always =
        new WeekTimes(EnumSet.allOf(DayOfWeek.class), List.of(WeekTimes.Hours.ALL), ZoneOffset.UTC);
    RuleConfig rule =
        deny(
            "shop",
            new MatchConfig.All(
                List.of(
                    new MatchConfig.Time(always), new MatchConfig.Route(Set.of("one.test/shop")))));
    ProxySetup setup = proxy().app(backend).route("one.test", "/shop", ProxySetup.APP);
    List<RouteConfig> routes = setup.config().routes();
    assertThat(routes.getFirst().label()).isEqualTo("one.test/shop");
    ByteClient client = client(starts(setup.rules(rule)));
    client.sends(get("/shop")).receives(403);
    client.sends(get("/")).receives(200);
    WeirUnderTest weir = starts(proxy().app(backend));
    RuleConfig dangling = deny("x", new MatchConfig.Route(Set.of("shopp")));
    assertThat(weir.apply(proxy().app(backend).rules(dangling).config()))
        .anyMatch(error -> error.message().contains("there is no route \"shopp\""));
  }

  @Test
  void whatTlsTellsCanBeAskedFor() {
    CertificateFiles authority = Openssl.authority(folder, "CA");
    CertificateFiles one = Openssl.signed(folder, authority, "one.test", "two.test");
    ByteBackend backend = backend(Script.answers(OK));
    RuleConfig old = deny("old", new MatchConfig.TlsVersion(Set.of("1.2")));
    RuleConfig name = deny("name", new MatchConfig.ServerName(is("two.test")));
    WeirUnderTest weir =
        starts(
            proxy()
                .certificate("one", one)
                .listensTls("secure", "one")
                .app(backend)
                .rules(old, name));
    InetSocketAddress secure = weir.address("secure");
    TlsOffer offer = TlsOffer.named("one.test");
    keeps(ByteClient.connectTls(secure, offer.versions("TLSv1.3"))).sends(get("/")).receives(200);
    keeps(ByteClient.connectTls(secure, offer.versions("TLSv1.2"))).sends(get("/")).receives(403);
    ByteClient other =
        keeps(ByteClient.connectTls(secure, TlsOffer.named("two.test").versions("TLSv1.3")));
    other.sends("GET / HTTP/1.1\r\nHost: two.test\r\n\r\n").receives(403);
  }

  @Test
  void whatTlsTellsCanChooseTheRoute() {
    CertificateFiles authority = Openssl.authority(folder, "CA");
    CertificateFiles one = Openssl.signed(folder, authority, "one.test", "two.test");
    WeirUnderTest weir =
        starts(
            proxy()
                .listens(ProxySetup.WEB)
                .certificate("one", one)
                .listensTls("secure", "one")
                .route(answers(201, new MatchConfig.TlsVersion(Set.of("1.2"))))
                .route(answers(202, new MatchConfig.ServerName(is("two.test"))))
                .route(
                    answers(
                        203,
                        new MatchConfig.Not(
                            new MatchConfig.ServerName(
                                List.of(new StringPattern.Present(true)))))));
    InetSocketAddress secure = weir.address("secure");
    TlsOffer offer = TlsOffer.named("one.test");
    keeps(ByteClient.connectTls(secure, offer.versions("TLSv1.2"))).sends(get("/")).receives(201);
    keeps(ByteClient.connectTls(secure, TlsOffer.named("two.test").versions("TLSv1.3")))
        .sends("GET / HTTP/1.1\r\nHost: two.test\r\n\r\n")
        .receives(202);
    client(weir).sends(get("/")).receives(203);
    keeps(ByteClient.connectTls(secure, offer.versions("TLSv1.3"))).sends(get("/")).receives(404);
  }

  private static RouteConfig answers(int status, MatchConfig condition) {
    return new RouteConfig(
        null,
        new RouteConfig.Match(Set.of(), List.of(), List.of(), List.of(condition)),
        new RouteConfig.Respond(status, "", null));
  }

  @Test
  void theSubjectOfAClientsCertificateCanBeAskedFor() throws IOException {
    CertificateFiles authority = Openssl.authority(folder, "CA");
    CertificateFiles server = Openssl.signed(folder, authority, "one.test");
    CertificateFiles friend = Openssl.signed(folder, authority, "friend.test");
    CertificateFiles stranger = Openssl.signed(folder, authority, "stranger.test");
    ByteBackend backend = backend(Script.answers(OK));
    RuleConfig others =
        deny(
            "others",
            new MatchConfig.Not(
                new MatchConfig.ClientSubject(
                    List.of(new StringPattern.Contains("CN=friend.test")))));
    ListenerTlsConfig tls =
        new ListenerTlsConfig(
            List.of("server"),
            ListenerTlsConfig.UnknownName.DEFAULT,
            ListenerTlsConfig.MinVersion.TLS_1_2,
            new ListenerTlsConfig.ClientAuth(Files.readString(authority.certificate()), false),
            null);
    WeirUnderTest weir =
        starts(
            proxy()
                .certificate("server", server)
                .listens("secure", new ListenerConfig.Http(), tls)
                .app(backend)
                .rules(others));
    int port = weir.address("secure").getPort();
    assertThat(asks(port, authority, friend)).isEqualTo(200);
    assertThat(asks(port, authority, stranger)).isEqualTo(403);
    assertThat(asks(port, authority, null)).isEqualTo(403);
  }

  private static int asks(int port, CertificateFiles authority, CertificateFiles client) {
    String url = "https://one.test:" + port + "/";
    String to = "one.test:" + port + ":127.0.0.1";
    String ca = authority.certificate().toString();
    return (client == null
            ? Curl.run("--cacert", ca, "--resolve", to, url)
            : Curl.run(
                "--cacert",
                ca,
                "--resolve",
                to,
                "--cert",
                client.certificate().toString(),
                "--key",
                client.key().toString(),
                url))
        .status();
  }

  @Test
  void cookiesCanBeCountedBy() {
    ByteBackend backend = backend(Script.answers(OK));
    LimitConfig limit =
        new LimitConfig(List.of(new KeyPart.Cookie("session")), new Rate(1, Duration.ofDays(1)));
    RuleConfig rule = new RuleConfig("x", MatchConfig.ALWAYS, new ActionConfig.Limit(limit));
    ByteClient client = client(starts(proxy().app(backend).rules(rule)));
    client.sends(get("/", "Cookie: session=1\r\n")).receives(200);
    client.sends(get("/", "Cookie: session=2\r\n")).receives(200);
    client.sends(get("/", "Cookie: a=b; session=1\r\n")).receives(429);
    client.sends(get("/")).receives(200);
    client.sends(get("/")).receives(429);
  }
}
