package io.weir.metrics;

/** The words of the label {@code method}: the nine known methods and {@code _OTHER}. */
public final class MethodLabel {
  // By length, so that index() compares a name with two candidates at most.
  private static final String[] WORDS = {
    "GET", "PUT", "HEAD", "POST", "PATCH", "TRACE", "DELETE", "CONNECT", "OPTIONS", "_OTHER"
  };

  /** Number of words, {@code _OTHER} included; it is the last one. */
  static final int COUNT = WORDS.length;

  private static final int OTHER = COUNT - 1;

  private MethodLabel() {}

  /** Index of a method's name; methods are case-sensitive (RFC 9110 section 9.1). */
  public static int index(CharSequence method) {
    return switch (method.length()) {
      case 3 -> either(0, 1, method);
      case 4 -> either(2, 3, method);
      case 5 -> either(4, 5, method);
      case 6 -> either(6, 6, method);
      case 7 -> either(7, 8, method);
      default -> OTHER;
    };
  }

  /** The word as exported. */
  public static String word(int index) {
    return WORDS[index];
  }

  private static int either(int first, int second, CharSequence method) {
    if (WORDS[first].contentEquals(method)) {
      return first;
    }
    return WORDS[second].contentEquals(method) ? second : OTHER;
  }
}
