package io.weir.firewall.config;

/** The {@code token} of RFC 9110 section 5.6.2, the form of methods and header names. */
public final class HttpToken {
  private HttpToken() {}

  public static boolean is(String text) {
    return !text.isEmpty() && text.chars().allMatch(HttpToken::isTokenChar);
  }

  private static boolean isTokenChar(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }
}
