package io.weir.firewall.address;

import static org.assertj.core.api.Assertions.assertThat;

import inet.ipaddr.IPAddressString;
import inet.ipaddr.ipv6.IPv6Address;
import io.weir.firewall.testing.Luck;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressTest {
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 0.0.0.0",
    "255.255.255.255, 255.255.255.255",
    "192.0.2.7, 192.0.2.7",
    "::, ::",
    "::1, ::1",
    "1::, 1::",
    "2001:DB8::00a, 2001:db8::a",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:db8::1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
    "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
    "::ffff:192.0.2.1, 192.0.2.1",
    "::FFFF:c000:201, 192.0.2.1",
    "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
    "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
    "::1.2.3.4, ::102:304",
  })
  void isWrittenInItsCanonicalForm(String text, String canonical) {
    assertThat(ClientAddress.parse(text)).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        ":",
        ":::",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.010",
        "0x1.2.3.4",
        "1.2.3.4 ",
        " 1.2.3.4",
        "1.2.3.4:80",
        "1..2.3",
        ".1.2.3",
        "1.2.3.",
        "1.2.3.-4",
        "+1.2.3.4",
        "1.2.3.1000",
        "::1%eth0",
        "[::1]",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "12345::",
        "::g",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        ":1::2",
        "1::2:",
        "1:2:3:4:5:6:7:1.2.3.4",
        "::1.2.3",
        "::1.2.3.4:5",
        "::01.2.3.4",
        "\u0661.2.3.4",
        "::\uff11",
        "1.2.3.4/32",
        "999999999999",
        "3232235521"
      })
  void whatIsNotAnAddressIsNotGuessed(String text) {
    assertThat(ClientAddress.parse(text)).isNull();
  }

  @Test
  void bytesAndTextAgreeWithAnotherImplementation() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(bytes);
      for (int b = 0; b < bytes.length; b += 2) { // zero groups are what is hard to write
        if (random.nextInt(3) == 0) {
          bytes[b] = 0;
          bytes[b + 1] = 0;
        }
      }
      inet.ipaddr.IPAddress theirs =
          bytes.length == 4 ? new inet.ipaddr.ipv4.IPv4Address(bytes) : new IPv6Address(bytes);
      ClientAddress ours = ClientAddress.ofBytes(bytes);
      if (ours.isV6() == (bytes.length == 16)) {
        assertThat(ours.toString()).as("seed %d", seed).isEqualTo(theirs.toCanonicalString());
      }
      assertThat(ClientAddress.parse(theirs.toCanonicalString()))
          .as("seed %d", seed)
          .isEqualTo(ours);
      if (bytes.length == 16) {
        assertThat(ClientAddress.parse(theirs.toFullString())).as("seed %d", seed).isEqualTo(ours);
      }
    }
  }

  @Test
  void randomTextIsReadOnlyIfAnotherImplementationReadsIt() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    String alphabet = "::::..0123af1";
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(3, 16);
      for (int c = 0; c < length; c++) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      ClientAddress ours = ClientAddress.parse(text);
      if (ours != null) {
        inet.ipaddr.IPAddress theirs = new IPAddressString(text.toString()).getAddress();
        assertThat(theirs).as("seed %d, %s", seed, text).isNotNull();
        assertThat(ours)
            .as("seed %d, %s", seed, text)
            .isEqualTo(ClientAddress.ofBytes(theirs.getBytes()));
      }
    }
  }

  @Test
  void aMappedAddressIsTheIpv4Address() {
    byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};
    assertThat(ClientAddress.ofBytes(mapped)).isEqualTo(ClientAddress.parse("10.0.0.1"));
    assertThat(ClientAddress.ofBytes(mapped).isV6()).isFalse();
  }

  @Test
  void oneClientOfIpv6IsASlash64() {
    ClientAddress one = ClientAddress.parse("2001:db8:1:2::1");
    ClientAddress two = ClientAddress.parse("2001:db8:1:2:ffff::9");
    ClientAddress other = ClientAddress.parse("2001:db8:1:3::1");
    assertThat(one.network64()).isEqualTo(two.network64()).isNotEqualTo(other.network64());
  }
}
