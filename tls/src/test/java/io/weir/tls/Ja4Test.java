package io.weir.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Fingerprints of captured browsers, of which everybody knows the same, and each of their parts.
 */
@ExtendWith(LeakCheck.class)
class Ja4Test {
  private static final int[] GREASE = {0x0a0a, 0x3a3a, 0xfafa};
  private static final int[] NONE = {};
  private static final int[] ONE_SUITE = {0x1301};
  private static final int ALPN = 16;
  private static final int VERSIONS = 43;
  private static final int ALGORITHMS = 13;

  /** Chrome 105 with GREASE in suites, extensions, groups and versions, padded to 517 bytes. */
  private static final byte[] CHROME =
      padded(
          """
          1603010200010001fc0303b2c03e7ba990ef540c316a665d4d925f8e9079ac4b15687e587dc99016e75a6c
          20d0b0099243c9296a0c84153ea4ada7d87ad017f4211c2ea1350b0b3cc5514d5f00205a5a130113021303
          c02bc02fc02cc030cca9cca8c013c014009c009d002f003501000193fafa000000000024002200001f636f
          6e74656e742d6175746f66696c6c2e676f6f676c65617069732e636f6d0033002b00293a3a000100001d00
          20fb2cd8ef3d605b96ab03119ec4f30a6e2088cb1af86c41a81feace8706068c50000d0012001004030804
          0401050308050501080606010023\
          0000000b00020100ff01000100000a000a00083a3a001d00170018001b
          000302000244690005000302683200120000002d000201010010000e000c02683208687474702f312e3100
          0500050100000000002b0007060a0a03040303001700001a1a000100001500b8
          """);

  /** Firefox 105. */
  private static final byte[] FIREFOX =
      padded(
          """
          1603010200010001fc0303ecb2691addb2bf6c599c7aaae23de5f42561cc04eb41029acc6fc050a16ac1d2
          2046f8617b580ac9358e2aa44e306d52466bcc989c87c8ca64309f5faf50ba7b4d0022130113031302c02b
          c02fcca9cca8c02cc030c00ac009c013c014009c009d002f00350100019100000021001f00001c636f6e74
          696c652e73657276696365732e6d6f7a696c6c612e636f6d00170000ff01000100000a000e000c001d0017
          0018001901000101000b00020100002300000010000e000c02683208687474702f312e3100050005010000
          00000022000a000804030503060302030033006b0069001d00208909858fbeb6ed2f1248ba5b9e2978bead
          0e840110192c61daed0096798b184400170041044d183d91f5eed35791fa982464e3b0214aaa5f5d1b7861
          6d9b9fbebc22d11f535b2f94c686143136aa795e6e5a875d6c08064ad5b76d44caad766e2483012748002b
          00050403040303000d0018001604030503060308040805080604010501060102030201002d00020101001c
          000240010015007a
          """);

  private static byte[] padded(String hex) {
    byte[] record = new byte[517];
    byte[] start = HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    System.arraycopy(start, 0, record, 0, start.length);
    return record;
  }

  @Test
  void capturedBrowsersHaveTheFingerprintsThatEverybodyPublishes() {
    assertThat(of(Hellos.body(CHROME))).isEqualTo("t13d1516h2_8daaf6152771_e5627efa2ab1");
    assertThat(of(Hellos.body(FIREFOX))).isEqualTo("t13d1715h2_5b57614c22b0_3d5424432f57");
  }

  @Test
  void theHelloOfOneRecordAndOfManyHaveTheSame() {
    byte[] real = Hellos.record("www.foobar.com");
    String whole = of(Hellos.body(real));
    for (int size = 1; size < 40; size++) {
      assertThat(ClientHelloPeekerTest.fingerprint(Hellos.inRecordsOf(size, real)))
          .as("records of %d bytes", size)
          .isEqualTo(whole);
    }
  }

  @Test
  void aServerNameAndALoneProtocolShowInTheFirstPart() {
    String named = of(Hellos.body(Hellos.serverName("a.b".getBytes(US_ASCII))));
    assertThat(named).startsWith("t12d010100_").endsWith("_000000000000"); // names are not hashed
    assertThat(of(Hellos.body())).startsWith("t12i010000_").endsWith("_000000000000");
  }

  @Test
  void nothingIsSaidOfNoSuites() {
    assertThat(of(hello(0x0303, NONE))).isEqualTo("t12i000000_000000000000_000000000000");
    assertThat(of(hello(0x0303, GREASE))).isEqualTo("t12i000000_000000000000_000000000000");
  }

  @Test
  void moreThanNinetyNineAreNinetyNine() {
    int[] many = new int[300];
    List<ByteBuf> extensions = new ArrayList<>();
    for (int i = 0; i < many.length; i++) {
      many[i] = 0x4000 + i;
      extensions.add(Hellos.extension(0x6000 + i, Unpooled.EMPTY_BUFFER));
    }
    assertThat(of(hello(0x0303, many, extensions.toArray(ByteBuf[]::new))))
        .startsWith("t12i999900_");
  }

  @ParameterizedTest
  @CsvSource({"0304,13", "0303,12", "0302,11", "0301,10", "0300,s3", "7f1c,00"})
  void theVersionIsTheNewestOffered(String wire, String word) {
    int version = Integer.parseInt(wire, 16);
    assertThat(of(hello(0x0303, ONE_SUITE, values(VERSIONS, 1, 0xdada, version))))
        .startsWith("t" + word);
    assertThat(of(hello(version, ONE_SUITE))).as("the old field").startsWith("t" + word);
  }

  /** The examples of the specification, and the names in use. */
  @ParameterizedTest
  @CsvSource({
    "6832,h2",
    "687474702f312e31,h1",
    "61,aa",
    "ab,ab",
    "abcd,ad",
    "20,20",
    "2061,21",
    "30ab,3b",
    "3031abcd,3d",
    "30abcd31,01"
  })
  void theFirstProtocolShowsItsEnds(String hex, String word) {
    byte[] name = HexFormat.of().parseHex(hex);
    ByteBuf list =
        Unpooled.buffer()
            .writeShort(name.length + 4)
            .writeByte(name.length)
            .writeBytes(name)
            .writeByte(2)
            .writeBytes("h3".getBytes(US_ASCII));
    assertThat(of(hello(0x0303, ONE_SUITE, Hellos.extension(ALPN, list))))
        .startsWith("t12i0101" + word + "_");
  }

  @Test
  void whereThereAreNoSignatureAlgorithmsTheListOfExtensionsEndsPlainly() {
    ByteBuf groups = Hellos.extension(10, Unpooled.EMPTY_BUFFER);
    assertThat(of(hello(0x0303, ONE_SUITE, groups.copy()))).endsWith("_" + hash("000a"));
    assertThat(of(hello(0x0303, ONE_SUITE, groups, values(ALGORITHMS, 2, 0x0804, 0x0403))))
        .endsWith("_" + hash("000a,000d_0804,0403"));
  }

  /** An extension may be shorter than its lists say; a fingerprint is no place to fail. */
  @Test
  void cutListsOfAlgorithmsAreReadAsFarAsTheyGo() {
    ByteBuf empty = Hellos.extension(ALGORITHMS, Unpooled.EMPTY_BUFFER);
    assertThat(of(hello(0x0303, ONE_SUITE, empty))).endsWith("_" + hash("000d"));
    ByteBuf odd = Hellos.extension(ALGORITHMS, Unpooled.wrappedBuffer(new byte[] {0, 3, 8, 4, 5}));
    assertThat(of(hello(0x0303, ONE_SUITE, odd))).endsWith("_" + hash("000d_0804"));
  }

  @Test
  void itIsWhatTheSpecificationSaysForAnyHello() {
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 5_000; round++) {
      int[] suites = random(random, 40);
      int[] types = random(random, 40);
      int[] algorithms = random(random, 10);
      List<ByteBuf> extensions = new ArrayList<>();
      for (int type : types) {
        extensions.add(
            type == ALGORITHMS
                ? values(ALGORITHMS, 2, algorithms)
                : Hellos.extension(type, Unpooled.EMPTY_BUFFER));
      }
      assertThat(of(hello(0x0303, suites, extensions.toArray(ByteBuf[]::new))))
          .as("seed %d, round %d", seed, round)
          .isEqualTo(naive(suites, types, algorithms));
    }
  }

  /** Different values, some of them GREASE's; of extensions none that has a form of its own. */
  private static int[] random(SplittableRandom random, int most) {
    return random
        .ints(random.nextInt(most), 0, 0x10000)
        .map(value -> random.nextInt(5) == 0 ? GREASE[random.nextInt(3)] : value)
        .map(value -> random.nextInt(10) == 0 ? ALGORITHMS : value)
        .filter(value -> value != 0 && value != ALPN && value != VERSIONS)
        .distinct()
        .toArray();
  }

  private static String naive(int[] suites, int[] types, int[] algorithms) {
    List<String> knownSuites = hex(suites);
    List<String> knownTypes = hex(types);
    List<String> signed = knownTypes.contains("000d") ? hex(algorithms) : List.of();
    String list = knownTypes.stream().sorted().collect(Collectors.joining(","));
    String ending = signed.isEmpty() ? "" : "_" + String.join(",", signed);
    return "t12i%02d%02d00_%s_%s"
        .formatted(
            knownSuites.size(),
            knownTypes.size(),
            hash(knownSuites.stream().sorted().collect(Collectors.joining(","))),
            list.isEmpty() ? "000000000000" : hash(list + ending));
  }

  private static List<String> hex(int[] values) {
    List<String> known = new ArrayList<>();
    for (int value : values) {
      String hex = "%04x".formatted(value);
      if (!hex.matches("(.a)\\1")) {
        known.add(hex);
      }
    }
    return known;
  }

  private static String hash(String list) {
    if (list.isEmpty()) {
      return "000000000000";
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(list.getBytes(ISO_8859_1))).substring(0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String of(ByteBuf body) {
    return ClientHelloReader.read(body, body.readerIndex(), body.writerIndex(), true).ja4();
  }

  private static ByteBuf hello(int version, int[] suites, ByteBuf... extensions) {
    ByteBuf all = Unpooled.wrappedBuffer(extensions);
    ByteBuf hello = Unpooled.buffer().writeShort(version).writeZero(32).writeByte(0);
    hello.writeShort(2 * suites.length);
    for (int suite : suites) {
      hello.writeShort(suite);
    }
    return hello.writeByte(1).writeByte(0).writeShort(all.readableBytes()).writeBytes(all);
  }

  /** An extension that is a list of values of two bytes. */
  private static ByteBuf values(int type, int lengthBytes, int... values) {
    ByteBuf list = Unpooled.buffer();
    if (lengthBytes == 1) {
      list.writeByte(2 * values.length);
    } else {
      list.writeShort(2 * values.length);
    }
    for (int value : values) {
      list.writeShort(value);
    }
    return Hellos.extension(type, list);
  }
}
