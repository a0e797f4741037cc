package io.weir.tls;

/** Server names as they are compared: ASCII, lower case, without the dot of the root. */
final class ServerNames {

  private ServerNames() {}

  /** The name itself if it is normal already, so that the usual look-up allocates nothing. */
  static String normal(String name) {
    int length = name.length();
    while (length > 1 && name.charAt(length - 1) == '.') {
      length--;
    }
    String rootless = name.substring(0, length); // itself where nothing is cut
    for (int i = 0; i < length; i++) {
      if (isUpper(rootless.charAt(i))) {
        return lower(rootless);
      }
    }
    return rootless;
  }

  // Not String.toLowerCase: it maps some letters outside ASCII (the Kelvin sign) into it.
  private static String lower(String name) {
    char[] lower = name.toCharArray();
    for (int i = 0; i < lower.length; i++) {
      if (isUpper(lower[i])) {
        lower[i] = (char) (lower[i] + ('a' - 'A'));
      }
    }
    return new String(lower);
  }

  private static boolean isUpper(char c) {
    return c >= 'A' && c <= 'Z';
  }
}
