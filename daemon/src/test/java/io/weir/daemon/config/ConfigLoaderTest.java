package io.weir.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.BackendConfig;
import io.weir.core.config.ConfigError;
import io.weir.core.config.Findings;
import io.weir.core.config.HostPort;
import io.weir.core.config.KeepAliveConfig;
import io.weir.core.config.LimitsConfig;
import io.weir.core.config.ListenerConfig;
import io.weir.core.config.PoolConfig;
import io.weir.core.config.PoolConfig.BalanceConfig;
import io.weir.core.config.ProxyConfig;
import io.weir.core.config.RouteConfig;
import io.weir.core.config.RouteConfig.Forward;
import io.weir.core.config.RouteConfig.Match;
import io.weir.core.config.RuntimeConfig;
import io.weir.core.config.TimeoutConfig;
import io.weir.daemon.config.Loading.Broken;
import io.weir.daemon.config.Loading.Loaded;
import io.weir.daemon.problem.Problem;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.config.DefaultAction;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.list.ListSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How files become one configuration, and what is said of those that do not. */
class ConfigLoaderTest extends ConfigText {
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
}
