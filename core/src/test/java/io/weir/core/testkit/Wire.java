package io.weir.core.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Bytes as text and back, one char per byte, so that a test can write any byte as a char. */
public final class Wire {
  /** Enough to see what went wrong without flooding a report. */
  private static final int SHOWN = 2_000;

  private Wire() {}

  /**
   * The bytes of a text.
   *
   * @throws IllegalArgumentException for a char above 255, which is no byte
   */
  public static byte[] bytes(String text) {
    if (text.chars().anyMatch(c -> c > 255)) {
      throw new IllegalArgumentException("not bytes: " + text + " (expected: chars up to 255)");
    }
    return text.getBytes(ISO_8859_1);
  }

  /** 127.0.0.1, and never a name for it. */
  static InetAddress loopback() {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  /** Bytes for a message: line ends and control bytes spelled out, long ones cut. */
  public static String printable(byte[] bytes) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < Math.min(bytes.length, SHOWN); i++) {
      int b = bytes[i] & 0xff;
      switch (b) {
        case '\r' -> shown.append("\\r");
        case '\n' -> shown.append("\\n\n");
        case '\t' -> shown.append("\\t");
        default -> {
          if (b < ' ' || b > '~') {
            shown.append(String.format("\\x%02x", b));
          } else {
            shown.append((char) b);
          }
        }
      }
    }
    if (bytes.length > SHOWN) {
      shown.append("… (").append(bytes.length).append(" bytes)");
    }
    return shown.toString();
  }
}
