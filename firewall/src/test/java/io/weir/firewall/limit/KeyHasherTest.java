package io.weir.firewall.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyHasherTest {
  private static final long KEY0 = 0x0706050403020100L; // the reference vectors' key
  private static final long KEY1 = 0x0f0e0d0c0b0a0908L;

  @Test
  void isSipHash24() {
    KeyHasher hasher = new KeyHasher();
    hasher.begin(KEY0, KEY1);
    assertThat(hasher.finish()).isEqualTo(Long.reverseBytes(0x310e0edd47db6f72L));
    hasher.begin(KEY0, KEY1);
    hasher.add(0x0706050403020100L);
    assertThat(hasher.finish()).isEqualTo(Long.reverseBytes(0x6224939a79f5f593L));
  }

  @Test
  void partsDoNotRunIntoEachOther() {
    assertThat(hash("ab", "c")).isNotEqualTo(hash("a", "bc"));
    assertThat(hash("", "x")).isNotEqualTo(hash("x", ""));
    assertThat(hash("\0\0", "")).isNotEqualTo(hash("\0", ""));
    assertThat(hash("abcd", "e")).isEqualTo(hash("abcd", "e"));
  }

  private static long hash(String one, String two) {
    KeyHasher hasher = new KeyHasher();
    hasher.begin(KEY0, KEY1);
    hasher.add(one);
    hasher.add(two);
    return hasher.finish();
  }
}
