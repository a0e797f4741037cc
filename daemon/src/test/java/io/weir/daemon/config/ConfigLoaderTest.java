package io.weir.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.BackendConfig;
import io.weir.core.config.ConfigError;
import io.weir.core.config.Findings;
import io.weir.core.config.HealthConfig;
import io.weir.core.config.HealthConfig.StatusRange;
import io.weir.core.config.HostPort;
import io.weir.core.config.HttpProtocol;
import io.weir.core.config.KeepAliveConfig;
import io.weir.core.config.LimitsConfig;
import io.weir.core.config.ListenerConfig;
import io.weir.core.config.ListenerTlsConfig;
import io.weir.core.config.ListenerTlsConfig.ClientAuth;
import io.weir.core.config.ListenerTlsConfig.MinVersion;
import io.weir.core.config.ListenerTlsConfig.UnknownName;
import io.weir.core.config.PoolConfig;
import io.weir.core.config.PoolConfig.BalanceConfig;
import io.weir.core.config.ProxyConfig;
import io.weir.core.config.RouteConfig;
import io.weir.core.config.RouteConfig.Forward;
import io.weir.core.config.RouteConfig.Match;
import io.weir.core.config.RouteConfig.Redirect;
import io.weir.core.config.RouteConfig.Respond;
import io.weir.core.config.RuntimeConfig;
import io.weir.core.config.RuntimeConfig.TransportChoice;
import io.weir.core.config.TimeoutConfig;
import io.weir.daemon.config.Loading.Broken;
import io.weir.daemon.config.Loading.Loaded;
import io.weir.daemon.config.LoggingConfig.Access;
import io.weir.daemon.config.LoggingConfig.Format;
import io.weir.daemon.config.LoggingConfig.Level;
import io.weir.firewall.ActionConfig;
import io.weir.firewall.DefaultAction;
import io.weir.firewall.KeyPart;
import io.weir.firewall.LimitConfig;
import io.weir.firewall.ListConfig;
import io.weir.firewall.ListSource;
import io.weir.firewall.ListType;
import io.weir.firewall.MatchConfig;
import io.weir.firewall.Rate;
import io.weir.firewall.RuleConfig;
import io.weir.firewall.RuleMode;
import io.weir.firewall.StringPattern;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.path.PathMode;
import io.weir.tls.CertificatePem;
import io.weir.tls.UpstreamTlsConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file says is what the records say; certificates and rules are not compiled here. */
class ConfigLoaderTest {
  private static final String MINIMAL =
      """
      version: 1
      listeners:
        web: { bind: ":8080" }
      pools:
        app: { backends: [127.0.0.1:9001] }
      routes:
        - pool: app
      """;

  @TempDir Path folder;

  @Test
  void theShortestFileHasAllDefaults() {
    WeirConfig config = load(MINIMAL).config();
    assertThat(config.logging()).isEqualTo(LoggingConfig.DEFAULTS);
    assertThat(config.admin()).isEqualTo(AdminConfig.DEFAULTS);
    ProxyConfig proxy = config.proxy();
    assertThat(proxy.runtime()).isEqualTo(RuntimeConfig.DEFAULTS);
    assertThat(proxy.limits()).isEqualTo(LimitsConfig.DEFAULTS);
    assertThat(proxy.timeouts()).isEqualTo(TimeoutConfig.DEFAULTS);
    assertThat(proxy.listeners())
        .isEqualTo(
            Map.of(
                "web",
                new ListenerConfig(
                    List.of(new HostPort("", 8080)), new ListenerConfig.Http(), null)));
    assertThat(proxy.pools())
        .isEqualTo(
            Map.of(
                "app",
                new PoolConfig(
                    BalanceConfig.ROUND_ROBIN,
                    List.of(new BackendConfig(new HostPort("127.0.0.1", 9001), 1, false)),
                    null,
                    KeepAliveConfig.DEFAULTS,
                    null)));
    assertThat(proxy.routes())
        .containsExactly(new RouteConfig(null, Match.EVERYTHING, new Forward("app")));
  }

  @Test
  void listenersAreReadInTheirModes() throws IOException {
    write("tls/a.pem", "A");
    write("tls/a.key", "K");
    write("tls/ca.pem", "CA");
    ProxyConfig proxy =
        load("""
        version: 1
        listeners:
          plain: { bind: ":80", redirect: https }
          secure:
            bind: [":443", "[::]:443"]
            protocols: [http/1.1, h2]
            tls:
              certificates: a
              unknown_name: refuse
              min_version: 1.3
              client_auth: { ca_file: tls/ca.pem, mode: optional }
          db: { bind: "10.0.0.1:3306", mode: tcp, pool: app }
          mail: { bind: ":993", mode: tcp, sni: { IMAP.foobar.com: app, "*.m.com": app } }
        certificates:
          a: { cert_file: tls/a.pem, key_file: tls/a.key }
        pools:
          app: { backends: 127.0.0.1:9001 }
        """)
            .config()
            .proxy();
    assertThat(proxy.listeners().keySet()).containsExactly("plain", "secure", "db", "mail");
    assertThat(proxy.listeners().get("plain").mode())
        .isEqualTo(new ListenerConfig.RedirectToHttps());
    assertThat(proxy.listeners().get("secure"))
        .isEqualTo(
            new ListenerConfig(
                List.of(new HostPort("", 443), new HostPort("::", 443)),
                new ListenerConfig.Http(),
                List.of(HttpProtocol.HTTP_1_1, HttpProtocol.H2),
                false,
                new ListenerTlsConfig(
                    List.of("a"),
                    UnknownName.REFUSE,
                    MinVersion.TLS_1_3,
                    new ClientAuth("CA", false),
                    null)));
    assertThat(proxy.listeners().get("db").mode()).isEqualTo(new ListenerConfig.Relay("app"));
    assertThat(proxy.listeners().get("mail").mode())
        .isEqualTo(
            new ListenerConfig.RelayByServerName(
                Map.of("imap.foobar.com", "app", "*.m.com", "app")));
    assertThat(proxy.certificates()).isEqualTo(Map.of("a", new CertificatePem("A", "K")));
  }

  @Test
  void limitsTimeoutsAndTheRestOfTheTopAreRead() {
    WeirConfig config =
        load(MINIMAL
                + """
                workers: 4
                transport: io_uring
                via: false
                limits: { connections: 1000, connections_per_ip: 10, header_size: 8KiB, headers: 50, body_size: 1GiB, min_body_rate: 2KiB/s, buffer_memory: 256MiB, requests_per_connection: 7 }
                timeouts: { header: 1s, body_idle: 2s, idle: 3m, tunnel_idle: 20m, connect: 400ms, response: 1m30s, request: 5m, tls_handshake: 6s, drain: 7s }
                trusted_proxies: [10.0.0.0/8, "::1"]
                client_ip_header: X-Real-IP
                logging: { level: debug, access: { file: access.log, format: json }, firewall: { file: firewall.log } }
                admin: { bind: "[::1]:0", socket: admin.sock }
                """)
            .config();
    assertThat(config.proxy().runtime())
        .isEqualTo(new RuntimeConfig(TransportChoice.IO_URING, 4, false));
    assertThat(config.proxy().limits())
        .isEqualTo(new LimitsConfig(1000, 10, 8192, 50, 1L << 30, 2048, 1L << 28, 7));
    assertThat(config.proxy().timeouts())
        .isEqualTo(
            new TimeoutConfig(
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofMinutes(3),
                Duration.ofMinutes(20),
                Duration.ofMillis(400),
                Duration.ofSeconds(90),
                Duration.ofMinutes(5),
                Duration.ofSeconds(6),
                Duration.ofSeconds(7)));
    assertThat(config.proxy().clientAddress().trustedProxies())
        .containsExactly(Cidr.parse("10.0.0.0/8"), Cidr.parse("::1"));
    assertThat(config.proxy().clientAddress().header()).isEqualTo("x-real-ip");
    assertThat(config.logging())
        .isEqualTo(
            new LoggingConfig(
                Level.DEBUG,
                new Access(folder.resolve("access.log"), Format.JSON),
                folder.resolve("firewall.log")));
    assertThat(config.admin())
        .isEqualTo(new AdminConfig(new HostPort("::1", 0), folder.resolve("admin.sock")));
  }

  @Test
  void poolsAreRead() throws IOException {
    write("tls/ca.pem", "CA");
    write("tls/c.pem", "C");
    write("tls/c.key", "K");
    Map<String, PoolConfig> pools =
        load("""
        version: 1
        listeners: { web: { bind: ":1" } }
        pools:
          web:
            balance: least_requests
            backends:
              - 10.0.1.11:8080
              - { address: app.internal:8080, weight: 2 }
              - { address: "[::1]:8080", backup: true }
            health: { path: /healthz, host: www.foobar.com, status: [200-299, 304], every: 1s, rise: 1, fall: 4 }
            keep_alive: { idle: 2s, per_worker: 0 }
            tls: { server_name: web.internal, ca_file: tls/ca.pem, cert_file: tls/c.pem, key_file: tls/c.key }
          db: { backends: [10.0.3.1:3306], health: { type: tcp, every: 10s }, tls: true }
          plain: { backends: 10.0.3.1:80, health: { timeout: 1s }, tls: false }
        """)
            .config()
            .proxy()
            .pools();
    assertThat(pools.get("web"))
        .isEqualTo(
            new PoolConfig(
                BalanceConfig.LEAST_REQUESTS,
                List.of(
                    new BackendConfig(new HostPort("10.0.1.11", 8080), 1, false),
                    new BackendConfig(new HostPort("app.internal", 8080), 2, false),
                    new BackendConfig(new HostPort("::1", 8080), 1, true)),
                new HealthConfig(
                    new HealthConfig.Http(
                        "/healthz",
                        "www.foobar.com",
                        List.of(new StatusRange(200, 299), new StatusRange(304, 304))),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1), // the usual 2 s would be longer than every
                    1,
                    4),
                new KeepAliveConfig(Duration.ofSeconds(2), 0),
                new UpstreamTlsConfig(
                    "web.internal",
                    "CA",
                    new CertificatePem("C", "K"),
                    true,
                    UpstreamTlsConfig.DEFAULT.alpn())));
    assertThat(pools.get("db").tls()).isEqualTo(UpstreamTlsConfig.DEFAULT);
    assertThat(pools.get("db").health())
        .isEqualTo(
            new HealthConfig(
                new HealthConfig.Tcp(), Duration.ofSeconds(10), Duration.ofSeconds(2), 2, 3));
    assertThat(pools.get("plain").tls()).isNull();
  }

  @Test
  void rulesAreRead() throws IOException {
    write("lists/blocked.txt", "192.0.2.1\n");
    ProxyConfig proxy =
        load(MINIMAL
                + """
                lists:
                  office: [192.0.2.0/24]
                  blocked: { file: lists/blocked.txt }
                  agents: { entries: [curl], type: text }
                firewall:
                  default: { deny: 404 }
                  normalize_path: off
                  rules:
                    - { name: a, match: { ip: [10.0.0.0/8, { in: [office, blocked] }] }, action: allow }
                    - { name: b, match: { path: [/a, /b*, /c/*, { suffix: .php }, { regex: "x+" }, { contains: ".." }] }, action: drop, mode: report }
                    - { name: c, match: { host: ["*.Foo.com", Bar.com, { prefix: WWW }] }, action: { deny: 401 } }
                    - { name: d, match: { header: { X-A: { in: agents }, X-B: { present: false }, X-C: { contains_any: agents } } }, action: log }
                    - { name: e, match: { query: { q: [x, y*] }, method: [GET, PURGE], listener: web }, action: log }
                    - { name: f, match: { not: { any: [{ path: /x }, { ip: "::1" }] } }, action: log }
                    - { name: g, action: { limit: { key: [ip, host, path, method, route, { header: X-Key }], rate: 5/min, burst: 9 } } }
                    - { name: h, action: { limit: { key: ip, rate: 100/s } } }
                """)
            .config()
            .proxy();
    assertThat(proxy.firewall().defaultAction()).isEqualTo(new DefaultAction.Deny(404));
    assertThat(proxy.firewall().pathMode()).isEqualTo(PathMode.OFF);
    assertThat(proxy.firewall().lists())
        .isEqualTo(
            Map.of(
                "office",
                new ListConfig(ListType.ADDRESSES, new ListSource.Inline(List.of("192.0.2.0/24"))),
                "blocked",
                new ListConfig(
                    ListType.ADDRESSES,
                    new ListSource.Lines(
                        folder.resolve("lists/blocked.txt").toString(),
                        "192.0.2.1\n".getBytes(StandardCharsets.UTF_8))),
                "agents",
                new ListConfig(ListType.TEXT, new ListSource.Inline(List.of("curl")))));
    assertThat(proxy.firewall().rules())
        .containsExactly(
            new RuleConfig(
                "a",
                new MatchConfig.Ip(List.of(Cidr.parse("10.0.0.0/8")), List.of("office", "blocked")),
                new ActionConfig.Allow()),
            new RuleConfig(
                "b",
                new MatchConfig.Path(
                    List.of(
                        new StringPattern.Exact("/a"),
                        new StringPattern.Prefix("/b"),
                        new StringPattern.Below("/c"),
                        new StringPattern.Suffix(".php"),
                        new StringPattern.Regex("x+"),
                        new StringPattern.Contains(".."))),
                new ActionConfig.Drop(),
                RuleMode.REPORT),
            new RuleConfig(
                "c",
                new MatchConfig.Host(
                    List.of(
                        new StringPattern.Suffix(".foo.com"),
                        new StringPattern.Exact("bar.com"),
                        new StringPattern.Prefix("www"))),
                new ActionConfig.Deny(401)),
            new RuleConfig(
                "d",
                new MatchConfig.All(
                    List.of(
                        new MatchConfig.Header("x-a", List.of(new StringPattern.InList("agents"))),
                        new MatchConfig.Header("x-b", List.of(new StringPattern.Present(false))),
                        new MatchConfig.Header(
                            "x-c", List.of(new StringPattern.ContainsAny("agents"))))),
                new ActionConfig.Log()),
            new RuleConfig(
                "e",
                new MatchConfig.All(
                    List.of(
                        new MatchConfig.Listener(Set.of("web")),
                        new MatchConfig.Method(Set.of("GET", "PURGE")),
                        new MatchConfig.Query(
                            "q",
                            List.of(new StringPattern.Exact("x"), new StringPattern.Prefix("y"))))),
                new ActionConfig.Log()),
            new RuleConfig(
                "f",
                new MatchConfig.Not(
                    new MatchConfig.Any(
                        List.of(
                            new MatchConfig.Path(List.of(new StringPattern.Exact("/x"))),
                            new MatchConfig.Ip(List.of(Cidr.parse("::1")), List.of())))),
                new ActionConfig.Log()),
            new RuleConfig(
                "g",
                MatchConfig.ALWAYS,
                new ActionConfig.Limit(
                    new LimitConfig(
                        List.of(
                            new KeyPart.Ip(),
                            new KeyPart.Host(),
                            new KeyPart.Path(),
                            new KeyPart.Method(),
                            new KeyPart.Route(),
                            new KeyPart.Header("x-key")),
                        Rate.parse("5/min"),
                        9))),
            new RuleConfig(
                "h",
                MatchConfig.ALWAYS,
                new ActionConfig.Limit(
                    new LimitConfig(List.of(new KeyPart.Ip()), Rate.parse("100/s"), 100))));
  }

  @Test
  void aRouteMayAskForMoreThanHostAndPath() {
    Loaded loaded =
        load(
            """
            version: 1
            listeners: { web: { bind: ":1" } }
            lists: { beta: { entries: [a, b], type: text } }
            pools: { app: { backends: 127.0.0.1:9001 } }
            routes:
              - match:
                  host: a.com
                  path: [/x, { suffix: .php }]
                  method: [GET, HEAD]
                  header: { X-Canary: { present: true } }
                  query: { v: 2* }
                  cookie: { group: { in: beta } }
                  ip: 192.0.2.0/24
                  not: { header: { x-a: b } }
                pool: app
              - { match: { host: { regex: "^v[0-9]" } }, pool: app }
            """);
    Match first = loaded.config().proxy().routes().getFirst().match();
    assertThat(first.hosts()).containsExactly("a.com");
    assertThat(first.paths()).isEmpty();
    assertThat(first.conditions())
        .containsExactlyInAnyOrder(
            new MatchConfig.Path(
                List.of(new StringPattern.Exact("/x"), new StringPattern.Suffix(".php"))),
            new MatchConfig.Method(Set.of("GET", "HEAD")),
            new MatchConfig.Header("x-canary", List.of(new StringPattern.Present(true))),
            new MatchConfig.Query("v", List.of(new StringPattern.Prefix("2"))),
            new MatchConfig.Cookie("group", List.of(new StringPattern.InList("beta"))),
            new MatchConfig.Ip(List.of(Cidr.parse("192.0.2.0/24")), List.of()),
            new MatchConfig.Not(
                new MatchConfig.Header("x-a", List.of(new StringPattern.Exact("b")))));
    assertThat(loaded.config().proxy().routes().get(1).match().conditions())
        .containsExactly(new MatchConfig.Host(List.of(new StringPattern.Regex("^v[0-9]"))));
  }

  @Test
  void routesAreReadAndTheOneWithoutAMatchIsLast() throws IOException {
    write("errors/404.HTML", "<p>no</p>");
    Loaded loaded =
        load(
            """
            version: 1
            listeners: { web: { bind: ":1" } }
            pools: { app: { backends: 127.0.0.1:9001 } }
            routes:
              - respond: { status: 404, body_file: errors/404.HTML }
              - { match: { host: [A.com, "*.b.com"], path: [/a, /b/*], listener: web }, pool: app }
              - { name: old, match: { path: /old* }, redirect: { to: /new } }
              - { match: { path: /robots.txt }, respond: { body: "x" } }
              - { match: { path: /empty }, respond: { status: 204, content_type: text/css } }
            """);
    assertThat(loaded.config().proxy().routes())
        .containsExactly(
            new RouteConfig(
                null,
                new Match(
                    Set.of("web"),
                    List.of("a.com", "*.b.com"),
                    List.of(new StringPattern.Exact("/a"), new StringPattern.Below("/b"))),
                new Forward("app")),
            new RouteConfig("old", path("/old*"), new Redirect("/new", 302)),
            new RouteConfig(
                null, path("/robots.txt"), new Respond(200, "x", "text/plain; charset=utf-8")),
            new RouteConfig(null, path("/empty"), new Respond(204, "", null)),
            new RouteConfig(
                null, Match.EVERYTHING, new Respond(404, "<p>no</p>", "text/html; charset=utf-8")));
    assertThat(loaded.sources().find("routes[4]"))
        .hasToString(folder.resolve("weir.yaml") + ":5:5");
    assertThat(loaded.sources().find("routes[1].redirect.status").line()).isEqualTo(7);
  }

  @Test
  void includedFilesAddToTheMainOne() throws IOException {
    write("conf.d/20.yaml", "routes: { match: { path: /20 }, pool: b }\n");
    write(
        "conf.d/10.yaml",
        """
        version: 1
        pools:
          b: { backends: 127.0.0.1:9002 }
        lists:
          office: { file: office.txt }
        trusted_proxies: [10.0.0.2]
        firewall:
          rules:
            - { name: two, action: log }
        routes:
          - { match: { path: /10 }, pool: b }
        timeouts: { idle: 5s }
        """);
    write("conf.d/office.txt", "192.0.2.1\n");
    Loaded loaded =
        load(
            MINIMAL
                + """
                include: conf.d/*.yaml
                trusted_proxies: 10.0.0.1
                timeouts: { drain: 6s }
                firewall:
                  default: { deny: 403 }
                  rules:
                    - { name: one, action: log }
                """);
    ProxyConfig proxy = loaded.config().proxy();
    assertThat(proxy.pools().keySet()).containsExactly("app", "b");
    assertThat(proxy.clientAddress().trustedProxies())
        .containsExactly(Cidr.parse("10.0.0.1"), Cidr.parse("10.0.0.2"));
    assertThat(proxy.routes())
        .extracting(RouteConfig::label)
        .containsExactly("/10", "/20", "default");
    assertThat(proxy.timeouts().idle()).isEqualTo(Duration.ofSeconds(5));
    assertThat(proxy.timeouts().drain()).isEqualTo(Duration.ofSeconds(6));
    assertThat(proxy.firewall().defaultAction()).isEqualTo(new DefaultAction.Deny(403));
    assertThat(proxy.firewall().lists().get("office").source())
        .isInstanceOfSatisfying(
            ListSource.Lines.class,
            lines -> assertThat(lines.origin()).endsWith("conf.d/office.txt"));
    assertThat(loaded.sources().find("pools.b.backends[0].weight"))
        .hasToString(folder.resolve("conf.d/10.yaml") + ":3:18");
    assertThat(proxy.firewall().rules()).extracting(RuleConfig::name).containsExactly("one", "two");
  }

  @Test
  void variablesComeFromTheEnvironment() {
    ConfigLoader loader = new ConfigLoader(Map.of("PORT", "81")::get, config -> Findings.NONE);
    String text = MINIMAL.replace("\":8080\"", "\"${HOST:-10.0.0.1}:${PORT}\"");
    Loaded loaded = (Loaded) loader.load(folder.resolve("weir.yaml"), text);
    assertThat(loaded.config().proxy().listeners().get("web").bind())
        .containsExactly(new HostPort("10.0.0.1", 81));
  }

  @Test
  void whatCompilingFindsStandsWhereItWasWritten() {
    Findings findings =
        new Findings(
            List.of(new ConfigError("pools.app.backends[0].weight", "too heavy")),
            List.of(new ConfigError("firewall.rules[3].match.ip", "odd")));
    Broken broken = (Broken) load(MINIMAL, config -> findings);
    assertThat(broken.problems())
        .extracting(p -> p.at().line() + ":" + p.at().column() + " " + p.message())
        .containsExactly("1:1 odd", "5:21 too heavy");
  }

  @Test
  void whatReadingFoundIsNotFoundAgainByCompiling() {
    Findings findings =
        new Findings(
            List.of(
                new ConfigError("pools.app", "said"),
                new ConfigError("pools.app.backends[0].weight", "said"),
                new ConfigError("pools.apple", "new"),
                new ConfigError("listeners.web", "new")),
            List.of());
    Broken broken =
        (Broken) load(MINIMAL.replace("127.0.0.1:9001", "127.0.0.1"), config -> findings);
    assertThat(broken.problems()).hasSize(3).extracting(Problem::message).doesNotContain("said");
  }

  @Test
  void namesAreNotCheckedAgainstASectionThatWasNotUnderstood() {
    Broken broken = (Broken) load(MINIMAL.replace("pools:", "pool:"), config -> Findings.NONE);
    assertThat(broken.problems())
        .extracting(Problem::message)
        .containsExactly("unknown key \"pool\"");
  }

  @Test
  void aMissingFileIsAProblemOfItsOwn() {
    ConfigLoader loader = new ConfigLoader(name -> null, config -> Findings.NONE);
    Broken broken = (Broken) loader.load(folder.resolve("nowhere.yaml"));
    assertThat(broken.problems())
        .extracting(Problem::message)
        .containsExactly("cannot be read: no such file");
  }

  private static Match path(String path) {
    return new Match(Set.of(), List.of(), List.of(Match.path(path)));
  }

  private Loaded load(String text) {
    Loading loading = load(text, config -> Findings.NONE);
    assertThat(loading)
        .as(() ->
            loading instanceof Broken broken
                ? new ProblemPrinter(false).print(broken.problems())
                : "")
        .isInstanceOf(Loaded.class);
    return (Loaded) loading;
  }

  private Loading load(String text, Function<ProxyConfig, Findings> check) {
    return new ConfigLoader(name -> null, check).load(folder.resolve("weir.yaml"), text);
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
