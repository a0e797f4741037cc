package io.weir.daemon.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "10s, PT10S",
    "1m30s, PT90S",
    "2h, PT2H",
    "1d, P1D",
    "1d2h3m4s5ms, P1DT2H3M4.005S",
    "0s, PT0S"
  })
  void durationsAreNumbersWithUnitsInFallingOrder(String text, Duration duration) {
    assertThat(Units.duration(text)).isEqualTo(duration);
    assertThat(Units.inWords(duration)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "s", "10", "-5s", "1.5s", "10 s", "10S", "30s1m", "10sec", "1s1s", "٣s"})
  void otherDurationsAreRefused(String text) {
    assertThatThrownBy(() -> Units.duration(text))
        .hasMessageStartingWith("\"" + text + "\" (expected: ");
  }

  @ParameterizedTest
  @CsvSource({
    "0B, 0",
    "500B, 500",
    "16KiB, 16384",
    "16KB, 16000",
    "32MiB, 33554432",
    "2MB, 2000000",
    "1GiB, 1073741824",
    "1GB, 1000000000",
    "1TiB, 1099511627776"
  })
  void sizesTellBinaryFromDecimal(String text, long bytes) {
    assertThat(Units.size(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "16", "16K", "16kb", "16 KiB", "-1B", "1.5MiB", "KiB", "999999999999TiB"})
  void otherSizesAreRefused(String text) {
    assertThatThrownBy(() -> Units.size(text))
        .hasMessageStartingWith("\"" + text + "\" (expected: ");
  }

  @Test
  void aBareNumberIsToldWhichUnitsThereAre() {
    assertThatThrownBy(() -> Units.duration("30"))
        .hasMessage("\"30\" (expected: a number with its unit, like 30s or 30ms)");
    assertThatThrownBy(() -> Units.size("16"))
        .hasMessage("\"16\" (expected: a number with its unit, like 16KiB or 16B)");
  }

  @Test
  void numbersAreWhole() {
    assertThat(Units.number("-12")).isEqualTo(-12);
    assertThat(Units.number("0644")).isEqualTo(644);
    for (String text : new String[] {"", "1e3", "0x10", "1_000", "1.0", "9999999999999999999"}) {
      assertThatThrownBy(() -> Units.number(text)).hasMessageContaining("a whole number");
    }
  }
}
