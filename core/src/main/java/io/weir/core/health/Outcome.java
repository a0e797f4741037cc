package io.weir.core.health;

import java.io.FileNotFoundException;

/**
 * What a check found.
 *
 * @param why in words, without control characters
 */
record Outcome(CheckResult result, String why) {
  /** Enough for every message of a connection or of TLS; a peer may have had a hand in it. */
  private static final int MAX_WORDS = 200;

  static Outcome pass(String why) {
    return new Outcome(CheckResult.PASS, why);
  }

  static Outcome fail(String why) {
    return new Outcome(CheckResult.FAIL, why);
  }

  /** A failure in the words of the deepest cause that has some. */
  static Outcome fail(Throwable thrown) {
    Throwable cause = thrown;
    for (Throwable next = cause.getCause(); next != null; next = next.getCause()) {
      cause = next.getMessage() == null ? cause : next;
    }
    String words = words(cause);
    String shortened = words.substring(0, Math.min(words.length(), MAX_WORDS));
    return fail(shortened.replaceAll("\\p{Cntrl}", "?"));
  }

  private static String words(Throwable cause) {
    if (cause.getMessage() != null) {
      return cause.getMessage();
    }
    return cause instanceof FileNotFoundException // of a Unix socket
        ? "No such file or directory"
        : cause.getClass().getSimpleName();
  }
}
