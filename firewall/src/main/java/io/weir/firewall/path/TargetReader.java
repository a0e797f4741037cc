package io.weir.firewall.path;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads request-targets: one scan for plain ones, {@link PathReader} for the rest. */
final class TargetReader {
  /* What a byte of a target means to the scan. */
  private static final byte PLAIN = 0;
  private static final byte DOT = 1;
  private static final byte SLASH = 2;
  private static final byte SPECIAL = 3; // needs the slow way
  private static final byte QUERY = 4;
  private static final byte FRAGMENT = 5;
  private static final byte CONTROL = 6;

  private static final byte[] CLASSES = classes();

  private static byte[] classes() {
    byte[] classes = new byte[256];
    for (int c = 0; c < 256; c++) {
      classes[c] = c <= ' ' || c == 0x7f ? CONTROL : c >= 0x80 ? SPECIAL : PLAIN;
    }
    classes['.'] = DOT;
    classes['/'] = SLASH;
    classes['?'] = QUERY;
    classes['#'] = FRAGMENT;
    for (char c : new char[] {'%', '\\', ';'}) {
      classes[c] = SPECIAL;
    }
    return classes;
  }

  private TargetReader() {}

  static TargetResult read(String method, String target, PathMode mode) {
    if (target.isEmpty()) {
      return TargetProblem.EMPTY;
    }
    if (target.charAt(0) == '/') {
      return readOrigin(target, null, mode);
    }
    if (target.equals("*")) {
      return method.equals("OPTIONS")
          ? new RequestTarget("*", "*", "*", "*", null, null, List.of())
          : TargetProblem.ASTERISK;
    }
    return readAbsolute(method, target, mode);
  }

  /** The absolute-form, of the two schemes that a proxy speaks (RFC 9112 §3.2.2). */
  private static TargetResult readAbsolute(String method, String target, PathMode mode) {
    int start = afterScheme(target);
    if (start < 0) {
      return TargetProblem.FORM;
    }
    int end = start;
    while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
      if (classOf(target.charAt(end)) == CONTROL) {
        return TargetProblem.CONTROL;
      }
      end++;
    }
    if (end == start) {
      return TargetProblem.FORM;
    }
    String authority = target.substring(start, end);
    if (end == target.length() && method.equals("OPTIONS")) { // RFC 9112 §3.2.4
      return new RequestTarget("*", "*", "*", "*", null, authority, List.of());
    }
    String origin = target.substring(end);
    return readOrigin(origin.startsWith("/") ? origin : "/" + origin, authority, mode);
  }

  private static int afterScheme(String target) {
    if (target.regionMatches(true, 0, "http://", 0, 7)) {
      return 7;
    }
    return target.regionMatches(true, 0, "https://", 0, 8) ? 8 : -1;
  }

  /** Reads path and query; the loop is all that a plain path costs. */
  private static TargetResult readOrigin(String origin, @Nullable String authority, PathMode mode) {
    boolean plain = true;
    byte before = PLAIN;
    int at = 0;
    int length = origin.length();
    for (; at < length; at++) {
      byte now = classOf(origin.charAt(at));
      if (now >= QUERY) {
        if (now == QUERY) {
          break;
        }
        if (now == FRAGMENT) {
          return TargetProblem.FRAGMENT;
        }
        if (mode != PathMode.OFF) {
          return TargetProblem.CONTROL;
        }
      }
      plain &= now == PLAIN || (now != SPECIAL && before != SLASH);
      before = now;
    }
    TargetProblem inQuery = queryProblem(origin, at, mode);
    if (inQuery != null) {
      return inQuery;
    }
    String path = at == length ? origin : origin.substring(0, at);
    String query = at == length ? null : origin.substring(at + 1);
    if (plain || mode == PathMode.OFF) {
      return new RequestTarget(origin, path, path, path, query, authority, List.of());
    }
    return PathReader.read(path, origin, query, authority, mode);
  }

  private static @Nullable TargetProblem queryProblem(String origin, int from, PathMode mode) {
    for (int i = from; i < origin.length(); i++) {
      byte now = classOf(origin.charAt(i));
      if (now == FRAGMENT) {
        return TargetProblem.FRAGMENT;
      }
      if (now == CONTROL && mode != PathMode.OFF) {
        return TargetProblem.CONTROL;
      }
    }
    return null;
  }

  private static byte classOf(char c) {
    return c < 256 ? CLASSES[c] : CONTROL; // no byte, so nothing that came from a socket
  }
}
