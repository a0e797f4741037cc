package io.weir.core.config;

import static io.weir.core.config.Configs.route;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.ListenerConfig.Http;
import io.weir.core.config.ListenerConfig.Relay;
import io.weir.core.config.ListenerConfig.RelayByServerName;
import io.weir.core.config.ListenerTlsConfig.MinVersion;
import io.weir.core.config.ListenerTlsConfig.UnknownName;
import io.weir.core.config.RouteConfig.Forward;
import io.weir.core.config.RouteConfig.Match;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.FirewallConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.StringPattern;
import io.weir.firewall.path.PathMode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfigValidatorTest {
  @Test
  void nothingIsSaidOfAValidConfiguration() {
    assertThat(validate(Configs.valid().routes(List.of(route("app"))))).isEqualTo(Findings.NONE);
  }

  @Test
  void listenersNobodyRoutesToAreFine() {
    assertThat(validate(Configs.valid().pool("unused", "10.0.0.2:80"))).isEqualTo(Findings.NONE);
  }

  @Test
  void everyDanglingNameIsReportedAtOnceWithTheOneThatWasMeant() {
    ListenerTlsConfig tls =
        new ListenerTlsConfig(
            List.of("shop", "shpo"), UnknownName.DEFAULT, MinVersion.TLS_1_2, null, null);
    Findings findings =
        validate(
            Configs.valid()
                .listener("secure", ":443", new Http(), tls)
                .listener("db", ":3306", new Relay("mysql"), null)
                .listener("mail", ":993", new RelayByServerName(Map.of("a.com", "ap")), null)
                .routes(List.of(route("App"), routeOn("wbe"))));
    assertThat(findings.errors())
        .containsExactlyInAnyOrder(
            error(
                "listeners.secure.tls.certificates[1]", "there is no certificate \"shpo\"", "shop"),
            new ConfigError("listeners.db.pool", "there is no pool \"mysql\"", "there is: app"),
            error("listeners.mail.sni.a.com", "there is no pool \"ap\"", "app"),
            error("routes[1].pool", "there is no pool \"App\"", "app"),
            error("routes[0].match.listener", "there is no listener \"wbe\"", "web"));
  }

  @Test
  void twoListenersDoNotShareAnAddress() {
    Findings findings =
        validate(
            Configs.valid()
                .listener("again", "0.0.0.0:8080", new Http(), null)
                .listener("part", "127.0.0.1:8080", new Http(), null)
                .listener("six", "[::1]:9090", new Http(), null)
                .listener("six-too", "[0:0:0:0:0:0:0:1]:9090", new Http(), null)
                .listener("four", "127.0.0.1:9090", new Http(), null)
                .listener("all", "[::]:9090", new Http(), null)
                .listener("any", ":0", new Http(), null)
                .listener("any-too", ":0", new Http(), null));
    String wide = "a port that is bound on every address is free on none";
    assertThat(findings.errors())
        .containsExactly(
            new ConfigError(
                "listeners.again.bind[0]",
                "bind: \"0.0.0.0:8080\" is already bound by listener \"web\" as \":8080\"",
                null,
                "listeners.web.bind[0]"),
            new ConfigError(
                "listeners.part.bind[0]",
                "bind: \"127.0.0.1:8080\" is already bound by listener \"web\" as \":8080\"",
                wide,
                "listeners.web.bind[0]"),
            new ConfigError(
                "listeners.six-too.bind[0]",
                "bind: \"[0:0:0:0:0:0:0:1]:9090\" is already bound by listener \"six\" as"
                    + " \"[::1]:9090\"",
                null,
                "listeners.six.bind[0]"),
            new ConfigError(
                "listeners.all.bind[0]",
                "bind: \"[::]:9090\" is already bound by listener \"six\" as \"[::1]:9090\"",
                wide,
                "listeners.six.bind[0]"));
  }

  @Test
  void aPoolHasEachAddressOnce() {
    Findings findings = validate(Configs.valid().pool("b", "a:1", "a:2", "a:1"));
    assertThat(findings.errors())
        .extracting(ConfigError::path)
        .containsExactly("pools.b.backends[2]");
  }

  @Test
  void namesAreWordsThatFitIntoAMetricLabelAndAnAddress() {
    Findings findings =
        validate(Configs.valid().pool("a b", "a:1").pool("", "a:1").pool("a.b-c_1", "a:1"));
    assertThat(findings.errors())
        .extracting(ConfigError::path)
        .containsExactly("pools.a b", "pools.");
  }

  @Test
  void withoutAListenerThereIsNothingToDo() {
    ProxyConfig valid = Configs.valid().build();
    ProxyConfig deaf =
        new ProxyConfig(
            valid.runtime(),
            valid.limits(),
            valid.timeouts(),
            valid.clientAddress(),
            valid.tracing(),
            valid.errorPages(),
            Map.of(),
            valid.tls(),
            valid.certificates(),
            valid.firewall(),
            valid.pools(),
            valid.routes());
    assertThat(ConfigValidator.validate(deaf).errors())
        .containsExactly(new ConfigError("listeners", "listeners: none (expected: at least one)"));
  }

  @Test
  void onlyOneRouteTakesWhatTheOthersLeave() {
    Findings findings = validate(Configs.valid().routes(List.of(route("app"), route("app"))));
    assertThat(findings.errors()).extracting(ConfigError::path).containsExactly("routes[1]");
  }

  @Test
  void twoRoutesDoNotShareAName() {
    RouteConfig a = new RouteConfig("x", Match.EVERYTHING, new Forward("app"));
    RouteConfig b = new RouteConfig("x", route("app", "a.com").match(), new Forward("app"));
    Findings findings = validate(Configs.valid().routes(List.of(a, b)));
    assertThat(findings.errors()).extracting(ConfigError::path).containsExactly("routes[1].name");
  }

  @Test
  void aRouteBehindABroaderOneIsPointedOut() {
    Findings findings =
        validate(Configs.valid().routes(List.of(route("app", "*.a.com"), route("app", "x.a.com"))));
    assertThat(findings.errors()).isEmpty();
    assertThat(findings.warnings()).extracting(ConfigError::path).containsExactly("routes[1]");
    assertThat(findings.warnings().getFirst().message()).contains("*.a.com");
  }

  @Test
  void keepingEncodedSlashesIsForStrictPaths() {
    List<RouteConfig> routes = List.of(route("app", "a.com"), route("app").keepingEncodedSlash());
    Findings findings = validate(Configs.valid().routes(routes));
    assertThat(findings.errors()).isEmpty();
    assertThat(findings.warnings())
        .containsExactly(
            new ConfigError(
                "routes[1].encoded_slash",
                "encoded_slash: keep changes nothing: with normalize_path: compatible every route"
                    + " takes %2F",
                "it is for normalize_path: strict"));
    FirewallConfig open = FirewallConfig.OPEN;
    FirewallConfig strict =
        new FirewallConfig(open.defaultAction(), PathMode.STRICT, List.of(), Map.of());
    assertThat(validate(Configs.valid().firewall(strict).routes(routes))).isEqualTo(Findings.NONE);
    assertThat(validate(Configs.valid().firewall(open.tryingStrictPaths()).routes(routes)))
        .isEqualTo(Findings.NONE);
  }

  @Test
  void aRouteOnARelayIsPointedOut() {
    Findings findings =
        validate(
            Configs.valid()
                .listener("db", ":3306", new Relay("app"), null)
                .routes(List.of(routeOn("db"))));
    assertThat(findings.warnings())
        .extracting(ConfigError::path)
        .containsExactly("routes[0].match.listener");
  }

  @Test
  void aRelaySaysWhichRulesDoNotApplyToIt() {
    MatchConfig path = new MatchConfig.Path(List.of(new StringPattern.Exact("/x")));
    MatchConfig ip = new MatchConfig.Ip(List.of(Cidr.parse("10.0.0.0/8")), List.of());
    MatchConfig elsewhere =
        new MatchConfig.All(List.of(new MatchConfig.Listener(Set.of("web")), path));
    Findings findings =
        validate(
            Configs.valid()
                .listener("db", ":3306", new Relay("app"), null)
                .rules(
                    rule("hidden", new MatchConfig.Not(new MatchConfig.Any(List.of(ip, path)))),
                    rule("address", ip),
                    rule("elsewhere", elsewhere)));
    assertThat(findings.errors()).isEmpty();
    assertThat(findings.warnings())
        .singleElement()
        .satisfies(warning -> {
          assertThat(warning.path()).isEqualTo("listeners.db.mode");
          assertThat(warning.hint()).isEqualTo("these do not: hidden");
        });
  }

  private static RuleConfig rule(String name, MatchConfig match) {
    return new RuleConfig(name, match, new ActionConfig.Drop());
  }

  private static RouteConfig routeOn(String listener) {
    return new RouteConfig(
        null, new Match(Set.of(listener), List.of(), List.of()), new Forward("app"));
  }

  private static ConfigError error(String path, String message, String meant) {
    return new ConfigError(path, message, "did you mean \"" + meant + "\"?");
  }

  private static Findings validate(Configs configs) {
    return ConfigValidator.validate(configs.build());
  }
}
