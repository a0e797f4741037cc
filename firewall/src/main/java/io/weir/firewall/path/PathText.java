package io.weir.firewall.path;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The spelling in which paths are matched. */
public final class PathText {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private PathText() {}

  /**
   * A pattern of the configuration, or a part of one, as {@link RequestTarget#path} would spell it:
   * bytes of UTF-8 as Latin-1, escapes decoded except {@code %2F}, {@code %5C} and {@code %25}. In
   * mode off escapes stay.
   */
  public static String pattern(String text, PathMode mode) {
    String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    if (mode == PathMode.OFF) {
      return bytes;
    }
    PathTokens path = PathTokens.of(bytes);
    StringBuilder spelled = new StringBuilder(bytes.length());
    for (int i = 0; i < path.length; i++) {
      appendMatched(path.tokens[i], spelled);
    }
    return spelled.toString();
  }

  /** Decoded, except what would change where the path is cut. */
  static void appendMatched(char token, StringBuilder path) {
    switch (token) {
      case PathTokens.ENCODED_SLASH, PathTokens.ENCODED_BACKSLASH, PathTokens.ENCODED_PERCENT ->
          appendEscape(token, path);
      case PathTokens.STRAY_PERCENT -> path.append("%25"); // or it might begin an escape now
      default -> path.append((char) (token & 0xff));
    }
  }

  /** As it came, except that unreserved characters are decoded (RFC 3986 §2.3). */
  static void appendForwarded(char token, StringBuilder path) {
    int c = token & 0xff;
    boolean raw = token < PathTokens.ENCODED && c < 0x80;
    if (raw || isUnreserved(c)) {
      path.append((char) c);
    } else {
      appendEscape(token, path);
    }
  }

  private static void appendEscape(char token, StringBuilder path) {
    path.append('%').append(HEX.toHexDigits((byte) token));
  }

  private static boolean isUnreserved(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~';
  }
}
