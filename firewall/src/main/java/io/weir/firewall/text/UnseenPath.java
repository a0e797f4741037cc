package io.weir.firewall.text;

import io.weir.firewall.config.StringPattern;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.path.PathText;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why a pattern matches no path: it asks for what reading paths never leaves in one.
 *
 * @param because what reading does to such paths
 * @param hint what to write instead; null if there is nothing
 */
public record UnseenPath(String because, @Nullable String hint) {
  /*
   * What is left in a path after reading, by mode and by who asks. Rules are asked about every
   * reading, and in compatible mode one of them keeps dot segments; routes see the canonical path
   * alone. In strict mode there is %2F where a route keeps it, and then dot segments beside it for
   * rules. A segment counts only where the pattern shows both of its ends: "../" may be the end of
   * "a../".
   */
  private static final Pattern DOTS = Pattern.compile("(?<=/)\\.{1,2}(?=/)");

  private static final Pattern TWICE = Pattern.compile("%(5C|25[0-9A-Fa-f]{2})");
  private static final String ENCODED_SLASH = "%2F";

  /** Who is asked for a path. */
  public enum Reader {
    /** A rule: all readings. */
    RULE,
    /** A route: the canonical path. */
    ROUTE
  }

  /**
   * Null if the pattern may match, as far as can be said.
   *
   * @param keepsSlash whether the route, or one of those behind the rule, keeps encoded slashes
   */
  public static @Nullable UnseenPath of(
      StringPattern pattern, PathMode mode, Reader reader, boolean keepsSlash) {
    return switch (pattern) {
      case StringPattern.Exact(String text) -> of(text + '/', text, mode, reader, keepsSlash);
      case StringPattern.Below(String text) -> of(text + '/', text, mode, reader, keepsSlash);
      case StringPattern.Prefix(String text) -> of(text, text, mode, reader, keepsSlash);
      case StringPattern.Suffix(String text) -> of(text + '/', text, mode, reader, keepsSlash);
      case StringPattern.Contains(String text) -> of(text, text, mode, reader, keepsSlash);
      case StringPattern.Regex ignored -> null;
      case StringPattern.InList ignored -> null;
      case StringPattern.ContainsAny ignored -> null;
      case StringPattern.Present ignored -> null;
    };
  }

  /**
   * The same of a text.
   *
   * @param closed with a slash behind its last segment if it shows where that ends
   */
  private static @Nullable UnseenPath of(
      String closed, String text, PathMode mode, Reader reader, boolean keepsSlash) {
    if (mode == PathMode.OFF) {
      return text.indexOf('?') < 0 && text.indexOf('#') < 0
          ? null
          : new UnseenPath(
              "with normalize_path: off there is no ? and no # in a path",
              "what follows the ? is matched by query: { name: value }");
    }
    String spelled = PathText.pattern(text, mode);
    if (spelled.contains("//")) {
      return new UnseenPath("// is merged to / before paths are matched", "write one slash");
    }
    if (spelled.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
      return new UnseenPath("a control character in a path is 400", null);
    }
    boolean strict = mode == PathMode.STRICT;
    boolean resolved = reader == Reader.ROUTE || (strict && !keepsSlash);
    if (resolved && DOTS.matcher(PathText.pattern(closed, mode)).find()) {
      return new UnseenPath(
          "segments . and .. are resolved before paths are matched", "write the path without them");
    }
    boolean ambiguous =
        spelled.indexOf('\\') >= 0 || spelled.indexOf(';') >= 0 || TWICE.matcher(spelled).find();
    boolean refusedSlash = !keepsSlash && spelled.contains(ENCODED_SLASH);
    return strict && (ambiguous || refusedSlash)
        ? new UnseenPath(
            "normalize_path: strict answers 400 to such a path",
            ambiguous ? null : "a route with encoded_slash: keep takes %2F")
        : null;
  }
}
