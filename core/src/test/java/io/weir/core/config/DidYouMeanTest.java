package io.weir.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DidYouMeanTest {
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
    assertThat(DidYouMean.nearest(written, KEYS)).isEqualTo(meant);
  }

  @Test
  void anotherWordIsNotGuessedAt() {
    assertThat(DidYouMean.nearest("upstream", KEYS)).isNull();
    assertThat(DidYouMean.hint("x", KEYS)).isNull();
    assertThat(DidYouMean.hint("anything", List.of())).isNull();
  }

  @Test
  void theNearestOfSeveralWins() {
    assertThat(DidYouMean.hint("lists2", KEYS)).isEqualTo("did you mean \"lists\"?");
  }

  @Test
  void swappedNeighboursAreOneSlip() {
    assertThat(DidYouMean.distance("abcd", "abdc")).isEqualTo(1);
    assertThat(DidYouMean.distance("", "abc")).isEqualTo(3);
    assertThat(DidYouMean.distance("kitten", "sitting")).isEqualTo(3);
  }
}
