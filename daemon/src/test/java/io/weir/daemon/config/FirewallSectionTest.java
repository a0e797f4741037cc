package io.weir.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.Findings;
import io.weir.core.config.ProxyConfig;
import io.weir.daemon.config.Loading.Broken;
import io.weir.daemon.problem.ProblemPrinter;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.DefaultAction;
import io.weir.firewall.config.FirewallConfig;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.LimitConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.Rate;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.RuleMode;
import io.weir.firewall.config.StringPattern;
import io.weir.firewall.list.ListConfig;
import io.weir.firewall.list.ListSource;
import io.weir.firewall.list.ListType;
import io.weir.firewall.path.PathMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What a file says of lists and rules is what the records say. */
class FirewallSectionTest extends ConfigText {
  @Test
  void strictPathsCanBeTriedFirst() throws IOException {
    FirewallConfig tried =
        load(MINIMAL + "firewall: { normalize_path: { as: strict, mode: report } }")
            .config()
            .proxy()
            .firewall();
    assertThat(tried.pathMode()).isEqualTo(PathMode.COMPATIBLE);
    assertThat(tried.triesStrictPaths()).isTrue();
    FirewallConfig strict =
        load(MINIMAL + "firewall: { normalize_path: { as: strict } }").config().proxy().firewall();
    assertThat(strict.pathMode()).isEqualTo(PathMode.STRICT);
    assertThat(strict.triesStrictPaths()).isFalse();
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
  @EnabledOnOs(OS.LINUX)
  void aDatabaseThatCannotBeReadToItsEndIsNotCalledAnotherKindOfFile() {
    String failing = "/proc/self/mem"; // it opens, and its first byte is an I/O error
    Loading loading =
        load(
            MINIMAL
                + """
                firewall:
                  databases: { country: %s }
                  rules: [{ name: a, match: { country: DE }, action: drop }]
                """
                    .formatted(failing),
            config -> Findings.NONE);
    assertThat(loading).isInstanceOf(Broken.class);
    assertThat(new ProblemPrinter(false).print(((Broken) loading).problems()))
        .contains("country: cannot read /proc/self/mem: input/output error\n")
        .endsWith("1 error\n");
  }
}
