package io.weir.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class ClientHelloReaderTest {

  private static final int ALPN = 16;
  private static final int VERSIONS = 43;

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void readsWhatRealClientsSend(TlsProvider client) {
    byte[] record = Hellos.record(client, "www.foobar.com", List.of("h2", "http/1.1"));
    assertThat(read(Hellos.body(record)))
        .isEqualTo(
            new ClientHello(
                "www.foobar.com", List.of("h2", "http/1.1"), 0x0304, record.length - 5, null));
  }

  @Test
  void readsOtherProtocolsInTheirOrder() {
    byte[] record =
        Hellos.record(TlsProvider.BORINGSSL, "a.b", List.of("acme-tls/1", "http/1.0", "h2"));
    assertThat(read(Hellos.body(record)).alpn()).containsExactly("acme-tls/1", "http/1.0", "h2");
    byte[] plain = Hellos.record(TlsProvider.BORINGSSL, "a.b", List.of("http/1.1"));
    assertThat(read(Hellos.body(plain)).alpn()).containsExactly("http/1.1");
    byte[] none = Hellos.record(TlsProvider.BORINGSSL, "a.b", List.of());
    assertThat(read(Hellos.body(none)).alpn()).isEmpty();
  }

  @Test
  void readsAPostQuantumKeyShare() {
    byte[] record =
        Hellos.record(
            TlsProvider.BORINGSSL,
            "www.foobar.com",
            List.of("http/1.1"),
            "X25519MLKEM768",
            "X25519");
    assertThat(record).hasSizeGreaterThan(1300); // one segment holds 1,460
    ClientHello hello = read(Hellos.body(record));
    assertThat(hello.serverName()).isEqualTo("www.foobar.com");
    assertThat(hello.length()).isEqualTo(record.length - 5);
  }

  @Test
  void leavesTheBufferAsItWas() {
    ByteBuf body = Hellos.body(Hellos.record("www.foobar.com"));
    ByteBuf before = body.copy();
    read(body);
    assertThat(body).isEqualTo(before);
  }

  @Test
  void aMessageWithoutExtensionsIsTls12WithoutAName() {
    ByteBuf whole = Hellos.body();
    assertThat(read(whole))
        .isEqualTo(new ClientHello(null, List.of(), 0x0303, whole.readableBytes() + 4, null));
    ByteBuf noList = whole.slice(0, whole.readableBytes() - 2);
    assertThat(read(noList)).isNotNull();
  }

  @Test
  void theNewestVersionIsOneOfTlsWhateverGreaseStandsBesideIt() { // RFC 8701
    assertThat(read(Hellos.body(versions(0xdada, 0x0304, 0x0303))).maxVersion()).isEqualTo(0x0304);
    assertThat(read(Hellos.body(versions(0x0303))).maxVersion()).isEqualTo(0x0303);
    assertThat(read(Hellos.body(versions(0xfafa))).maxVersion())
        .isEqualTo(0x0303); // what the message's old field says
  }

  @Test
  void namesAreComparedInLowerCaseWithoutTheFinalDot() {
    assertThat(nameOf("WWW.Foobar.COM.".getBytes(UTF_8))).isEqualTo("www.foobar.com");
    assertThat(nameOf("xn--bcher-kva.example".getBytes(UTF_8))).isEqualTo("xn--bcher-kva.example");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\nb", "a\u0000b", "b\u00fccher.de", "\u212a.com", "\u007f"})
  void aNameThatIsNoHostNameIsMalformed(String name) {
    assertThat(read(Hellos.body(Hellos.serverName(name.getBytes(UTF_8))))).isNull();
  }

  @Test
  void aNameOfMoreThan255BytesIsMalformed() {
    assertThat(nameOf("a".repeat(255).getBytes(UTF_8))).hasSize(255);
    assertThat(read(Hellos.body(Hellos.serverName(new byte[256])))).isNull();
  }

  @Test
  void twoNamesAreMalformed() { // RFC 6066 section 3
    ByteBuf name = Hellos.serverName("a.b".getBytes(UTF_8));
    assertThat(read(Hellos.body(name.copy(), name.copy()))).isNull();
    ByteBuf list =
        Unpooled.buffer()
            .writeShort(8)
            .writeByte(0)
            .writeShort(1)
            .writeByte('a')
            .writeByte(0)
            .writeShort(1)
            .writeByte('b');
    assertThat(read(Hellos.body(Hellos.extension(0, list)))).isNull();
  }

  @Test
  void protocolsAreOctets() { // RFC 7301 section 3.1
    ByteBuf list = Unpooled.buffer().writeShort(3).writeByte(2).writeByte(0xfa).writeByte(0x0a);
    assertThat(read(Hellos.body(Hellos.extension(ALPN, list))).alpn())
        .containsExactly(new String(new byte[] {(byte) 0xfa, 0x0a}, ISO_8859_1));
    ByteBuf empty = Unpooled.buffer().writeShort(1).writeByte(0);
    assertThat(read(Hellos.body(Hellos.extension(ALPN, empty)))).isNull();
  }

  @Test
  void everyCutIsMalformedAndNoneThrows() {
    ByteBuf whole = Hellos.body(Hellos.record("www.foobar.com"));
    int extensions = 2 + 32 + 1 + whole.getUnsignedByte(34);
    extensions += 2 + whole.getUnsignedShort(extensions);
    extensions += 1 + whole.getUnsignedByte(extensions);
    for (int length = 0; length < whole.readableBytes(); length++) {
      ClientHello hello = read(whole.slice(0, length));
      if (length == extensions) {
        assertThat(hello.serverName()).isNull(); // a whole message of TLS 1.2
      } else {
        assertThat(hello).as("cut at %d", length).isNull();
      }
    }
  }

  @Test
  void noBytesMakeItThrow() {
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    byte[] real = Hellos.record("www.foobar.com");
    for (int round = 0; round < 50_000; round++) {
      byte[] bytes = real.clone();
      for (int changes = random.nextInt(1, 8); changes > 0; changes--) {
        bytes[random.nextInt(9, bytes.length)] = (byte) random.nextInt();
      }
      int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length - 9) : bytes.length - 9;
      ByteBuf body = Unpooled.wrappedBuffer(bytes, 9, length);
      try {
        read(body);
        ClientHelloReader.read(body, body.readerIndex(), body.writerIndex(), true);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", round " + round, e);
      }
    }
  }

  private static ClientHello read(ByteBuf body) {
    return ClientHelloReader.read(body, body.readerIndex(), body.writerIndex(), false);
  }

  private static String nameOf(byte[] name) {
    return read(Hellos.body(Hellos.serverName(name))).serverName();
  }

  private static ByteBuf versions(int... versions) {
    ByteBuf list = Unpooled.buffer().writeByte(versions.length * 2);
    for (int version : versions) {
      list.writeShort(version);
    }
    return Hellos.extension(VERSIONS, list);
  }
}
