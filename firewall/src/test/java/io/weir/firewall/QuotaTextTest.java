package io.weir.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.LimitConfig;
import io.weir.firewall.config.Rate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotaTextTest {
  private static LimitConfig limit(String rate, long burst) {
    return new LimitConfig(List.of(new KeyPart.Ip()), Rate.parse(rate), burst);
  }

  @ParameterizedTest
  @CsvSource({
    "5/min, 5, 5, 60",
    "100/s, 200, 200, 2",
    "100/s, 100, 100, 1",
    "1000/h, 10, 10, 36",
    "100/s, 1, 1, 1", // seconds are whole
    "1/d, 10000, 10000, 864000000",
  })
  void aQuotaIsWhatMayComeAtOnceAndItsWindowUntilAsMuchIsBack(
      String rate, long burst, long quota, long window) {
    assertThat(new QuotaText("x", limit(rate, burst)).policy())
        .isEqualTo("\"x\";q=" + quota + ";w=" + window);
  }

  @Test
  void aNameIsAStringWhateverIsInIt() {
    assertThat(new QuotaText("a\"b\\cé\n", limit("5/min", 5)).policy())
        .startsWith("\"a\\\"b\\\\c??\";q=5");
  }

  @Test
  void whereAKeyStandsIsRoundedToItsDisadvantage() {
    StringBuilder text = new StringBuilder();
    new QuotaText("x", limit("5/min", 5)).appendState(4, Duration.ofMillis(11_001).toNanos(), text);
    assertThat(text).hasToString("\"x\";r=4;t=12");
  }

  @Test
  void connectionsGetNoAnswerToPutItOn() {
    LimitConfig told =
        new LimitConfig(List.of(), Rate.parse("5/min"), 5, LimitConfig.Per.REQUEST, null, true);
    assertThatThrownBy(told::perConnection)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("headers: true (expected: false with per: connection");
  }
}
