package io.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TicketKeyTest {

  @Test
  void aKeyOf48BytesIsNameAesHmac() {
    assertThat(parts(TicketKey.parse(numbered(48)).getFirst()))
        .isEqualTo(parts(new OpenSslSessionTicketKey(run(0), run(32), run(16))));
  }

  @Test
  void aKeyOf80BytesIsNameHmacAesOfWhichTheFirstHalvesAreUsed() {
    assertThat(parts(TicketKey.parse(numbered(80)).getFirst()))
        .isEqualTo(parts(new OpenSslSessionTicketKey(run(0), run(16), run(48))));
  }

  @Test
  void keysFollowOneAnother() {
    byte[] two = numbered(96);
    assertThat(TicketKey.parse(two))
        .containsExactly(
            TicketKey.parse(Arrays.copyOf(two, 48)).getFirst(),
            TicketKey.parse(Arrays.copyOfRange(two, 48, 96)).getFirst())
        .doesNotHaveDuplicates();
    assertThat(TicketKey.parse(numbered(160))).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 47, 49, 64, 100, 240, 480})
  void anotherSizeIsRefused(int size) {
    assertThatThrownBy(() -> TicketKey.parse(numbered(size)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(size + " bytes")
        .hasMessageContaining("(expected: keys of 48 bytes, or of 80");
  }

  @Test
  void nothingSecretIsPrinted() {
    assertThat(TicketKey.parse(numbered(48)).getFirst())
        .hasToString("TicketKey[000102030405060708090a0b0c0d0e0f]");
  }

  private static String parts(TicketKey key) {
    return parts(key.boringssl());
  }

  private static String parts(OpenSslSessionTicketKey key) {
    return Arrays.toString(key.name())
        + Arrays.toString(key.hmacKey())
        + Arrays.toString(key.aesKey());
  }

  private static byte[] numbered(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  private static byte[] run(int from) {
    return Arrays.copyOfRange(numbered(80), from, from + 16);
  }
}
