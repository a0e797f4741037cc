package io.weir.firewall.path;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What backends do with a path before they do all the rest. */
final class EarlySteps {
  private final List<PathTokens> results = new ArrayList<>();

  private EarlySteps() {}

  /**
   * The path itself, first, and what else it may be before the rest of what was chosen is done to
   * it: without the params, or with its dot segments resolved, in either order.
   */
  static List<PathTokens> of(PathTokens path, int chosen) {
    int separating = chosen & PathReader.SEPARATING;
    boolean params = (chosen & PathReader.RAW_PARAMS) != 0;
    boolean orderMatters = // only where there are two of the three
        hasDots(path) ? params || separating != 0 : params && separating != 0;
    if (!orderMatters) {
      return List.of(path);
    }
    EarlySteps steps = new EarlySteps();
    steps.add(path);
    steps.addAll(path, params, 0);
    for (int first : new int[] {PathReader.RAW_BACKSLASHES, PathReader.SLASHES}) {
      if ((separating & first) != 0 && separating != first) {
        steps.addAll(path, params, first);
      }
    }
    return steps.results;
  }

  /** Whether there may be dot segments. */
  private static boolean hasDots(PathTokens path) {
    return path.has('.') || path.has(PathTokens.ENCODED_DOT);
  }

  private void addAll(PathTokens path, boolean params, int separators) {
    PathTokens whole = separators == 0 ? path : PathReader.separate(path, separators);
    addResolved(whole, params);
    if (params) {
      PathTokens cut = cut(whole);
      add(cut);
      addResolved(cut, false);
    }
  }

  private void addResolved(PathTokens path, boolean params) {
    PathSegments segments = new PathSegments(path);
    if (!segments.isWorth(PathSegments.Dots.KEPT)) {
      return; // there are none
    }
    for (PathSegments.Dots dots : PathSegments.Dots.values()) {
      boolean worth = dots != PathSegments.Dots.KEPT && segments.isWorth(dots);
      PathTokens resolved = worth ? segments.resolved(dots) : null;
      if (resolved != null) {
        add(resolved);
        if (params) {
          add(cut(resolved));
        }
      }
    }
  }

  private static PathTokens cut(PathTokens path) {
    return PathReader.separate(path, PathReader.RAW_PARAMS);
  }

  private void add(PathTokens path) {
    if (results.stream().noneMatch(other -> isSame(other, path))) {
      results.add(path);
    }
  }

  private static boolean isSame(PathTokens one, PathTokens other) {
    return Arrays.equals(one.tokens, 0, one.length, other.tokens, 0, other.length);
  }
}
