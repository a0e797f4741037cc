package io.weir.firewall.path;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a path that is not plain, in every way in which a backend may read it. */
final class PathReader {
  /*
   * Backends differ in whether they do each of a few things. One backend does or does not do a
   * thing to the whole path, so the readings are the combinations of the things that would change
   * this path, and not of its places:
   *
   *   %2F separates                       (many frameworks decode before they route)
   *   a raw backslash, or %5C, separates  (new URL() of browsers and Node; IIS)
   *   ;params are cut from segments       (servlet containers), also when spelled %3B
   *   white space is cut from the end
   *   bytes that are no UTF-8 are forgiven, and so are percent signs that begin no escape
   *   escapes are decoded once more       (a proxy in front of the application did it, too)
   *   //name/x is read as a reference with an authority: /x    (new URL(target, base))
   *   dot segments: see PathSegments.Dots
   *
   * They also differ in what comes first. Servlet containers cut params before they decode, so that
   * those end at a slash that came as one; new URL() and java.net.URI resolve dot segments between
   * such slashes, and what is decoded afterwards separates more. See EarlySteps.
   *
   * Most paths that come here have one or two of these. Combinations beyond the bounds are refused:
   * no application makes such links.
   */
  private static final int MAX_READINGS = 16;
  private static final int MAX_COMBINATIONS = 32;
  private static final int MAX_WORK = 32 * 1024; // combinations x bytes: some 0.4 ms
  private static final int MAX_DECODINGS = 4;

  static final int SLASHES = 1;
  static final int RAW_BACKSLASHES = 1 << 1;
  private static final int ENCODED_BACKSLASHES = 1 << 2;
  static final int RAW_PARAMS = 1 << 3;
  private static final int ENCODED_PARAMS = 1 << 4;
  private static final int SPACES = 1 << 5;
  private static final int BYTES = 1 << 6;
  private static final int ESCAPES = 1 << 7;

  /** What makes more slashes of a path. */
  static final int SEPARATING = SLASHES | RAW_BACKSLASHES | ENCODED_BACKSLASHES | BYTES | ESCAPES;

  private final int length; // of what is read, as it is spelled
  private final Set<String> readings = new LinkedHashSet<>();
  private String resolved = ""; // the last reading with its dot segments resolved
  private String reduced = "";
  private int combinations;

  private PathReader(int length) {
    this.length = length;
  }

  static TargetResult read(
      String path,
      String origin,
      @Nullable String query,
      @Nullable String authority,
      PathMode mode) {
    PathTokens tokens = PathTokens.of(path);
    if (tokens.hasControl()) {
      return TargetProblem.CONTROL;
    }
    return mode == PathMode.STRICT
        ? readStrict(tokens, path, query, authority)
        : new PathReader(path.length()).readCompatible(tokens, path, origin, query, authority);
  }

  private static TargetResult readStrict(
      PathTokens tokens, String path, @Nullable String query, @Nullable String authority) {
    int choices = choices(tokens);
    if ((choices & ESCAPES) != 0) {
      return TargetProblem.BAD_ESCAPE;
    }
    if (tokens.has(PathTokens.ENCODED_TAB)) {
      return TargetProblem.CONTROL;
    }
    if ((choices & ~SLASHES) != 0 || tokens.again() != tokens) {
      return TargetProblem.AMBIGUOUS;
    }
    PathSegments segments = new PathSegments(tokens);
    String canonical = segments.join(PathSegments.Dots.RESOLVED, PathSegments.Spelling.MATCHED);
    String spelled = segments.join(PathSegments.Dots.RESOLVED, PathSegments.Spelling.FORWARDED);
    if (canonical == null || spelled == null) {
      return TargetProblem.ABOVE_ROOT;
    }
    String forwarded = query == null ? spelled : spelled + '?' + query;
    if (choices == SLASHES) { // the readings are those of what the backend will see
      return new PathReader(spelled.length())
          .readCompatible(PathTokens.of(spelled), path, forwarded, query, authority);
    }
    return new RequestTarget(forwarded, canonical, canonical, path, query, authority, List.of());
  }

  private TargetResult readCompatible(
      PathTokens once,
      String path,
      String forwarded,
      @Nullable String query,
      @Nullable String authority) {
    PathTokens tokens = once;
    for (int decodings = 1; ; decodings++) {
      TargetProblem problem = addCombinations(tokens);
      if (problem != null) {
        return problem;
      }
      PathTokens again = tokens.again();
      if (again == tokens) {
        break;
      }
      if (decodings == MAX_DECODINGS) {
        return TargetProblem.TOO_MANY_READINGS;
      }
      tokens = again;
    }
    if (readings.size() > MAX_READINGS) {
      return TargetProblem.TOO_MANY_READINGS;
    }
    List<String> others = new ArrayList<>(readings);
    String canonical = others.removeFirst();
    return new RequestTarget(
        forwarded, canonical, reduced, path, query, authority, List.copyOf(others));
  }

  private @Nullable TargetProblem addCombinations(PathTokens tokens) {
    int choices = choices(tokens);
    int chosen = 0;
    do { // every subset of the choices, the empty one first
      for (PathTokens begun : EarlySteps.of(tokens, chosen)) {
        TargetProblem problem = addReadings(apply(begun, chosen), begun == tokens);
        if (problem != null) {
          return problem;
        }
      }
      chosen = (chosen - choices) & choices;
    } while (chosen != 0);
    return null;
  }

  /**
   * @param whole whether all was done at once, and nothing early
   */
  private @Nullable TargetProblem addReadings(PathTokens tokens, boolean whole) {
    if (tokens.hasControl()) {
      return TargetProblem.CONTROL;
    }
    PathSegments segments = new PathSegments(tokens);
    TargetProblem problem = addReadings(segments);
    reduced = whole ? resolved : reduced; // the last such has all the choices applied
    PathSegments reference = segments.withoutAuthority();
    return problem != null || reference == null ? problem : addReadings(reference);
  }

  private @Nullable TargetProblem addReadings(PathSegments segments) {
    for (PathSegments.Dots dots : PathSegments.Dots.values()) {
      if (!segments.isWorth(dots)) {
        continue;
      }
      combinations++;
      if (combinations > MAX_COMBINATIONS || combinations * length > MAX_WORK) {
        return TargetProblem.TOO_MANY_READINGS;
      }
      String reading = segments.join(dots, PathSegments.Spelling.MATCHED);
      if (reading == null) {
        return TargetProblem.ABOVE_ROOT;
      }
      readings.add(reading);
      resolved = dots == PathSegments.Dots.RESOLVED ? reading : resolved;
    }
    return null;
  }

  /** The things that would change this path. */
  private static int choices(PathTokens path) {
    return (path.has(PathTokens.ENCODED_SLASH) ? SLASHES : 0)
        | (path.has('\\') ? RAW_BACKSLASHES : 0)
        | (path.has(PathTokens.ENCODED_BACKSLASH) ? ENCODED_BACKSLASHES : 0)
        | (path.has(';') ? RAW_PARAMS : 0)
        | (path.has(PathTokens.ENCODED_SEMICOLON) ? ENCODED_PARAMS : 0)
        | (path.endsInSpace() ? SPACES : 0)
        | (LenientText.differs(path) ? BYTES : 0)
        | (path.has(PathTokens.STRAY_PERCENT) ? ESCAPES : 0);
  }

  private static PathTokens apply(PathTokens path, int chosen) {
    if (chosen == 0) {
      return path;
    }
    PathTokens forgiven = path;
    if ((chosen & BYTES) != 0) {
      forgiven = LenientText.forgiveBytes(forgiven);
    }
    if ((chosen & ESCAPES) != 0) {
      forgiven = LenientText.forgiveEscapes(forgiven);
    }
    PathTokens cut = separate(forgiven, chosen);
    char[] tokens = cut.tokens;
    int size = cut.length;
    while ((chosen & SPACES) != 0 && size > 0 && PathTokens.isSpace(tokens[size - 1])) {
      size--;
    }
    return new PathTokens(tokens, size);
  }

  /** A copy with what separates as slashes, and without the params between those. */
  static PathTokens separate(PathTokens path, int chosen) {
    char[] tokens = new char[path.length];
    int size = 0;
    boolean inParams = false;
    for (int i = 0; i < path.length; i++) {
      char token = separates(path.tokens[i], chosen) ? '/' : path.tokens[i];
      inParams = token != '/' && (inParams || beginsParams(token, chosen));
      if (!inParams) {
        tokens[size++] = token;
      }
    }
    return new PathTokens(tokens, size);
  }

  private static boolean separates(char token, int chosen) {
    return switch (token) {
      case PathTokens.ENCODED_SLASH -> (chosen & SLASHES) != 0;
      case '\\' -> (chosen & RAW_BACKSLASHES) != 0;
      case PathTokens.ENCODED_BACKSLASH -> (chosen & ENCODED_BACKSLASHES) != 0;
      default -> false;
    };
  }

  private static boolean beginsParams(char token, int chosen) {
    return switch (token) {
      case ';' -> (chosen & RAW_PARAMS) != 0;
      case PathTokens.ENCODED_SEMICOLON -> (chosen & ENCODED_PARAMS) != 0;
      default -> false;
    };
  }
}
