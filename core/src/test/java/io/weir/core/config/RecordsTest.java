package io.weir.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.config.RouteConfig.Match;
import io.weir.core.config.RouteConfig.Redirect;
import io.weir.core.config.RouteConfig.Respond;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.StringPattern;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordsTest {
  @Test
  void aCheckMayNotLastLongerThanTheTimeToTheNext() {
    assertThatThrownBy(() ->
            new HealthConfig(
                new HealthConfig.Tcp(), Duration.ofSeconds(1), Duration.ofMillis(1500), 2, 3))
        .hasMessage("timeout: 1.5s (expected: at most every, 1s)");
  }

  @Test
  void aTimeoutOfNothingIsRefused() {
    assertThatThrownBy(() -> new KeepAliveConfig(Duration.ZERO, 1))
        .hasMessage("idle: 0ms (expected: more than zero, at most a year)");
  }

  @Test
  void boundsNameTheKeyTheValueAndTheRange() {
    assertThatThrownBy(() -> new BackendConfig(new HostPort("a", 80), 0, false))
        .hasMessage("weight: 0 (expected: 1 to 256)");
    assertThatThrownBy(() -> new BackendConfig(new HostPort("a", 0), 1, false))
        .hasMessage("address: \"a:0\" (expected: a port from 1 to 65535)");
  }

  @Test
  void anAddressIsOfTheNetworkOrTheFileOfASocket() {
    assertThat(Address.parse("10.0.0.1:80")).isEqualTo(new HostPort("10.0.0.1", 80));
    assertThat(Address.parse("unix:/run/php app.sock"))
        .isEqualTo(new UnixPath("/run/php app.sock"));
    assertThat(Address.parse("unix:/run/a.sock")).hasToString("unix:/run/a.sock");
    assertThat(new BackendConfig(new UnixPath("/a"), 1, false).address().authority())
        .isEqualTo("localhost");
  }

  @ParameterizedTest
  @ValueSource(strings = {"unix:", "unix:app.sock", "unix:/run/", "unix:/a\n", "unix:@abstract"})
  void socketsAreNamedByAbsolutePaths(String text) {
    assertThatThrownBy(() -> Address.parse(text))
        .hasMessage("\"%s\" (expected: an absolute path, like unix:/run/app.sock)".formatted(text));
  }

  @Test
  void aPathIsAsLongAsTheSystemTakesInBytes() {
    String longest = "/" + "x".repeat(103) + "\u00e9";
    assertThat(new UnixPath(longest).path()).isEqualTo(longest);
    assertThatThrownBy(() -> new UnixPath("/x" + longest.substring(1)))
        .hasMessageEndingWith("(expected: a path of at most 106 bytes)");
  }

  @Test
  void permissionsAreOctal() {
    assertThat(SocketMode.parse("0660")).isEqualTo(SocketMode.DEFAULT);
    assertThat(SocketMode.parse("666").bits()).isEqualTo(0666);
    for (String odd : List.of("", "66", "0888", "1777", "u+w", "00660")) {
      assertThatThrownBy(() -> SocketMode.parse(odd))
          .hasMessage("\"" + odd + "\" (expected: permissions in octal, like 0660)");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"foo.com:80", "a b", "", "*", "*.", "foo.*", "a..b", "http://a", ".a"})
  void aRoutesHostIsANameWithoutPort(String host) {
    assertThatThrownBy(() -> new Match(Set.of(), List.of(host), List.of()))
        .hasMessageStartingWith("host: \"" + host + "\"");
  }

  @Test
  void aRoutesHostIsReadInLowerCase() {
    assertThat(Match.host("*.FooBar.com")).isEqualTo("*.foobar.com");
    assertThat(Match.host("[2001:DB8::1]")).isEqualTo("[2001:db8::1]");
  }

  @Test
  void aRoutesPathIsExactOrAPrefix() {
    assertThat(Match.path("/a/*")).isEqualTo(new StringPattern.Below("/a"));
    assertThat(Match.path("/a*")).isEqualTo(new StringPattern.Prefix("/a"));
    assertThat(Match.path("/a")).isEqualTo(new StringPattern.Exact("/a"));
    assertThatThrownBy(() -> Match.path("a")).hasMessageStartingWith("path: \"a\"");
    assertThatThrownBy(() -> Match.path("/*/b")).hasMessageStartingWith("path: \"/*/b\"");
    List<StringPattern> suffix = List.of(new StringPattern.Suffix(".php"));
    assertThatThrownBy(() -> new Match(Set.of(), List.of(), suffix))
        .hasMessageStartingWith("path:");
  }

  @Test
  void nothingThatWouldSplitAHeaderGetsIntoAResponse() {
    assertThatThrownBy(() -> new Redirect("/a\r\nSet-Cookie: x", 301))
        .hasMessageStartingWith("to:");
    assertThatThrownBy(() -> new Redirect("/a", 200)).hasMessageStartingWith("status: 200");
    assertThatThrownBy(() -> new Respond(200, "", "text/plain\n"))
        .hasMessageStartingWith("content_type:");
  }

  @Test
  void aStatusThatHasNoBodyGetsNone() {
    assertThatThrownBy(() -> new Respond(204, "x", null)).hasMessageStartingWith("body: not empty");
    assertThat(new Respond(204, "", null).status()).isEqualTo(204);
  }

  @Test
  void aRoutesNameFitsIntoALine() {
    RouteConfig.Action action = new RouteConfig.Forward("p");
    assertThatThrownBy(() -> new RouteConfig("a\nb", Match.EVERYTHING, action))
        .hasMessageStartingWith("name:");
    assertThatThrownBy(() -> new RouteConfig(" ", Match.EVERYTHING, action))
        .hasMessageStartingWith("name:");
  }

  @Test
  void aRouteWithoutANameIsCalledByItsMatch() {
    Match match =
        new Match(
            Set.of("web", "admin"),
            List.of("a.com", "*.b.com"),
            List.of(Match.path("/x/*"), Match.path("/y")));
    RouteConfig route = new RouteConfig(null, match, new RouteConfig.Forward("p"));
    assertThat(route.label()).isEqualTo("admin web a.com,*.b.com/x/*,/y");
    assertThat(new RouteConfig(null, Match.EVERYTHING, route.action()).label())
        .isEqualTo("default");
    assertThat(new RouteConfig("mine", match, route.action()).label()).isEqualTo("mine");
    Match asking =
        new Match(
            Set.of(),
            List.of("a.com"),
            List.of(),
            List.of(new MatchConfig.Cookie("beta", List.of(StringPattern.ofText("1*")))));
    assertThat(new RouteConfig(null, asking, route.action()).label())
        .isEqualTo("a.com cookie.beta: 1*");
  }

  @Test
  void theRouteWithoutAMatchIsLast() {
    RouteConfig fallback = new RouteConfig("rest", Match.EVERYTHING, new RouteConfig.Forward("p"));
    RouteConfig narrow =
        new RouteConfig(
            "a", new Match(Set.of(), List.of("a"), List.of()), new RouteConfig.Forward("p"));
    assertThat(Configs.with(List.of(fallback, narrow)).routes()).containsExactly(narrow, fallback);
  }

  @Test
  void serverNamesOfARelayAreNames() {
    assertThatThrownBy(() -> new ListenerConfig.RelayByServerName(Map.of("a:443", "p")))
        .hasMessageStartingWith("sni: \"a:443\"");
    assertThatThrownBy(() -> new ListenerConfig.RelayByServerName(Map.of()))
        .hasMessageStartingWith("sni: empty");
  }
}
