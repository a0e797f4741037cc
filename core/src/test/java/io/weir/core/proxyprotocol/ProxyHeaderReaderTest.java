package io.weir.core.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.weir.core.proxyprotocol.ProxyHeader.Known;
import io.weir.core.proxyprotocol.ProxyHeaderReader.Result;
import io.weir.firewall.address.ClientAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderReaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String INET = "c6336416" + "cb007107" + "8b3e" + "01bb";
  private static final String INET6 =
      "20010db8000000000000000000000001" + "20010db8000000000000000000000002" + "0001" + "ffff";
  private static final Known V4 = known("198.51.100.22", 35646, "203.0.113.7", 443);
  private static final Known V6 = known("2001:db8::1", 1, "2001:db8::2", 65535);

  private static Known known(String source, int sourcePort, String to, int toPort) {
    return new Known(ClientAddress.parse(source), sourcePort, ClientAddress.parse(to), toPort);
  }

  private static ByteBuf text(String text) {
    return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static byte[] hex(String hex) {
    return ByteBufUtil.decodeHexDump(hex);
  }

  /** A header of version 2 whose length is that of the body. */
  private static byte[] binary(String command, String family, String body) {
    return hex(SIGNATURE + command + family + "%04x".formatted(body.length() / 2) + body);
  }

  private static Result read(byte[] bytes) {
    return ProxyHeaderReader.read(Unpooled.wrappedBuffer(bytes));
  }

  private static void isComplete(byte[] bytes, ProxyHeader expected) {
    byte[] followed = Arrays.copyOf(bytes, bytes.length + 20);
    assertThat(read(followed)).isEqualTo(new Result.Complete(expected, bytes.length));
    for (int length = 0; length < bytes.length; length++) {
      assertThat(read(Arrays.copyOf(bytes, length)))
          .as("its first %d bytes", length)
          .isEqualTo(Result.INCOMPLETE);
    }
  }

  private static void isLine(String line, ProxyHeader expected) {
    isComplete(line.getBytes(StandardCharsets.ISO_8859_1), expected);
  }

  @Test
  void linesAreRead() {
    isLine("PROXY TCP4 198.51.100.22 203.0.113.7 35646 443\r\n", V4);
    isLine("PROXY TCP6 2001:db8::1 2001:DB8:0::2 1 65535\r\n", V6);
    isLine(
        "PROXY TCP6 ::ffff:198.51.100.22 2001:db8::2 0 0\r\n",
        known("198.51.100.22", 0, "2001:db8::2", 0));
    isLine("PROXY UNKNOWN\r\n", ProxyHeader.UNKNOWN);
    isLine("PROXY UNKNOWN whatever 1  2\r\n", ProxyHeader.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 \r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 3\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1\r\n",
        "PROXY TCP4  1.2.3.4 5.6.7.8 1 2\r\n",
        "PROXY TCP4\t1.2.3.4 5.6.7.8 1 2\r\n",
        "PROXY  TCP4 1.2.3.4 5.6.7.8 1 2\r\n",
        " PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n",
        "proxy TCP4 1.2.3.4 5.6.7.8 1 2\r\n",
        "PROXY tcp4 1.2.3.4 5.6.7.8 1 2\r\n",
        "PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n",
        "PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n",
        "PROXY TCP6 1.2.3.4 5.6.7.8 1 2\r\n",
        "PROXY TCP4 01.2.3.4 5.6.7.8 1 2\r\n",
        "PROXY TCP4 1.2.3 5.6.7.8 1 2\r\n",
        "PROXY TCP4 1.2.3.4 localhost 1 2\r\n",
        "PROXY TCP6 [2001:db8::1] 2001:db8::2 1 2\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 65536 2\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 01 2\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 00 2\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 +1 2\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 -1 2\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1 \r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r \n",
        "PROXY TCP4 1.2.3.4\r5.6.7.8 1 2\r\n",
        "PROXY \r\n",
        "PROXY \n",
        "PROXY\r\n",
        "PROXYUNKNOWN\r\n",
        "PROXY UNKNOWNX\r\n",
        "GET / HTTP/1.1\r\n",
        "\u0016\u0003\u0001"
      })
  void otherLinesAreNot(String line) {
    assertThat(ProxyHeaderReader.read(text(line))).isEqualTo(Result.MALFORMED);
  }

  @Test
  void aLineIsBounded() {
    String longest = "PROXY UNKNOWN " + "f".repeat(91) + "\r\n";
    assertThat(longest).hasSize(ProxyHeaderReader.MAX_LINE);
    isLine(longest, ProxyHeader.UNKNOWN);
    assertThat(ProxyHeaderReader.read(text("PROXY UNKNOWN " + "f".repeat(93))))
        .isEqualTo(Result.MALFORMED);
    assertThat(ProxyHeaderReader.read(text("PROXY UNKNOWN " + "f".repeat(92) + "\r\n")))
        .isEqualTo(Result.MALFORMED);
  }

  @Test
  void binaryHeadersAreRead() {
    isComplete(binary("21", "11", INET), V4);
    isComplete(binary("21", "12", INET), V4);
    isComplete(binary("21", "21", INET6), V6);
    isComplete(binary("21", "22", INET6), V6);
    isComplete(binary("21", "31", "2f61".repeat(108)), ProxyHeader.UNKNOWN);
    isComplete(binary("21", "32", "2f61".repeat(108)), ProxyHeader.UNKNOWN);
    isComplete(binary("21", "00", ""), ProxyHeader.UNKNOWN);
    isComplete(binary("21", "00", "01ffff"), ProxyHeader.UNKNOWN);
    isComplete(binary("20", "00", ""), ProxyHeader.LOCAL);
    isComplete(binary("20", "11", INET), ProxyHeader.LOCAL);
    isComplete(binary("20", "11", "0102"), ProxyHeader.LOCAL);
    isComplete(binary("20", "4f", "0102"), ProxyHeader.LOCAL);
    isComplete(
        binary("21", "21", "00000000000000000000ffffc6336416" + INET6.substring(32)),
        known("198.51.100.22", 1, "2001:db8::2", 65535));
  }

  @Test
  void tlvsAreSkippedIfTheyFit() {
    isComplete(binary("21", "11", INET + "010002" + "6832" + "04" + "0000" + "ea0001" + "ff"), V4);
    for (String tlvs :
        new String[] {"01", "0100", "010001", "010003" + "6832", "0400" + "00" + "01"}) {
      assertThat(read(binary("21", "11", INET + tlvs))).as(tlvs).isEqualTo(Result.MALFORMED);
    }
  }

  @Test
  void aChecksumMustBeRight() {
    for (String before : new String[] {"", "010002" + "6832"}) {
      for (String after : new String[] {"", "ea0003" + "010203"}) {
        byte[] header = binary("21", "11", INET + before + "030004" + "00000000" + after);
        CRC32C crc = new CRC32C();
        crc.update(header);
        int at = 16 + 12 + before.length() / 2 + 3;
        ByteBuffer.wrap(header).putInt(at, (int) crc.getValue());
        isComplete(header, V4);
        for (int i = 16; i < header.length; i++) {
          if (i >= at - 3 && i < at) {
            continue; // then it is no checksum any more
          }
          byte[] damaged = header.clone();
          damaged[i] ^= 1;
          assertThat(read(damaged)).as("damaged at %d", i).isEqualTo(Result.MALFORMED);
        }
      }
    }
    assertThat(read(binary("21", "11", INET + "030003" + "000000"))).isEqualTo(Result.MALFORMED);
  }

  @Test
  void whatIsNotDefinedIsRefused() {
    for (String command : new String[] {"22", "2f", "11", "31", "01", "00", "ff"}) {
      assertThat(read(binary(command, "11", INET))).as(command).isEqualTo(Result.MALFORMED);
    }
    for (int family = 0; family < 256; family++) {
      boolean defined =
          switch (family) {
            case 0x00, 0x11, 0x12, 0x21, 0x22, 0x31, 0x32 -> true;
            default -> false;
          };
      Result result = read(binary("21", "%02x".formatted(family), "00".repeat(216)));
      assertThat(result.equals(Result.MALFORMED)).as("family %02x", family).isEqualTo(!defined);
    }
  }

  @Test
  void addressesMustBeThere() {
    assertThat(read(binary("21", "11", INET.substring(2)))).isEqualTo(Result.MALFORMED);
    assertThat(read(binary("21", "21", INET))).isEqualTo(Result.MALFORMED);
    assertThat(read(binary("21", "31", "00".repeat(215)))).isEqualTo(Result.MALFORMED);
  }

  @Test
  void aLengthIsBoundedBeforeItIsWaitedFor() {
    assertThat(read(hex(SIGNATURE + "2111" + "1001"))).isEqualTo(Result.MALFORMED);
    assertThat(read(hex(SIGNATURE + "2000" + "ffff"))).isEqualTo(Result.MALFORMED);
    assertThat(read(hex(SIGNATURE + "2111" + "1000"))).isEqualTo(Result.INCOMPLETE);
  }

  @Test
  void whatIsWrittenIsReadBack() {
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 20_000; round++) {
      Known header =
          new Known(address(random), random.nextInt(65536), address(random), random.nextInt(65536));
      ProxyVersion version = ProxyVersion.values()[random.nextInt(2)];
      ByteBuf out = ProxyHeaderWriter.write(UnpooledByteBufAllocator.DEFAULT, version, header);
      try {
        assertThat(ProxyHeaderReader.read(out))
            .as("seed %d, round %d", seed, round)
            .isEqualTo(new Result.Complete(header, out.readableBytes()));
      } finally {
        out.release();
      }
    }
  }

  private static ClientAddress address(SplittableRandom random) {
    return random.nextBoolean()
        ? ClientAddress.v4(random.nextInt())
        : ClientAddress.v6(random.nextLong(), random.nextLong());
  }

  @Test
  void whoCannotBeToldIsWrittenSo() {
    assertThat(written(ProxyVersion.V1, ProxyHeader.UNKNOWN)).isEqualTo("PROXY UNKNOWN\r\n");
    assertThat(written(ProxyVersion.V1, ProxyHeader.LOCAL)).isEqualTo("PROXY UNKNOWN\r\n");
    assertThat(written(ProxyVersion.V2, ProxyHeader.LOCAL)).endsWith("\n \0\0\0");
    assertThat(written(ProxyVersion.V2, ProxyHeader.UNKNOWN)).endsWith("\n!\0\0\0");
    assertThat(written(ProxyVersion.V1, V4))
        .isEqualTo("PROXY TCP4 198.51.100.22 203.0.113.7 35646 443\r\n");
  }

  private static String written(ProxyVersion version, ProxyHeader header) {
    ByteBuf out = ProxyHeaderWriter.write(UnpooledByteBufAllocator.DEFAULT, version, header);
    String text = out.toString(StandardCharsets.ISO_8859_1);
    out.release();
    return text;
  }
}
