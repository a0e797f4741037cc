package io.weir.daemon.config.rule;

import java.net.IDN;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why a text that is meant as a pattern would be compared and never be equal.
 *
 * @param expected what would match something
 * @param hint what was probably meant
 */
record NeverMatches(String expected, String hint) {
  private static final String META = "\\.+?()[]{}|^$"; // of expressions, without the star

  /** What a Host field may name; with other characters it is answered 400. */
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=-]*|\\[[0-9A-Fa-f:.]*(]|\\*)");

  private static final Pattern URL =
      Pattern.compile("(?:[a-z]+://)?([A-Za-z0-9.-]+)(?::[0-9]+)?/.*");
  private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f]*:[0-9A-Fa-f:.]*");
  private static final String NO_SUCH_HOST = "a request that names such a host is answered 400";

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

  /** Of what is within paths as they come, which end before the query; a fragment is 400. */
  static @Nullable NeverMatches partOfRawPath(String text) {
    if (text.indexOf('?') >= 0) {
      return new NeverMatches(
          "a path without ?",
          "what follows the ? is matched by query: { name: value }; one within a path is %3F");
    }
    return text.indexOf('#') < 0
        ? null
        : new NeverMatches(
            "a path without #", "what follows the # is never sent; one within a path is %23");
  }

  /** Of names of hosts, which may begin with {@code *.} and are compared without their port. */
  static @Nullable NeverMatches host(String text) {
    String name = text.startsWith("*.") ? text.substring(2) : text;
    NeverMatches star = text(name);
    if (star != null) {
      return new NeverMatches(star.expected + ", or *. at the beginning", inWords(text));
    }
    String alone = name.replaceFirst("^([^:]*|\\[.*]):[0-9]*\\*?$", "$1");
    if (!alone.equals(name)) {
      return new NeverMatches(
          "a host without a port",
          "did you mean \"" + (text.equals(name) ? "" : "*.") + alone + "\"?");
    }
    return null;
  }

  /** Of the same where {@link #host} has nothing to say: such a name may stand among good ones. */
  static @Nullable NeverMatches nameOfHost(String text) {
    if (host(text) != null) {
      return null;
    }
    if (text.equals("*.")) {
      return new NeverMatches("a name behind *., like *.foobar.com", "every host is \"*\"");
    }
    String name = text.startsWith("*.") ? text.substring(2) : text;
    return HOST.matcher(name).matches() ? null : noHost(text);
  }

  private static NeverMatches noHost(String text) {
    String expected = "a host, like www.foobar.com or an address";
    Matcher url = URL.matcher(text);
    if (url.matches()) {
      return new NeverMatches(expected, "did you mean \"" + url.group(1) + "\"?");
    }
    if (V6.matcher(text).matches()) {
      return new NeverMatches(expected, "did you mean \"[" + text + "]\"?");
    }
    try {
      String ascii = IDN.toASCII(text);
      return new NeverMatches(
          expected,
          HOST.matcher(ascii).matches() ? "clients send it as \"" + ascii + '"' : NO_SUCH_HOST);
    } catch (IllegalArgumentException noName) {
      return new NeverMatches(expected, NO_SUCH_HOST);
    }
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
