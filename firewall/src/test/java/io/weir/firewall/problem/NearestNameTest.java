package io.weir.firewall.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
  private static final List<String> KEYS =
      List.of("listeners", "limits", "lists", "pools", "routes");

  @ParameterizedTest
  @CsvSource({
    "listners, listeners",
    "lisetners, listeners",
    "limit, limits",
    "pool, pools",
    "Pools, pools",
    "rotues, routes"
  })
  void aSlipOfTheFingerIsSeenThrough(String written, String meant) {
    assertThat(NearestName.nearest(written, KEYS)).isEqualTo(meant);
  }

  @ParameterizedTest
  @CsvSource({"blokced, blocked", "ofice, office", "OFICE, office", "zzz, ", "b, "})
  void whatIsMeantByTheUsersOwnNames(String written, String meant) {
    assertThat(NearestName.hint(written, List.of("blocked", "office")))
        .isEqualTo(meant == null ? null : "did you mean \"" + meant + "\"?");
  }

  @Test
  void anotherWordIsNotGuessedAt() {
    assertThat(NearestName.nearest("upstream", KEYS)).isNull();
    assertThat(NearestName.hint("x", KEYS)).isNull();
    assertThat(NearestName.hint("anything", List.of())).isNull();
  }

  @Test
  void theNearestOfSeveralWins() {
    assertThat(NearestName.hint("lists2", KEYS)).isEqualTo("did you mean \"lists\"?");
  }

  @Test
  void swappedNeighboursAreOneSlip() {
    assertThat(NearestName.distance("abcd", "abdc")).isEqualTo(1);
    assertThat(NearestName.distance("", "abc")).isEqualTo(3);
    assertThat(NearestName.distance("kitten", "sitting")).isEqualTo(3);
  }
}
