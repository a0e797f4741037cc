package io.weir.firewall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StatusRangeTest {
  @Test
  void aRangeIsOneStatusOrTwo() {
    assertThat(StatusRange.parse("204")).isEqualTo(new StatusRange(204, 204)).hasToString("204");
    assertThat(StatusRange.parse("200-399")).isEqualTo(new StatusRange(200, 399));
    assertThatThrownBy(() -> StatusRange.parse("2xx")).hasMessageContaining("200-399");
    assertThatThrownBy(() -> StatusRange.parse("399-200")).hasMessageContaining("smaller first");
    assertThatThrownBy(() -> StatusRange.parse("600")).hasMessageContaining("100 to 599");
  }

  @Test
  void itHoldsItsEnds() {
    StatusRange good = new StatusRange(200, 399);
    assertThat(good.holds(200)).isTrue();
    assertThat(good.holds(399)).isTrue();
    assertThat(good.holds(199)).isFalse();
    assertThat(good.holds(400)).isFalse();
  }
}
