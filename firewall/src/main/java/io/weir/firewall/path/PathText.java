package io.weir.firewall.path;

/** Brings the patterns of the configuration to the form in which paths are matched. */
@SuppressWarnings("DoNotCallSuggester")
public final class PathText {
  private PathText() {}

  /** The pattern's text as {@link RequestTarget#path} would spell it. */
  public static String pattern(String text, PathMode mode) {
    throw new UnsupportedOperationException();
  }
}
