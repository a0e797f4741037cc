package io.weir.core.http;

/** ASCII text in byte arrays, compared and classified in place. */
public final class Ascii {
  private static final byte TOKEN = 1;
  private static final byte FIELD_VALUE = 2;
  private static final byte TARGET = 4;
  private static final byte[] CLASS = classes();

  private Ascii() {}

  private static byte[] classes() {
    byte[] table = new byte[256];
    for (int c = 0; c < 256; c++) {
      boolean alphanumeric =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      int flags = 0;
      if (alphanumeric || (c < 128 && c > ' ' && "!#$%&'*+-.^_`|~".indexOf(c) >= 0)) {
        flags |= TOKEN;
      }
      if (c == '\t' || (c >= ' ' && c != 127)) {
        flags |= FIELD_VALUE;
      }
      if (c > ' ' && c != 127) {
        flags |= TARGET;
      }
      table[c] = (byte) flags;
    }
    return table;
  }

  /** {@code tchar} of RFC 9110 section 5.6.2. */
  public static boolean isToken(byte b) {
    return (CLASS[b & 0xff] & TOKEN) != 0;
  }

  /** Whether the whole of {@code bytes[start, end)} is a token of at least one character. */
  public static boolean isToken(byte[] bytes, int start, int end) {
    for (int i = start; i < end; i++) {
      if (!isToken(bytes[i])) {
        return false;
      }
    }
    return start < end;
  }

  /** {@code field-vchar}, space or tab of RFC 9110 section 5.5, obs-text included. */
  public static boolean isFieldValue(byte b) {
    return (CLASS[b & 0xff] & FIELD_VALUE) != 0;
  }

  /** Neither a control nor a space: what a request-target may be made of, before it is read. */
  public static boolean isTarget(byte b) {
    return (CLASS[b & 0xff] & TARGET) != 0;
  }

  public static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** 0 to 15, or -1. */
  public static int hexDigit(byte b) {
    if (b >= '0' && b <= '9') {
      return b - '0';
    }
    int lower = b | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  public static byte lower(byte b) {
    return b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
  }

  /** How a name is spelled beside another. */
  enum Likeness {
    EQUAL,
    /** But for underscores in place of dashes: many backends cannot tell the two. */
    ALIKE,
    DIFFERENT
  }

  /** How {@code bytes} from {@code start} spell {@code lower} in any case; no bounds check. */
  static Likeness likeness(byte[] bytes, int start, byte[] lower) {
    Likeness likeness = Likeness.EQUAL;
    for (int i = 0; i < lower.length; i++) {
      byte b = lower(bytes[start + i]);
      if (b != lower[i]) {
        if (b != '_' || lower[i] != '-') {
          return Likeness.DIFFERENT;
        }
        likeness = Likeness.ALIKE;
      }
    }
    return likeness;
  }

  /** The same as {@link #equalsIgnoreCase}, with no difference between dashes and underscores. */
  static boolean isAlike(byte[] bytes, int start, int end, String lower) {
    if (end - start != lower.length()) {
      return false;
    }
    for (int i = 0; i < lower.length(); i++) {
      byte b = lower(bytes[start + i]);
      char c = lower.charAt(i);
      if (b != c && !((b == '_' && c == '-') || (b == '-' && c == '_'))) {
        return false;
      }
    }
    return true;
  }

  /** Whether {@code bytes[start, end)} spell {@code lower}, a lower-case text, in any case. */
  public static boolean equalsIgnoreCase(byte[] bytes, int start, int end, String lower) {
    if (end - start != lower.length()) {
      return false;
    }
    for (int i = 0; i < lower.length(); i++) {
      if (lower(bytes[start + i]) != lower.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Where {@code bytes[start, end)} begins without spaces and tabs. */
  public static int trimStart(byte[] bytes, int start, int end) {
    int i = start;
    while (i < end && (bytes[i] == ' ' || bytes[i] == '\t')) {
      i++;
    }
    return i;
  }

  /** Where it ends without them. */
  public static int trimEnd(byte[] bytes, int start, int end) {
    int i = end;
    while (i > start && (bytes[i - 1] == ' ' || bytes[i - 1] == '\t')) {
      i--;
    }
    return i;
  }
}
