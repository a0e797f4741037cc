package io.weir.firewall.path;

/** Reads request-targets. */
@SuppressWarnings("DoNotCallSuggester")
final class TargetReader {
  private TargetReader() {}

  static TargetResult read(String method, String target, PathMode mode) {
    throw new UnsupportedOperationException();
  }
}
