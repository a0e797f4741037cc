package io.weir.firewall.config;

import java.util.Locale;

/** What a text is compared with. */
public sealed interface StringPattern {
  /** Equal to it. */
  record Exact(String text) implements StringPattern {}

  /** Begins with it. */
  record Prefix(String text) implements StringPattern {}

  /** Ends with it. */
  record Suffix(String text) implements StringPattern {}

  /** Holds it somewhere. */
  record Contains(String text) implements StringPattern {}

  /**
   * The path itself, and all below it: {@code /admin} and {@code /admin/x}, not {@code /admins}.
   *
   * @param path without a slash at its end; empty means everything
   */
  record Below(String path) implements StringPattern {
    public Below {
      Checks.check(!path.endsWith("/"), "path", path, "no slash at the end");
    }
  }

  /** RE2 syntax, linear time, found anywhere in the text unless anchored. */
  record Regex(String expression) implements StringPattern {}

  /** Equal to an entry of the list of texts. */
  record InList(String list) implements StringPattern {}

  /** Holds an entry of the list of texts somewhere. */
  record ContainsAny(String list) implements StringPattern {}

  /** Whether there is such a field at all. */
  record Present(boolean present) implements StringPattern {}

  /** Reads the shorthand of texts: exact, or with a {@code *} at its end a prefix. */
  static StringPattern ofText(String text) {
    return text.endsWith("*") ? new Prefix(text.substring(0, text.length() - 1)) : new Exact(text);
  }

  /**
   * Reads the shorthand of paths: {@code /admin/*} is that path and all below it, {@code /admin*}
   * the bare prefix, anything else exact.
   */
  static StringPattern ofPath(String text) {
    return text.endsWith("/*") ? new Below(text.substring(0, text.length() - 2)) : ofText(text);
  }

  /**
   * Reads the shorthand of hosts: {@code *.foobar.com} is any name below, else as a text. They are
   * compared in lower case and without the dot that may end a full name.
   */
  static StringPattern ofHost(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    // The star first: "*." names nothing, where "*" names everything.
    return lower.startsWith("*.")
        ? new Suffix(withoutDot(lower.substring(1)))
        : ofText(withoutDot(lower));
  }

  /** Of a host or its end, without the dot that may end a full name. */
  static String withoutDot(String host) {
    return host.length() > 1 && host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }
}
