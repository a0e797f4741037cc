package io.weir.firewall.path;

import org.jspecify.annotations.Nullable;

/** The segments of a path, to be joined again in one of several ways. */
final class PathSegments {
  /** How dot segments are resolved; the first is the canonical way. */
  enum Dots {
    /** As in RFC 3986 §5.2.4, after slashes were merged. */
    RESOLVED,
    /** The same before slashes are merged: {@code ..} may take away an empty segment. */
    RESOLVED_UNMERGED,
    /** Only those that came raw: the backend decodes afterwards. */
    RESOLVED_RAW,
    /** Not at all: many frameworks route the path as it came. */
    KEPT
  }

  /** How bytes are written. */
  enum Spelling {
    /** Decoded, except what would change where the path is cut. */
    MATCHED,
    /** Only unreserved characters decoded (RFC 3986 §2.3). */
    FORWARDED
  }

  private final char[] tokens;
  private final int[] starts; // of each segment, and behind the last one
  private final int count;
  private final boolean anyDots;
  private final boolean anyEmptyBeforeDots;
  private final boolean bothSpellingsOfDots;

  PathSegments(PathTokens path) {
    this(path.tokens, path.length);
  }

  private PathSegments(char[] tokens, int length) {
    this.tokens = tokens;
    int[] found = new int[length + 1];
    int size = 0;
    for (int i = 0; i < length; i++) {
      if (tokens[i] == '/') {
        found[size++] = i + 1;
      }
    }
    found[size] = length + 1; // as if a slash followed
    starts = found;
    count = size;
    boolean raw = false;
    boolean encoded = false;
    boolean empty = false;
    boolean emptyBefore = false;
    for (int i = 0; i < count; i++) {
      int dots = dots(i, false);
      raw |= dots > 0 && dots(i, true) > 0;
      encoded |= dots > 0 && dots(i, true) == 0;
      emptyBefore |= empty && dots == 2;
      empty |= length(i) == 0;
    }
    anyDots = raw || encoded;
    bothSpellingsOfDots = raw && encoded;
    anyEmptyBeforeDots = emptyBefore;
  }

  /** Whether joining like this may give something of its own. */
  boolean isWorth(Dots dots) {
    return switch (dots) {
      case RESOLVED -> true;
      case RESOLVED_UNMERGED -> anyEmptyBeforeDots;
      case RESOLVED_RAW -> bothSpellingsOfDots;
      case KEPT -> anyDots;
    };
  }

  /** What is left of {@code //name/x} when the name is taken for an authority; else null. */
  @Nullable PathSegments withoutAuthority() {
    int name = 0;
    while (name < count && length(name) == 0) {
      name++;
    }
    if (name == 0 || name == count) {
      return null;
    }
    if (name + 1 == count) {
      return new PathSegments(new char[] {'/'}, 1);
    }
    int from = starts[name + 1] - 1; // with its slash
    int length = starts[count] - 1 - from;
    char[] rest = new char[length];
    System.arraycopy(tokens, from, rest, 0, length);
    return new PathSegments(rest, length);
  }

  /** The path; null if {@code ..} climbs above its root. */
  @Nullable String join(Dots way, Spelling spelling) {
    int[] kept = new int[count];
    int size = keep(way, kept);
    if (size < 0) {
      return null;
    }
    StringBuilder path = new StringBuilder(starts[count]);
    for (int i = 0; i < size; i++) {
      if (length(kept[i]) > 0) {
        path.append('/');
        spell(kept[i], spelling, path);
      }
    }
    if (endsInSlash(way) || path.isEmpty()) {
      path.append('/');
    }
    return path.toString();
  }

  /** The same, each segment as it was spelled; empty ones stay where they were not merged. */
  @Nullable PathTokens resolved(Dots way) {
    int[] kept = new int[count];
    int size = keep(way, kept);
    if (size < 0) {
      return null;
    }
    char[] path = new char[starts[count] + 1];
    int length = 0;
    for (int i = 0; i < size; i++) {
      path[length++] = '/';
      System.arraycopy(tokens, starts[kept[i]], path, length, length(kept[i]));
      length += length(kept[i]);
    }
    if (endsInSlash(way) || length == 0) {
      path[length++] = '/';
    }
    return new PathTokens(path, length);
  }

  /** Finds the segments that are left; returns how many, or -1 if {@code ..} climbs too high. */
  private int keep(Dots way, int[] kept) {
    int size = 0;
    for (int i = 0; i < count; i++) {
      int dots = droppedDots(way, i);
      boolean empty = length(i) == 0;
      if (dots == 2) {
        if (size == 0) {
          return -1;
        }
        size--;
      } else if (dots == 0 && (!empty || (way == Dots.RESOLVED_UNMERGED && i + 1 < count))) {
        kept[size++] = i;
      }
    }
    return size;
  }

  private boolean endsInSlash(Dots way) {
    int last = count - 1;
    return count == 0 || length(last) == 0 || droppedDots(way, last) > 0;
  }

  private int droppedDots(Dots way, int segment) {
    return way == Dots.KEPT ? 0 : dots(segment, way == Dots.RESOLVED_RAW);
  }

  private void spell(int segment, Spelling spelling, StringBuilder path) {
    int end = starts[segment] + length(segment);
    for (int i = starts[segment]; i < end; i++) {
      if (spelling == Spelling.MATCHED) {
        PathText.appendMatched(tokens[i], path);
      } else {
        PathText.appendForwarded(tokens[i], path);
      }
    }
  }

  private int length(int segment) {
    return starts[segment + 1] - 1 - starts[segment];
  }

  /** 1 for a dot segment, 2 for a double-dot segment, else 0. */
  private int dots(int segment, boolean rawOnly) {
    int length = length(segment);
    if (length == 0 || length > 2) {
      return 0;
    }
    for (int i = starts[segment]; i < starts[segment] + length; i++) {
      if (rawOnly ? tokens[i] != '.' : !PathTokens.isDot(tokens[i])) {
        return 0;
      }
    }
    return length;
  }
}
