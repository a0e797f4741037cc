package io.weir.daemon.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One line in the making: bytes appended without garbage, once it has grown to the longest line.
 *
 * <p>Text of strangers goes through {@link #json} or {@link #quoted}, which let no control byte, no
 * quote and no byte above ASCII through as it is, and which cut after {@link #MAX_FIELD}
 * characters: with a handful of such fields the buffer is bounded.
 */
final class LineBuffer {
  /** A longer field is cut and ends in dots: enough for every honest target and user agent. */
  static final int MAX_FIELD = 4096;

  /** What a field that was cut ends in. */
  static final String DOTS = "...";

  private static final byte[] CUT = ascii(DOTS);
  private static final byte[] HEX = ascii("0123456789abcdef");

  /** The most that one character becomes: a backslash, u and four digits. */
  private static final int MAX_ESCAPE = 6;

  private byte[] bytes = new byte[1024];
  private int length;

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  LineBuffer clear() {
    length = 0;
    return this;
  }

  LineBuffer put(char ascii) {
    reserve(1);
    bytes[length++] = (byte) ascii;
    return this;
  }

  LineBuffer put(byte[] text) {
    return put(text, text.length);
  }

  LineBuffer put(byte[] text, int count) {
    reserve(count);
    System.arraycopy(text, 0, bytes, length, count);
    length += count;
    return this;
  }

  /** A number that is not negative, in decimal. */
  LineBuffer put(long number) {
    int digits = 1;
    for (long rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    return put(number, digits);
  }

  /** The last {@code digits} decimal digits of a number, with leading zeros. */
  LineBuffer put(long number, int digits) {
    reserve(digits);
    long rest = number;
    for (int i = length + digits - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    return this;
  }

  /** Milliseconds with three decimals. */
  LineBuffer millis(long nanos) {
    long micros = nanos / 1000;
    return put(micros / 1000).put('.').put(micros % 1000, 3);
  }

  /** The inside of a JSON string (RFC 8259 section 7), in ASCII. */
  LineBuffer json(CharSequence text, int from, int to) {
    int end = Math.min(to, from + MAX_FIELD);
    reserve((end - from) * MAX_ESCAPE);
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c < 127 && c != '"' && c != '\\') {
        bytes[length++] = (byte) c;
      } else if (c == '"' || c == '\\') {
        bytes[length++] = '\\';
        bytes[length++] = (byte) c;
      } else {
        bytes[length++] = '\\';
        bytes[length++] = 'u';
        twoDigits(c >>> 8);
        twoDigits(c);
      }
    }
    return end < to ? put(CUT) : this;
  }

  LineBuffer json(CharSequence text) {
    return json(text, 0, text.length());
  }

  /** The inside of a quoted field of the combined format, escaped as Apache does. */
  LineBuffer quoted(CharSequence text) {
    int end = Math.min(text.length(), MAX_FIELD);
    reserve(end * MAX_ESCAPE);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c < 127 && c != '"' && c != '\\') {
        bytes[length++] = (byte) c;
      } else {
        bytes[length++] = '\\';
        switch (c) {
          case '"', '\\' -> bytes[length++] = (byte) c;
          case '\b' -> bytes[length++] = 'b';
          case '\t' -> bytes[length++] = 't';
          case '\n' -> bytes[length++] = 'n';
          case 0x0B -> bytes[length++] = 'v';
          case '\f' -> bytes[length++] = 'f';
          case '\r' -> bytes[length++] = 'r';
          default -> {
            bytes[length++] = 'x';
            twoDigits(c); // characters from the wire are bytes
          }
        }
      }
    }
    return end < text.length() ? put(CUT) : this;
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void twoDigits(int value) {
    bytes[length++] = HEX[(value >>> 4) & 0xF];
    bytes[length++] = HEX[value & 0xF];
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
    }
  }

  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.US_ASCII);
  }
}
