package io.weir.core.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RiseFallTest {

  @Test
  void aBackendIsUpUntilSomethingSaysOtherwise() {
    assertThat(new RiseFall(2, 3).up()).isTrue();
  }

  /** Checks as + and -, and the state after each as U or d. */
  @ParameterizedTest
  @CsvSource({
    "2, 3, +,             U",
    "2, 3, -,             d", // the first check decides alone
    "2, 3, -+++,          ddUU",
    "2, 3, -+-+-++,       ddddddU",
    "2, 3, +---,          UUUd",
    "2, 3, +--+--+---,    UUUUUUUUUd",
    "2, 3, +---+---++---, UUUddddddUUUd",
    "1, 1, +-+-+,         UdUdU",
    "3, 1, -++-+++,       ddddddU",
    "1, 5, +----+-----,   UUUUUUUUUUd",
  })
  void itTakesRiseAndFallInARow(int rise, int fall, String checks, String expected) {
    RiseFall state = new RiseFall(rise, fall);
    StringBuilder seen = new StringBuilder();
    for (char check : checks.toCharArray()) {
      boolean before = state.up();
      boolean changed = state.record(check == '+');
      assertThat(changed).isEqualTo(state.up() != before);
      seen.append(state.up() ? 'U' : 'd');
    }
    assertThat(seen).hasToString(expected);
  }

  @Test
  void newThresholdsKeepWhatIsKnown() {
    RiseFall state = new RiseFall(2, 3);
    state.record(false);
    state.record(true);
    RiseFall next = state.with(3, 1);
    assertThat(next.up()).isFalse();
    assertThat(next.record(true)).isFalse(); // the second of three
    assertThat(next.record(true)).isTrue();
    assertThat(next.record(false)).isTrue();
  }

  @Test
  void theFirstCheckIsStillTheFirstUnderNewThresholds() {
    assertThat(new RiseFall(2, 3).with(4, 5).record(false)).isTrue();
  }
}
