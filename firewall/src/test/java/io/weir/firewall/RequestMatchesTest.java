package io.weir.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.config.DefaultAction;
import io.weir.firewall.config.FirewallConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.StringPattern;
import io.weir.firewall.list.ListConfig;
import io.weir.firewall.list.ListSource;
import io.weir.firewall.list.ListType;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.problem.FirewallProblem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Matches that are asked one by one. */
class RequestMatchesTest {
  private static RequestMatches.Look look(MatchConfig match) {
    RequestMatches.Result result =
        RequestMatches.compile(FirewallConfig.OPEN, Set.of("web"), Map.of("m", match));
    assertThat(result.problems()).isEmpty();
    return result.matches().newLook();
  }

  private static boolean holds(RequestMatches.Look look, RequestView request) {
    look.begin(request);
    boolean holds = look.holds(0);
    assertThat(look.holds(0)).as("asked again").isEqualTo(holds);
    look.end();
    return holds;
  }

  @Test
  void whatWasFoundOutAboutOneRequestIsNotBelievedOfTheNext() {
    RequestMatches.Look look =
        look(new MatchConfig.Path(List.of(new StringPattern.Suffix(".php"))));
    for (int i = 0; i < 3; i++) {
      assertThat(holds(look, TestRequest.get("192.0.2.1", "/a.php"))).isTrue();
      assertThat(holds(look, TestRequest.get("192.0.2.1", "/a"))).isFalse();
    }
  }

  @Test
  void onlyTheCanonicalReadingCounts() {
    RequestMatches.Look look = look(new MatchConfig.Path(List.of(new StringPattern.Below("/a/b"))));
    assertThat(holds(look, TestRequest.get("192.0.2.1", "/a/./b"))).isTrue();
    assertThat(holds(look, TestRequest.get("192.0.2.1", "/a%2Fb"))).isFalse();
  }

  @Test
  void aListThatIsNotThereIsToldWithItsLikes() {
    FirewallConfig config =
        new FirewallConfig(
            new DefaultAction.Allow(),
            PathMode.COMPATIBLE,
            List.of(),
            Map.of("beta", new ListConfig(ListType.TEXT, new ListSource.Inline(List.of("a")))));
    MatchConfig match = new MatchConfig.Cookie("g", List.of(new StringPattern.InList("bet")));
    assertThat(
            RequestMatches.compile(config, Set.of(), Map.of("routes[0].match", match)).problems())
        .containsExactly(
            new FirewallProblem(
                "routes[0].match.cookie.g", "there is no list \"bet\"", "did you mean \"beta\"?"));
  }
}
