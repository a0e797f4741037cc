package io.weir.firewall.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.0/24, 192.0.2.0/24",
    "192.0.2.7, 192.0.2.7/32",
    "0.0.0.0/0, 0.0.0.0/0",
    "2001:db8::/32, 2001:db8::/32",
    "::1, ::1/128",
    "::/0, ::/0",
    "8000::/1, 8000::/1",
    "2001:db8::8000:0:0:0/65, 2001:db8:0:0:8000::/65",
    "::ffff:10.0.0.0/104, 10.0.0.0/8",
    "::ffff:0:0/96, 0.0.0.0/0",
  })
  void isRead(String text, String canonical) {
    assertThat(Cidr.parse(text)).hasToString(canonical);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1/8, 10.0.0.0/8",
    "192.0.2.129/25, 192.0.2.128/25",
    "2001:db8::1/32, 2001:db8::/32",
    "2001:db8::1/127, 2001:db8::/127",
    "1.1.1.1/0, 0.0.0.0/0",
  })
  void bitsOutsideOfThePrefixAreRefusedWithTheRightPrefix(String text, String right) {
    assertThatThrownBy(() -> Cidr.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: " + right);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/8/8", "10.0.0/8",
            "10/8",
        "::/129", "office", "", "/8", "10.0.0.0/255.0.0.0", "10.0.0.0 /8", "::ffff:0:0/80"
      })
  void otherNotationsAreRefused(String text) {
    assertThatThrownBy(() -> Cidr.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "192.0.2.0/", "::ffff:192.0.2.0/"})
  void aLongLineIsNotSaidWhole(String begin) {
    assertThatThrownBy(() -> Cidr.parse(begin + "9".repeat(1 << 20)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(begin + "999")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
  }
}
