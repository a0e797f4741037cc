package io.weir.core.config;

import java.util.Locale;
import java.util.regex.Pattern;

/** Names of hosts as routes and relays know them: exact, or {@code *.} for any name below. */
final class HostPattern {
  private static final Pattern FORM =
      Pattern.compile("(\\*\\.)?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*\\.?|\\[[0-9A-Fa-f:.]+]");

  private HostPattern() {}

  /**
   * The pattern in lower case and without the dot that may end a full name, as hosts are compared;
   * refuses ports, spaces and wildcards elsewhere.
   */
  static String parse(String key, String text) {
    Check.that(
        FORM.matcher(text).matches(),
        key
            + ": \""
            + text
            + "\" (expected: a name without port, like www.foobar.com or *.foobar.com)");
    String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    return name.toLowerCase(Locale.ROOT);
  }

  /** Whether every name that the second pattern stands for is one of the first. */
  static boolean covers(String first, String second) {
    return first.equals(second)
        || (first.startsWith("*.")
            && second.length() >= first.length()
            && second.endsWith(first.substring(1)));
  }
}
