package io.weir.daemon.problem;

import org.jspecify.annotations.Nullable;

/**
 * One thing to tell the author of a file.
 *
 * @param path the value in the words of the file, like {@code pools.web.backends[2].weight}; empty
 *     for the file as a whole
 * @param message the value, and what was expected
 * @param hint what to do about it
 * @param other where else to look; null: nowhere
 */
public record Problem(
    Severity severity,
    Position at,
    String path,
    String message,
    @Nullable String hint,
    @Nullable Position other) {

  public Problem(
      Severity severity, Position at, String path, String message, @Nullable String hint) {
    this(severity, at, path, message, hint, null);
  }

  /** Whether the configuration can be used in spite of it. */
  public enum Severity {
    ERROR,
    WARNING
  }
}
