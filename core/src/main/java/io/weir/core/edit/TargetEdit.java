package io.weir.core.edit;

import com.google.re2j.Pattern;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.path.RequestTarget;
import io.weir.firewall.path.TargetResult;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a route sends to the backend in place of the path that came. Any thread. */
public final class TargetEdit {
  /*
   * Rules were asked about the path that came, so the path that goes out must mean what they
   * answered: no client may choose a spelling whose edited form leads somewhere else.
   *
   * The canonical spelling is edited (escapes of unreserved characters decoded, slashes merged, dot
   * segments resolved), which nearly always is the path as it came. A path that some backend may
   * read differently, as /a%2Fb, is edited as it would be forwarded, which is as it came but in
   * mode strict, and then the edited one is read again: its readings must be the edited readings of
   * what came, else there is no edited path, and the request is malformed. So /api/..%2Fadmin with
   * /api stripped is refused, because /..%2Fadmin can be read as /admin and no rule was asked about
   * /api/admin; /api/files/a%2Fb is not.
   *
   * In mode off the path is edited as it came, as it is matched as it came.
   */

  private static final String SLASH = "/";

  private final String stripped;
  private final String prepended;
  private final @Nullable Pattern pattern;
  private final String replacement;

  /**
   * An edit; empty parts change nothing.
   *
   * @param stripped a path without a slash at its end, taken away from the beginning of paths that
   *     are it or lie below it
   * @param prepended a path without a slash at its end, put before what is left
   * @param pattern what is replaced wherever it is found, after the first and before the second
   * @param replacement with {@code $1} for what a group found
   */
  public TargetEdit(
      String stripped, String prepended, @Nullable Pattern pattern, String replacement) {
    this.stripped = stripped;
    this.prepended = prepended;
    this.pattern = pattern;
    this.replacement = replacement;
  }

  /**
   * A prefix of paths in the spelling in which paths are edited, without a slash at its end.
   *
   * @throws IllegalArgumentException naming the text and what was expected
   */
  public static String prefix(String text) {
    String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    String path = bytes.indexOf('?') < 0 && bytes.startsWith(SLASH) ? canonical(bytes) : null;
    if (path == null || path.equals(SLASH)) {
      throw new IllegalArgumentException("\"" + text + "\" (expected: a path, like /api)");
    }
    return path.endsWith(SLASH) ? path.substring(0, path.length() - 1) : path;
  }

  /** The target to send; null if it could be read as something that no rule was asked about. */
  public @Nullable String apply(RequestTarget target, PathMode mode) {
    if (target.isAsterisk()) {
      return target.forwarded();
    }
    String path = edited(target, mode);
    String query = target.query();
    return path == null || query == null ? path : path + '?' + query;
  }

  private @Nullable String edited(RequestTarget target, PathMode mode) {
    if (mode == PathMode.OFF) {
      return edit(target.original());
    }
    boolean plain = target.readingCount() == 1 && target.path().equals(target.original());
    String base = plain ? target.original() : canonical(target.original());
    if (base != null) {
      String path = edit(base);
      return pattern == null ? path : canonical(path);
    }
    String path = edit(mode == PathMode.STRICT ? forwardedPath(target) : target.original());
    return readings(path).equals(editedReadings(target)) ? path : null;
  }

  /** The canonical spelling; null if the path can be read in several ways. */
  private static @Nullable String canonical(String path) {
    return RequestTarget.read("GET", path, PathMode.STRICT) instanceof RequestTarget strict
            && !strict.hasEncodedSlash()
        ? strict.forwarded()
        : null;
  }

  private static String forwardedPath(RequestTarget target) {
    String forwarded = target.forwarded();
    int query = forwarded.indexOf('?');
    return query < 0 ? forwarded : forwarded.substring(0, query);
  }

  private Set<String> editedReadings(RequestTarget target) {
    Set<String> edited = new HashSet<>();
    for (int i = 0; i < target.readingCount(); i++) {
      edited.add(edit(target.reading(i)));
    }
    return edited;
  }

  private static Set<String> readings(String path) {
    Set<String> readings = new HashSet<>();
    TargetResult result = RequestTarget.read("GET", path, PathMode.COMPATIBLE);
    if (result instanceof RequestTarget target) {
      for (int i = 0; i < target.readingCount(); i++) {
        readings.add(target.reading(i));
      }
    }
    return readings;
  }

  private String edit(String path) {
    String rest = withoutPrefix(path);
    if (pattern != null) {
      rest = oneSlash(pattern.matcher(rest).replaceAll(replacement));
    }
    return prepended.isEmpty() ? rest : prepended + rest;
  }

  private String withoutPrefix(String path) {
    boolean isBelow =
        path.startsWith(stripped)
            && (path.length() == stripped.length() || path.charAt(stripped.length()) == '/');
    return isBelow ? oneSlash(path.substring(stripped.length())) : path;
  }

  /** Two slashes would begin an authority (RFC 3986 section 4.2). */
  private static String oneSlash(String path) {
    int start = 0;
    while (start < path.length() && path.charAt(start) == '/') {
      start++;
    }
    return start == 1 ? path : SLASH + path.substring(start);
  }
}
