package io.weir.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
  @ParameterizedTest
  @ValueSource(
      strings = {":8080", "10.0.0.1:80", "app-1.internal_x:65535", "[::1]:0", "[fe80::1%eth0]:80"})
  void whatIsReadIsWrittenTheSame(String text) {
    assertThat(HostPort.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "80",
        "host",
        "host:",
        "host:65536",
        "host:-1",
        "host:+1",
        "host:080000",
        "::1:80",
        "[::1:80",
        "[]:80",
        "[host]:80",
        "a b:80",
        "*:80",
        "http://host:80",
        "host:80/",
        "host:٣"
      })
  void anythingElseIsRefusedWithTheFormExpected(String text) {
    assertThatThrownBy(() -> HostPort.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("\"" + text + "\" (expected: host:port, like 10.0.1.11:8080 or [::1]:8080)");
  }

  @Test
  void bracketsAreNotPartOfTheHost() {
    assertThat(HostPort.parse("[2001:db8::1]:443")).isEqualTo(new HostPort("2001:db8::1", 443));
  }
}
