package io.weir.tls;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Gathers the JA4 fingerprint of a TLS client (FoxIO's specification, 2023) while its ClientHello
 * is read. The message must be well-formed; its reader sees to that.
 */
final class Ja4 {

  /*
   *   t13d1516h2_8daaf6152771_e5627efa2ab1
   *   |||  |  |  |            '- extensions, sorted, without server name and ALPN, then '_' and
   *   |||  |  |  |               signature algorithms in their order: SHA-256, 12 digits of it
   *   |||  |  |  '- cipher suites, sorted: SHA-256, 12 digits of it
   *   |||  |  '- first and last character of the first protocol of ALPN
   *   |||  '- number of cipher suites, number of extensions
   *   ||'- d: it named a server, i: it did not
   *   |'- the newest version that it offers
   *   '- t: over TCP
   *
   * What GREASE (RFC 8701) strews in counts nowhere. Sorting makes the fingerprint outlive browsers
   * that shuffle their extensions.
   */

  private static final int SERVER_NAME = 0;
  private static final int SIGNATURE_ALGORITHMS = 13;
  private static final int ALPN = 16;
  private static final int SUPPORTED_VERSIONS = 43;

  private static final int MOST_COUNTED = 99; // two digits
  private static final int HASH_DIGITS = 12;
  private static final String NOTHING = "000000000000"; // the hash of no values
  private static final HexFormat HEX = HexFormat.of();

  private final ByteBuf in;
  private int version;
  private boolean named;
  private char firstOfAlpn = '0';
  private char lastOfAlpn = '0';
  private char[] suites = {};
  private char[] extensions = new char[32]; // browsers send some 16
  private int extensionCount;
  private char[] algorithms = {};

  /** Of the message in that buffer, which is borrowed. */
  Ja4(ByteBuf in) {
    this.in = in;
  }

  /** The version field, which holds where there is no extension for it. */
  void version(int legacy) {
    version = legacy;
  }

  /** The cipher suites, which lie between these indexes. */
  void suites(int from, int to) {
    suites = values(from, to);
    Arrays.sort(suites);
  }

  /** An extension whose content lies between these indexes. */
  void extension(int type, int from, int to) {
    if (isGrease(type)) {
      return;
    }
    if (extensionCount == extensions.length) {
      extensions = Arrays.copyOf(extensions, 2 * extensions.length);
    }
    extensions[extensionCount++] = (char) type;
    switch (type) {
      case SERVER_NAME -> named = true;
      case SIGNATURE_ALGORITHMS -> algorithms = values(Math.min(from + 2, to), to);
      case ALPN -> protocol(from + 3, in.getUnsignedByte(from + 2));
      case SUPPORTED_VERSIONS -> newest(from + 1, to);
      default -> {}
    }
  }

  /** All values of two bytes but those of GREASE. */
  private char[] values(int from, int to) {
    char[] values = new char[(to - from) / 2];
    int count = 0;
    for (int at = from; at + 2 <= to; at += 2) {
      int value = in.getUnsignedShort(at);
      if (!isGrease(value)) {
        values[count++] = (char) value;
      }
    }
    return count == values.length ? values : Arrays.copyOf(values, count);
  }

  private static boolean isGrease(int value) {
    return (value & 0x0f0f) == 0x0a0a && value >>> 8 == (value & 0xff);
  }

  private void newest(int from, int to) {
    int newest = 0;
    for (char offered : values(from, to)) {
      newest = Math.max(newest, offered);
    }
    version = newest;
  }

  /** Letters and digits stand for themselves, other bytes for a digit of their hexadecimal form. */
  private void protocol(int at, int length) {
    int first = in.getUnsignedByte(at);
    int last = in.getUnsignedByte(at + length - 1);
    boolean plain = isLetterOrDigit(first) && isLetterOrDigit(last);
    firstOfAlpn = plain ? (char) first : Character.forDigit(first >>> 4, 16);
    lastOfAlpn = plain ? (char) last : Character.forDigit(last & 0xf, 16);
  }

  private static boolean isLetterOrDigit(int b) {
    return (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
  }

  /** The fingerprint, 36 characters. */
  String text() {
    Arrays.sort(extensions, 0, extensionCount);
    StringBuilder text = new StringBuilder(36).append('t').append(versionWord());
    text.append(named ? 'd' : 'i');
    count(suites.length, text);
    count(extensionCount, text);
    text.append(firstOfAlpn).append(lastOfAlpn).append('_');
    text.append(suites.length == 0 ? NOTHING : hash(list(suites, suites.length)));
    return text.append('_').append(hashOfExtensions()).toString();
  }

  private String versionWord() {
    return switch (version) {
      case 0x0304 -> "13";
      case 0x0303 -> "12";
      case 0x0302 -> "11";
      case 0x0301 -> "10";
      case 0x0300 -> "s3";
      default -> "00";
    };
  }

  private static void count(int number, StringBuilder text) {
    int shown = Math.min(number, MOST_COUNTED);
    text.append((char) ('0' + shown / 10)).append((char) ('0' + shown % 10));
  }

  private String hashOfExtensions() {
    char[] hashed = new char[extensionCount];
    int count = 0;
    for (int i = 0; i < extensionCount; i++) {
      if (extensions[i] != SERVER_NAME && extensions[i] != ALPN) {
        hashed[count++] = extensions[i];
      }
    }
    if (count == 0) {
      return NOTHING;
    }
    StringBuilder list = list(hashed, count);
    if (algorithms.length > 0) {
      list.append('_').append(list(algorithms, algorithms.length));
    }
    return hash(list);
  }

  /** {@code 1301,1302,c02b}. */
  private static StringBuilder list(char[] values, int count) {
    StringBuilder list = new StringBuilder(5 * count);
    for (int i = 0; i < count; i++) {
      list.append(i == 0 ? "" : ",").append(HEX.toHexDigits(values[i]));
    }
    return list;
  }

  private static String hash(StringBuilder list) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(list.toString().getBytes(StandardCharsets.US_ASCII));
      return HEX.formatHex(hash, 0, HASH_DIGITS / 2);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
