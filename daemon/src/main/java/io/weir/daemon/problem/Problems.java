package io.weir.daemon.problem;

import io.weir.daemon.problem.Problem.Severity;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Everything found wrong so far; reading goes on after each, so that one run finds them all. */
public final class Problems {
  /** Top-level keys that define no names. */
  private static final Set<String> NAMELESS =
      Set.of(
          "version",
          "workers",
          "transport",
          "via",
          "limits",
          "timeouts",
          "trusted_proxies",
          "client_ip_header",
          "logging",
          "admin",
          "metrics",
          "alerts",
          "shared_state");

  // A set: a section that is read again after a refused value finds the same problems again.
  private final Set<Problem> found = new LinkedHashSet<>();

  private final NamedFiles files;

  public Problems() {
    this(new NamedFiles());
  }

  /**
   * None yet.
   *
   * @param files where those are noted that are named, without those that it consists of
   */
  public Problems(NamedFiles files) {
    this.files = files;
  }

  public NamedFiles files() {
    return files;
  }

  public void add(Problem problem) {
    found.add(problem);
  }

  public void error(Position at, String path, String message, @Nullable String hint) {
    add(new Problem(Severity.ERROR, at, path, message, hint));
  }

  public void warning(Position at, String path, String message, @Nullable String hint) {
    add(new Problem(Severity.WARNING, at, path, message, hint));
  }

  public boolean anyError() {
    return found.stream().anyMatch(Problems::isError);
  }

  /** Whether anything was found wrong at a path that the caller asks about. */
  public boolean anyError(Predicate<String> path) {
    return found.stream().anyMatch(p -> isError(p) && path.test(p.path()));
  }

  /** Whether a whole section is missing or misspelt, so that the names in it are not known. */
  public boolean anySectionLost() {
    return found.stream().anyMatch(p -> isError(p) && isSection(p.path()));
  }

  /** Whether the value at exactly this path was found wrong. */
  public boolean says(String path) {
    return found.stream().anyMatch(p -> isError(p) && p.path().equals(path));
  }

  /** Whether the value that stands here was found wrong. */
  public boolean any(Position at) {
    return found.stream().anyMatch(p -> isError(p) && p.at().equals(at));
  }

  /**
   * Whether something was already said of the value at the path, of a part of it or its parents.
   */
  public boolean covers(String path) {
    return found.stream().anyMatch(p -> isError(p) && related(p.path(), path));
  }

  /** In the order of the files. */
  public List<Problem> sorted() {
    return found.stream().sorted(Comparator.comparing(Problem::at)).toList();
  }

  private static boolean isError(Problem problem) {
    return problem.severity() == Severity.ERROR;
  }

  private static boolean isSection(String path) {
    return path.indexOf('.') < 0 && path.indexOf('[') < 0 && !NAMELESS.contains(path);
  }

  /** Whether one of the paths is the other, or a part of it. */
  public static boolean related(String a, String b) {
    return a.equals(b) || contains(a, b) || contains(b, a);
  }

  private static boolean contains(String outer, String inner) {
    return !outer.isEmpty()
        && inner.startsWith(outer)
        && inner.length() > outer.length()
        && (inner.charAt(outer.length()) == '.' || inner.charAt(outer.length()) == '[');
  }
}
