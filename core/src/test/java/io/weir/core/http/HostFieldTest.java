package io.weir.core.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an address in brackets may be: RFC 3986, section 3.2.2, without {@code IPvFuture}. */
class HostFieldTest {
  private static final int TIMES = 200_000;
  private static final String[] PIECES = {
    "::",
    "::",
    ":",
    ":",
    ":",
    "0",
    "1",
    "F",
    "ab",
    "1234",
    "00001",
    "g",
    "%",
    ".",
    "1.2.3.4",
    "255.0.10.99",
    "1.2.3.04",
    "256.1.1.1",
    "1.2.3",
    "1:2:3:4:5:",
    "1:2:3:4:5:6:",
    "::ffff:"
  };

  /** The rules of the grammar, letter by letter. */
  private static final Pattern IPV6_ADDRESS = Pattern.compile(grammar());

  private static String grammar() {
    String h16 = "[0-9A-Fa-f]{1,4}";
    String octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]|[0-9])";
    String ls32 = "(?:H:H|" + (octet + "\\.").repeat(3) + octet + ")";
    String all =
        "(?:H:){6}L"
            + "|::(?:H:){5}L"
            + "|(?:H)?::(?:H:){4}L"
            + "|(?:(?:H:){0,1}H)?::(?:H:){3}L"
            + "|(?:(?:H:){0,2}H)?::(?:H:){2}L"
            + "|(?:(?:H:){0,3}H)?::H:L"
            + "|(?:(?:H:){0,4}H)?::L"
            + "|(?:(?:H:){0,5}H)?::H"
            + "|(?:(?:H:){0,6}H)?::";
    return all.replace("L", ls32).replace("H", h16);
  }

  private static boolean isHost(String text) {
    byte[] bytes = ("x" + text + "x").getBytes(US_ASCII);
    return HostField.parse(bytes, 1, bytes.length - 1) != null;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[::]",
        "[::1]:80",
        "[64:ff9b::192.0.2.1]",
        "[2001:db8:122:344::192.0.2.33]",
        "[1:2:3:4:5:6:192.0.2.1]",
        "[::ffff:0:192.0.2.1]",
        "[1:2:3:4:5:6:7::]",
        "[1::8]"
      })
  void theseAre(String host) {
    assertThat(isHost(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "[::1.2.3.04]",
        "[::01.2.3.4]",
        "[::1.2.3.256]",
        "[1:2:3:4:5:6:7:192.0.2.1]",
        "[1:2:3:4:5:6:7:8::]",
        "[1::2::3]",
        "[fe80::1%25eth0]",
        "[v1.a:b]"
      })
  void theseAreNot(String host) {
    assertThat(isHost(host)).isFalse();
  }

  @Test
  void everyOtherIsWhatTheGrammarSays() {
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    int valid = 0;
    for (int i = 0; i < TIMES; i++) {
      StringBuilder text = new StringBuilder();
      for (int pieces = 1 + random.nextInt(12); pieces > 0; pieces--) {
        text.append(PIECES[random.nextInt(PIECES.length)]);
      }
      boolean expected = IPV6_ADDRESS.matcher(text).matches();
      valid += expected ? 1 : 0;
      assertThat(isHost("[" + text + "]")).as("seed %d: %s", seed, text).isEqualTo(expected);
    }
    assertThat(valid).as("valid ones, seed %d", seed).isGreaterThan(TIMES / 1000);
  }
}
