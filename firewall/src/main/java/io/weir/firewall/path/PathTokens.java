package io.weir.firewall.path;

import java.util.Arrays;

/** A path as bytes that remember how they were spelled. */
final class PathTokens {
  /*
   * One char for each byte: the byte itself if it came raw, with ENCODED if it came as an escape,
   * with STRAY for a percent sign that begins no escape. What a byte means depends on its spelling:
   * a slash that came as %2F separates for one backend and is data for another.
   */
  static final int ENCODED = 0x100;
  static final int STRAY = 0x200;

  static final char ENCODED_SLASH = ENCODED | '/';
  static final char ENCODED_BACKSLASH = ENCODED | '\\';
  static final char ENCODED_SEMICOLON = ENCODED | ';';
  static final char ENCODED_PERCENT = ENCODED | '%';
  static final char ENCODED_DOT = ENCODED | '.';
  static final char ENCODED_SPACE = ENCODED | ' ';
  static final char ENCODED_TAB = ENCODED | '\t';
  static final char STRAY_PERCENT = STRAY | '%';

  final char[] tokens;
  final int length;

  PathTokens(char[] tokens, int length) {
    this.tokens = tokens;
    this.length = length;
  }

  /** Decodes each escape once. */
  static PathTokens of(String text) {
    char[] tokens = new char[text.length()];
    int size = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '%') {
        tokens[size++] = c;
        continue;
      }
      int value = i + 2 < text.length() ? hexByte(text.charAt(i + 1), text.charAt(i + 2)) : -1;
      if (value < 0) {
        tokens[size++] = STRAY_PERCENT;
        continue;
      }
      tokens[size++] = (char) (ENCODED | value);
      i += 2;
    }
    return new PathTokens(tokens, size);
  }

  /**
   * Decodes once more what {@code %25} left to decode, or a percent sign that began no escape until
   * what follows it was decoded; this if that was nothing.
   */
  PathTokens again() {
    char[] decoded = null;
    int size = 0;
    for (int i = 0; i < length; i++) {
      int value =
          isPercent(tokens[i]) && i + 2 < length ? hexByte(tokens[i + 1], tokens[i + 2]) : -1;
      if (value >= 0 && decoded == null) {
        decoded = Arrays.copyOf(tokens, length);
      }
      if (decoded != null) {
        decoded[size] = value < 0 ? tokens[i] : (char) (ENCODED | value);
      }
      size++;
      i += value < 0 ? 0 : 2;
    }
    return decoded == null ? this : new PathTokens(decoded, size);
  }

  boolean has(int token) {
    for (int i = 0; i < length; i++) {
      if (tokens[i] == token) {
        return true;
      }
    }
    return false;
  }

  /** Whether there is a control byte, the encoded tab apart. */
  boolean hasControl() {
    for (int i = 0; i < length; i++) {
      int c = tokens[i] & 0xff;
      if ((c < ' ' || c == 0x7f) && tokens[i] != ENCODED_TAB) {
        return true;
      }
    }
    return false;
  }

  /** Whether the path ends in white space, or would without the params of its last segment. */
  boolean endsInSpace() {
    boolean atEnd = length > 0 && isSpace(tokens[length - 1]);
    for (int i = length - 1; i > 0 && tokens[i] != '/'; i--) {
      boolean beginsParams = tokens[i] == ';' || tokens[i] == ENCODED_SEMICOLON;
      atEnd |= beginsParams && isSpace(tokens[i - 1]);
    }
    return atEnd;
  }

  static boolean isSpace(int token) {
    return token == ENCODED_SPACE || token == ENCODED_TAB;
  }

  private static boolean isPercent(int token) {
    return token == ENCODED_PERCENT || token == STRAY_PERCENT;
  }

  static boolean isDot(int token) {
    return token == '.' || token == ENCODED_DOT;
  }

  /** The byte that two hexadecimal digits spell, however they were spelled themselves, or -1. */
  static int hexByte(int high, int low) {
    int upper = hexDigit(high);
    int lower = hexDigit(low);
    return upper < 0 || lower < 0 ? -1 : (upper << 4) | lower;
  }

  static int hexDigit(int token) {
    return token >= STRAY || (token & 0xff) > 'f' ? -1 : Character.digit(token & 0xff, 16);
  }
}
