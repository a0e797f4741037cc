package io.weir.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.RouteConfig.Match;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.StringPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteReachTest {
  private static final List<String> LISTENERS = List.of("web", "secure");
  private static final List<String> HOSTS =
      List.of("a.com", "x.a.com", "y.x.a.com", "b.com", "*.a.com", "*.x.a.com", "*.com");
  private static final List<String> PATHS =
      List.of("/", "/*", "/a", "/a/*", "/a*", "/ab", "/a/b", "/a/b/*", "/a/b*", "/ab*");
  private static final List<String> TARGETS =
      List.of("/", "/a", "/a/", "/ab", "/abc", "/a/b", "/a/bc", "/a/b/", "/a/b/c", "/c");

  @ParameterizedTest
  @CsvSource({"/*, /a", "/*, /*", "/a*, /a/*", "/a/*, /a", "/a/*, /a/b*", "/a*, /ab*", "/a, /a"})
  void aBroaderPathTakesAll(String broad, String narrow) {
    assertThat(RouteReach.covers(paths(broad), paths(narrow))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"/a/*, /a*", "/a/*, /ab", "/a, /a/*", "/a/b/*, /a/*", "/ab, /a"})
  void aNarrowerPathLeavesSome(String first, String second) {
    assertThat(RouteReach.covers(paths(first), paths(second))).isFalse();
  }

  @Test
  void aRouteIsOnlyCalledUnreachableIfNoRequestReachesIt() {
    long seed = Long.getLong("seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    int covered = 0;
    for (int i = 0; i < 20_000; i++) {
      Match first = any(random);
      Match second = any(random);
      if (!RouteReach.covers(first, second)) {
        continue;
      }
      covered++;
      for (String request : requests(second)) {
        assertThat(requests(first))
            .as("%s over %s, seed %d", first, second, seed)
            .contains(request);
      }
    }
    assertThat(covered).as("pairs that overlap, seed %d", seed).isPositive();
  }

  /** Every request of a small world that the match takes, decided in the plainest way. */
  private static Set<String> requests(Match match) {
    Set<String> taken = new TreeSet<>();
    for (String listener : LISTENERS) {
      for (String host : List.of("a.com", "x.a.com", "y.x.a.com", "z.x.a.com", "b.com", "c.org")) {
        for (String target : TARGETS) {
          if (takes(match, listener, host, target)) {
            taken.add(listener + " " + host + target);
          }
        }
      }
    }
    return taken;
  }

  private static boolean takes(Match match, String listener, String host, String target) {
    boolean here = match.listeners().isEmpty() || match.listeners().contains(listener);
    boolean named =
        match.hosts().isEmpty()
            || match.hosts().stream()
                .anyMatch(h -> h.startsWith("*") ? host.endsWith(h.substring(1)) : h.equals(host));
    boolean below =
        match.paths().isEmpty() || match.paths().stream().anyMatch(path -> takes(path, target));
    return here && named && below;
  }

  private static boolean takes(StringPattern path, String target) {
    return switch (path) {
      case StringPattern.Exact exact -> target.equals(exact.text());
      case StringPattern.Prefix prefix -> target.startsWith(prefix.text());
      case StringPattern.Below below ->
          target.equals(below.path()) || target.startsWith(below.path() + "/");
      default -> throw new AssertionError(path);
    };
  }

  private static Match any(SplittableRandom random) {
    return new Match(
        Set.copyOf(some(LISTENERS, random)),
        some(HOSTS, random),
        some(PATHS, random).stream().map(Match::path).toList());
  }

  private static List<String> some(List<String> all, SplittableRandom random) {
    List<String> chosen = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      chosen.add(all.get(random.nextInt(all.size())));
    }
    return chosen;
  }

  @Test
  void aConditionIsCoveredOnlyByWhatAsksNoMore() {
    MatchConfig post = new MatchConfig.Method(Set.of("POST"));
    MatchConfig writes = new MatchConfig.Method(Set.of("POST", "PUT"));
    MatchConfig canary = new MatchConfig.Header("x-canary", List.of(StringPattern.ofText("1")));
    assertThat(RouteReach.covers(asking(), asking(post))).isTrue();
    assertThat(RouteReach.covers(asking(post), asking())).isFalse();
    assertThat(RouteReach.covers(asking(writes), asking(post))).isTrue();
    assertThat(RouteReach.covers(asking(post), asking(writes))).isFalse();
    assertThat(RouteReach.covers(asking(canary), asking(post, canary))).isTrue();
    assertThat(RouteReach.covers(asking(canary, writes), asking(post, canary))).isTrue();
    assertThat(RouteReach.covers(asking(canary, post), asking(canary))).isFalse();
  }

  private static Match asking(MatchConfig... conditions) {
    return new Match(Set.of(), List.of(), List.of(), List.of(conditions));
  }

  private static Match paths(String path) {
    return new Match(Set.of(), List.of(), List.of(Match.path(path)));
  }
}
