package io.weir.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.RouteConfig;
import io.weir.core.config.RouteConfig.Forward;
import io.weir.core.config.RouteConfig.Match;
import io.weir.core.config.RouteConfig.Redirect;
import io.weir.core.config.RouteConfig.Respond;
import io.weir.daemon.config.Loading.Loaded;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.StringPattern;
import io.weir.firewall.config.WeekTimes;
import java.io.IOException;
import java.time.DayOfWeek;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a file says of routes is what the records say. */
class RoutesSectionTest extends ConfigText {
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
                  raw_path: { contains: "%" }
                  protocol: http/1.0
                  tls: { version: 1.3 }
                  time: { hours: "08:00-18:00" }
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
                new MatchConfig.Header("x-a", List.of(new StringPattern.Exact("b")))),
            new MatchConfig.RawPath(List.of(new StringPattern.Contains("%"))),
            new MatchConfig.Protocol(Set.of("http/1.0")),
            new MatchConfig.TlsVersion(Set.of("1.3")),
            new MatchConfig.Time(
                new WeekTimes(
                    EnumSet.allOf(DayOfWeek.class),
                    List.of(WeekTimes.Hours.parse("08:00-18:00")),
                    ZoneOffset.UTC)));
    assertThat(loaded.config().proxy().routes().get(1).match().conditions())
        .containsExactly(new MatchConfig.Host(List.of(new StringPattern.Regex("^v[0-9]"))));
  }

  @Test
  void aRouteMayKeepEncodedSlashes() {
    Loaded loaded =
        load(
            """
            version: 1
            listeners: { web: { bind: ":1" } }
            firewall: { normalize_path: strict }
            pools: { app: { backends: 127.0.0.1:9001 } }
            routes:
              - { match: { path: /a/* }, pool: app, encoded_slash: keep }
              - { match: { path: /b/* }, pool: app }
            """);
    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.config().proxy().routes())
        .containsExactly(
            new RouteConfig(null, path("/a/*"), new Forward("app")).keepingEncodedSlash(),
            new RouteConfig(null, path("/b/*"), new Forward("app")));
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

  private static Match path(String path) {
    return new Match(Set.of(), List.of(), List.of(Match.path(path)));
  }
}
