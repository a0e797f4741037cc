package io.weir.core.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Field blocks (RFC 7541) written by hand, and the codec's decoder for those that come back. */
public final class HpackText {
  private static final int MOST_HEADERS = 1 << 20;

  private final DefaultHttp2HeadersDecoder decoder =
      new DefaultHttp2HeadersDecoder(false, false, MOST_HEADERS);

  /** Names and values in turn, each a literal that no table keeps. */
  public static byte[] literals(String... fields) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i++) {
      if (i % 2 == 0) {
        block.write(0);
      }
      byte[] text = Wire.bytes(fields[i]);
      length(text.length, block);
      block.writeBytes(text);
    }
    return block.toByteArray();
  }

  /** A literal that the table keeps: from then on {@code 0xbe} stands for it. */
  public static byte[] kept(String name, String value) {
    byte[] literal = literals(name, value);
    literal[0] = 0x40;
    return literal;
  }

  private static void length(int value, ByteArrayOutputStream block) {
    if (value < 127) {
      block.write(value);
      return;
    }
    block.write(127);
    int rest = value - 127;
    for (; rest >= 128; rest >>>= 7) {
      block.write((rest & 127) | 128);
    }
    block.write(rest);
  }

  /** Several blocks as one. */
  public static byte[] together(byte[]... blocks) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] block : blocks) {
      all.writeBytes(block);
    }
    return all.toByteArray();
  }

  public static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  Headers decode(byte[] block) {
    ByteBuf bytes = Unpooled.wrappedBuffer(block);
    try {
      List<Header> lines = new ArrayList<>();
      decoder
          .decodeHeaders(1, bytes)
          .forEach(entry ->
              lines.add(new Header(entry.getKey().toString(), entry.getValue().toString())));
      return new Headers(lines);
    } catch (Http2Exception e) {
      throw new AssertionError("a field block that cannot be decoded", e);
    }
  }
}
