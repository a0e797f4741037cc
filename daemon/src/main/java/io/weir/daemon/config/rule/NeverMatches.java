package io.weir.daemon.config.rule;

import org.jspecify.annotations.Nullable;

/**
 * Why a text that is meant as a pattern would be compared and never be equal.
 *
 * @param expected what would match something
 * @param hint what was probably meant
 */
record NeverMatches(String expected, String hint) {
  private static final String META = "\\.+?()[]{}|^$"; // of expressions, without the star

  /** Of any text: a star has its meaning only at the end. */
  static @Nullable NeverMatches text(String text) {
    int star = text.indexOf('*');
    return star < 0 || star == text.length() - 1
        ? null
        : new NeverMatches("a * only at the end", inWords(text));
  }

  /** Of paths, which begin with a slash; a star alone is the beginning of everything. */
  static @Nullable NeverMatches path(String text) {
    NeverMatches star = text(text);
    return star == null && !text.equals("*") ? beginOfPath(text) : star;
  }

  static @Nullable NeverMatches beginOfPath(String text) {
    return text.isEmpty() || text.startsWith("/")
        ? null
        : new NeverMatches("a path that begins with /", "did you mean \"/" + text + "\"?");
  }

  /** Of names of hosts, which may begin with {@code *.} and are compared without their port. */
  static @Nullable NeverMatches host(String text) {
    String name = text.startsWith("*.") ? text.substring(2) : text;
    NeverMatches star = text(name);
    if (star != null) {
      return new NeverMatches(star.expected + ", or *. at the beginning", inWords(text));
    }
    String alone = name.replaceFirst("^([^:]*|\\[.*]):[0-9]*\\*?$", "$1");
    return alone.equals(name)
        ? null
        : new NeverMatches(
            "a host without a port",
            "did you mean \"" + (text.equals(name) ? "" : "*.") + alone + "\"?");
  }

  private static String inWords(String text) {
    String bare = text.replaceAll("^\\*|\\*$", "");
    if (bare.indexOf('*') >= 0 || bare.isEmpty() || !text.startsWith("*")) {
      return "{ regex: '" + expression(text) + "' } says it in words";
    }
    String word = text.endsWith("*") ? "contains" : "suffix";
    return "{ " + word + ": \"" + bare + "\" } says it in words";
  }

  private static String expression(String text) {
    StringBuilder expression = new StringBuilder("^");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '*' -> expression.append(".*");
        case '\'' -> expression.append("''"); // in YAML's single quotes
        default -> expression.append(META.indexOf(c) < 0 ? "" : "\\").append(c);
      }
    }
    return expression.append('$').toString();
  }
}
