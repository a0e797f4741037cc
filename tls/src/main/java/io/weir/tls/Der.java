package io.weir.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** The little of ASN.1 DER (X.690) that wrapping old key formats and making a certificate needs. */
final class Der {

  static final int INTEGER = 0x02;
  static final int BIT_STRING = 0x03;
  static final int OCTET_STRING = 0x04;
  static final int OBJECT_IDENTIFIER = 0x06;
  static final int SEQUENCE = 0x30;

  private static final int LONGEST_LENGTH = 4; // octets; more would be a value above 4 GiB

  private Der() {}

  /** One tag, length and value; its {@code content} is the value. */
  static final class Element {
    final int tag;
    final byte[] content;

    Element(int tag, byte[] content) {
      this.tag = tag;
      this.content = content;
    }

    /** The element as it is written: tag, length, value. */
    byte[] encoded() {
      return element(tag, content);
    }
  }

  static byte[] element(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
    out.write(tag);
    writeLength(out, length);
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  static byte[] sequence(byte[]... parts) {
    return element(SEQUENCE, parts);
  }

  static byte[] set(byte[]... parts) {
    return element(0x31, parts);
  }

  static byte[] integer(BigInteger value) {
    return element(INTEGER, value.toByteArray());
  }

  static byte[] bool(boolean value) {
    return element(0x01, new byte[] {(byte) (value ? 0xff : 0)});
  }

  static byte[] octets(byte[] content) {
    return element(OCTET_STRING, content);
  }

  /** A bit string of whole octets. */
  static byte[] bits(byte[] content) {
    return element(BIT_STRING, new byte[] {0}, content);
  }

  static byte[] nothing() {
    return element(0x05);
  }

  static byte[] oid(String dotted) {
    String[] arcs = dotted.split("\\.", -1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
    for (int i = 2; i < arcs.length; i++) {
      writeBase128(out, Integer.parseInt(arcs[i]));
    }
    return element(OBJECT_IDENTIFIER, out.toByteArray());
  }

  /**
   * The elements that follow one another in {@code encoded}.
   *
   * @throws IllegalArgumentException if it is not DER
   */
  static List<Element> read(byte[] encoded) {
    List<Element> elements = new ArrayList<>();
    int at = 0;
    while (at < encoded.length) {
      int tag = encoded[at++] & 0xff;
      int length = at < encoded.length ? encoded[at++] & 0xff : -1;
      if (length >= 0x80) {
        int octets = length & 0x7f; // 0 would be BER's indefinite form
        length = octets > 0 && octets <= LONGEST_LENGTH && octets <= encoded.length - at ? 0 : -1;
        for (int i = 0; length >= 0 && i < octets; i++) {
          length = (length << 8) | (encoded[at++] & 0xff);
        }
      }
      if (length < 0 || length > encoded.length - at) {
        throw new IllegalArgumentException("cut short at byte " + at);
      }
      byte[] content = new byte[length];
      System.arraycopy(encoded, at, content, 0, length);
      elements.add(new Element(tag, content));
      at += length;
    }
    return elements;
  }

  private static void writeLength(ByteArrayOutputStream out, int length) {
    if (length < 0x80) {
      out.write(length);
      return;
    }
    int octets = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
    out.write(0x80 | octets);
    for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) {
      out.write(length >> shift);
    }
  }

  private static void writeBase128(ByteArrayOutputStream out, int value) {
    for (int shift = 28; shift > 0; shift -= 7) {
      if (value >> shift != 0) {
        out.write(0x80 | (value >> shift));
      }
    }
    out.write(value & 0x7f);
  }
}
